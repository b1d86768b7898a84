"""Where the files that are not Python live: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path

PACKAGE = Path(__file__).parent
ROOT = PACKAGE.parent if (PACKAGE.parent / "schema" / "roles.sql").exists() else PACKAGE
SCHEMA = ROOT / "schema"
STATIC = ROOT / "static"
SQL = PACKAGE / "sql"
PARTIALS = PACKAGE / "partials"
LOCALE = PACKAGE / "locale"
