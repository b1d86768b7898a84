"""Named SQL: pugsql's files and parser, psycopg's placeholders.

pugsql reads names, result kinds and docs. Its own execution is never used: its transactions are per
thread, so two requests on one event loop would share one.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import pugsql
from pugsql import statement as kinds

KINDS = {kinds.One: "one", kinds.Many: "many", kinds.Affected: "affected", kinds.Scalar: "scalar"}

TOKEN = re.compile(
    r"""
    (?P<comment> --[^\n]* | /\*.*?\*/ )
    | (?P<literal> \$(?P<tag>(?:[A-Za-z_]\w*)?)\$ .*? \$(?P=tag)\$ | [eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*' | "(?:[^"]|"")*" | :: )
    | (?<![\w:]) : (?P<name>[A-Za-z_]\w*)
    """,
    re.VERBOSE | re.DOTALL,
)


class StatementError(RuntimeError):
    """A named statement cannot be used; the message names its file."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One named statement, ready for psycopg. `repeatable` ones may be tried again after a deadlock."""

    name: str
    kind: str
    text: bytes
    parameters: frozenset[str]
    doc: str
    file: str
    repeatable: bool


def load(folder: Path) -> dict[str, Statement]:
    """Every statement of the folder's .sql files by name. Raises StatementError naming the file."""
    try:
        module = pugsql.module(str(folder))
    except (ValueError, SyntaxError) as error:
        raise StatementError(f"{folder}: {error}") from error
    statements = {}
    for parsed in module:
        file = Path(parsed.filename).name
        kind = KINDS.get(type(parsed.result))
        if kind is None:
            raise StatementError(f"{file}: {parsed.name}: say :one, :many, :scalar or :affected.")
        text, parameters = _placeholders(parsed.sql)
        doc = "\n".join(part for part in (parsed.__doc__, _doc(parsed.sql)) if part)
        statements[parsed.name] = Statement(
            parsed.name,
            kind,
            f"/* {file} {parsed.name} */ {text}".encode(),
            parameters,
            doc,
            file,
            "repeatable" in doc.splitlines(),
        )
    return statements


def _doc(source: str) -> str:
    """The comment lines above the statement; pugsql puts one of its own on top."""
    lines = []
    for line in source.splitlines():
        if not line.startswith("--"):
            break
        if not line.startswith("-- pugsql function"):
            lines.append(line.removeprefix("--").strip())
    return "\n".join(lines)


def _placeholders(source: str) -> tuple[str, frozenset[str]]:
    """`:name` outside comments, strings and casts becomes `%(name)s`; everything else stays as it is."""
    out, names, at = [], set(), 0
    for token in TOKEN.finditer(source):
        out.append(source[at : token.start()].replace("%", "%%"))
        at = token.end()
        if token["name"]:
            names.add(token["name"])
            out.append(f"%({token['name']})s")
        elif token["comment"]:
            out.append(" ")
        else:
            out.append(token[0].replace("%", "%%"))
    out.append(source[at:].replace("%", "%%"))
    return "".join(out).strip(), frozenset(names)
