"""Named SQL: pugsql's files and parser, PostgreSQL's own placeholders.

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
    """One named statement, ready to be sent: `$1` is the value of its first parameter.

    `repeatable` ones may be tried again after a deadlock.
    """

    name: str
    kind: str
    text: bytes
    parameters: tuple[str, ...]
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


def _placeholders(source: str) -> tuple[str, tuple[str, ...]]:
    """`:name` outside comments, strings and casts becomes `$1`, `$2`, …; everything else stays as it is."""
    out: list[str] = []
    numbers: dict[str, int] = {}
    at = 0
    for token in TOKEN.finditer(source):
        out.append(source[at : token.start()])
        at = token.end()
        if token["name"]:
            out.append(f"${numbers.setdefault(token['name'], len(numbers) + 1)}")
        else:
            out.append(" " if token["comment"] else token[0])
    out.append(source[at:])
    return "".join(out).strip(), tuple(numbers)
