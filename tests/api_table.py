"""docs/api.md, made from the functions' own comments: `python -m tests.api_table` writes it, `make check` compares."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "docs" / "api.md"
HEAD = """# The SQL API

Made from the comments of the functions (`python -m tests.api_table`). Actions change something, reads do not. Whoever
calls — a page, a tool of a model, a person in psql — calls these, under a signed context:

    crm db psql --as owner@example.com --reason "closing the books"
    select api.ticket_cancel('…', 'customer ill');

Every refusal names its rule; times are `timestamptz`, money is in minor units, ids are UUIDs.

"""


def table() -> str:
    """The page as it should be."""
    permissions = dict(re.findall(r"\('(\w+)',\s+'\{([\w,]+)\}'", (ROOT / "schema" / "permissions.sql").read_text()))
    parts = [HEAD]
    for folder in sorted(path for path in (ROOT / "schema" / "functions").iterdir() if path.is_dir()):
        rows = [row for path in sorted(folder.glob("*.sql")) if (row := _row(path.read_text(), permissions))]
        if rows:
            parts.append(f"## {folder.name}\n\n| function | who | what |\n|---|---|---|\n" + "\n".join(rows) + "\n\n")
    return "".join(parts).rstrip() + "\n"


def _row(text: str, permissions: dict[str, str]) -> str | None:
    head = re.search(r"create or replace function api\.(\w+)\((.*?)\)\s+returns (.+?)\s+language", text, re.S)
    if head is None:
        return None
    name, arguments, returns = head[1], " ".join(head[2].split()), " ".join(head[3].split())
    comment = re.search(r"comment on function api\.\w+\([^)]*\) is\s+'((?:[^']|'')*)'", text)
    words = comment[1].replace("''", "'").split(" Definer: ")[0] if comment else ""
    roles = permissions.get(name, "everybody").replace(",", ", ")
    return f"| `{name}({arguments})` → `{returns}` | {roles} | {words} |"


if __name__ == "__main__":
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(table())
