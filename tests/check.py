"""`make check`: format, lint, types, SQL and templates. Every step reads like a line of a list."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent


def main() -> None:
    steps: list[tuple[str, Callable[[], list[str]]]] = [
        ("format", lambda: tool("ruff", "format", "--check", "--quiet", ".")),
        ("lint", lambda: tool("ruff", "check", "--quiet", ".")),
        ("types", lambda: tool("mypy", "--no-error-summary")),
        ("schema", lambda: list(schema())),
        ("named queries", lambda: list(queries())),
        ("templates", lambda: list(templates())),
        ("template style", lambda: tool("djlint", "crm/partials", "--lint", "--quiet", "--profile=jinja", "--ignore=H006,H013,H015,H016,H021,H023,H025,H029,H030,H031,H033,J018,J004,T001,T003,T027,T028,H020")),
        ("queries called", lambda: list(calls())),
        ("api table", lambda: list(api_table())),
    ]  # fmt: skip
    failed = False
    for name, step in steps:
        problems = step()
        print(f"{'ok  ' if not problems else 'FAIL'} {name}")
        for problem in problems:
            print(f"     {problem}")
        failed = failed or bool(problems)
    sys.exit(failed)


def tool(name: str, *arguments: str) -> list[str]:
    done = subprocess.run([BIN / name, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).strip().splitlines() or [f"{name} failed"] if done.returncode else []


def schema() -> Iterator[str]:
    """One function a file, named for it; signature, body, comment, grant in that order; nothing half said."""
    import pglast

    for path in sorted((ROOT / "schema").rglob("*.sql")):
        name, text = path.relative_to(ROOT), path.read_text()
        try:
            pglast.parse_sql(text)
        except pglast.parser.ParseError as error:
            yield f"{name}: {error}"
        if re.search(
            r"\b(drop schema|disable row level security|disable trigger|when others|on delete set null)\b",
            text,
            re.I,
        ):
            yield f"{name}: has a statement that this schema never uses"
        if re.search(r"^\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER) ", text, re.M):
            yield f"{name}: SQL is written in lower case"
        if "functions" in path.parts:
            yield from function_file(path, name, text)


def function_file(path: Path, name: Path, text: str) -> Iterator[str]:
    made = re.findall(r"create or replace function (\w+)\.(\w+)\(", text)
    if len(made) != 1 or made[0][1] != path.stem:
        yield f"{name}: makes {[f'{s}.{f}' for s, f in made]}, must make exactly {path.stem}"
        return
    room, function = made[0]
    order = [text.find(part) for part in ("create or replace function", "comment on function", "grant execute")]
    if order[1] < order[0] or (order[2] != -1 and order[2] < order[1]):
        yield f"{name}: signature, body, comment, grant: in that order"
    header = text[: text.find("as $$")]
    if not re.search(r"\b(volatile|stable|immutable)\b", header):
        yield f"{name}: says no volatility"
    if "set search_path = " not in header:
        yield f"{name}: pins no search_path"
    if "security definer" in header and "Definer: " not in text:
        yield f"{name}: is security definer without a sentence that says why (Definer: …)"
    if room == "api":
        if "volatile" in header and not re.search(rf"begin\s+perform internal\.require\('{function}'\);", text):
            yield f"{name}: the first line of an action is perform internal.require('{function}')"
        if order[2] == -1:
            yield f"{name}: an api function is granted to somebody"
        if not re.match(r"[a-z]+(_[a-z]+)+$", function) and function != "capabilities":
            yield f"{name}: an api function is a noun_verb"
    elif function.startswith("tg_") and "returns trigger" not in header:
        yield f"{name}: tg_ is for trigger functions"


def queries() -> Iterator[str]:
    """Result kinds, explicit columns, the business in every read, page sizes as literals."""
    for path in sorted((ROOT / "crm" / "sql").glob("*.sql")):
        for block in re.split(r"^(?=-- :name )", path.read_text(), flags=re.M)[1:]:
            head, _, body = block.partition("\n")
            where = f"crm/sql/{path.name}: {head.removeprefix('-- :name ')}"
            if not re.fullmatch(r"-- :name [a-z]\w+ :(one|many|scalar|affected)", head):
                yield f"{where}: say `-- :name noun_shape :kind`"
            code = re.sub(r"--[^\n]*|'[^']*'", "", body)
            action = re.search(r"\bapi\.\w+\(", code)
            if re.search(r"\b(insert|update|delete|truncate|merge)\b", code):
                yield f"{where}: writes go through api.* functions"
            if not action and ":business_id" not in code:
                yield f"{where}: carries no business_id"
            if not action and re.search(r"select\s+\*|,\s*\w+\.\*", code):
                yield f"{where}: a read lists its columns"
            if re.search(r"\b(limit|offset)\s+:", code):
                yield f"{where}: page sizes are literals"
            if re.search(r"\boffset\s+\d", code):
                yield f"{where}: lists are paged by key, not by offset"
            if ":many" in head and not action and "limit" not in code and "generate_series" not in code:
                yield f"{where}: a list has a limit"
            if len(body) > 4096:
                yield f"{where}: longer than psycopg caches"


def templates() -> Iterator[str]:
    """Nothing the content security policy would refuse, nothing that htmx 4 does not know."""
    for path in sorted((ROOT / "crm" / "partials").rglob("*.html")):
        name, text = path.relative_to(ROOT), path.read_text()
        if not path.name.startswith("_") and not re.match(r"\{#-? inputs:", text):
            yield f"{name}: the first line names its inputs"
        for bad, why in (
            (r"\sstyle=", "has a style attribute"),
            (r"\son[a-z]+=", "has an inline handler"),
            (r"\|\s*safe\b", "uses |safe"),
            (r"<script(?![^>]*\ssrc=)", "has an inline script"),
            (r"hx-disabled-elt|hx-ext=|hx-on|js:|HX-Trigger-After", "has a spelling of htmx 2"),
            (r"https?://(?!www\.google\.com/maps)", "names another host"),
        ):
            if re.search(bad, text):
                yield f"{name}: {why}"


def calls() -> Iterator[str]:
    """Every db call names a statement that exists, with exactly its values."""
    from crm import statements
    from crm.paths import SQL

    known = statements.load(SQL)
    used = set()
    for path in sorted([*(ROOT / "crm").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
                continue
            if node.func.attr not in ("one", "many", "find", "scalar", "call", "maybe", "run"):
                continue
            first = node.args[0]
            if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
                continue
            where = f"{path.relative_to(ROOT)}:{node.lineno}: {first.value}"
            if not (isinstance(node.func.value, ast.Name) and node.func.value.id in ("db", "tx")):
                continue
            if first.value not in known:
                yield f"{where} is no named statement"
                continue
            used.add(first.value)
            values = {keyword.arg for keyword in node.keywords if keyword.arg}
            spread = any(keyword.arg is None for keyword in node.keywords)
            wanted = set(known[first.value].parameters)
            missing = wanted - values - {"business_id", "member_id"}
            if values - wanted or (missing and not spread):
                yield f"{where} takes {sorted(wanted)}"
    for name in sorted(known.keys() - used):
        yield f"crm/sql/{known[name].file}: {name} is called by nobody"


def api_table() -> Iterator[str]:
    """docs/api.md says what the functions' comments say."""
    from tests import api_table

    if not api_table.TABLE.exists() or api_table.TABLE.read_text() != api_table.table():
        yield "docs/api.md is stale: python -m tests.api_table"


if __name__ == "__main__":
    main()
