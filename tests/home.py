"""A PostgreSQL and a Valkey of our own in a temporary folder, with the schema: for a test process, or for the bench."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crm.run import Home


@contextmanager
def temporary_home(prefix: str, postgres_settings: dict[str, str]) -> Iterator[Home]:
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)  # as root the server is another account and must get in
        home = Home(Path(folder), postgres_settings)
        home.postgres.start()
        home.valkey.start()
        try:
            home.prepare()
            yield home
        finally:
            home.valkey.stop()
            home.postgres.stop()
