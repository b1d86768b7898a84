"""The plans of the statements that every phone and desk asks for all day: by index, and flat under the row policies.

The tables of the tests are small, so reading them whole is forbidden here; which index serves is then the same as with
many rows. A policy that asks a table with such a policy of its own shows as plans within plans.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from crm import statements
from crm.context import Signer
from crm.paths import SQL
from crm.run import Home
from tests.conftest import PAT, PEOPLE, TESS_VISITS_PAT, become

NOW = datetime.now(UTC)
SPAN = {"from_at": NOW, "to_at": NOW + timedelta(days=1)}
SHOWN: dict[str, Any] = {"technician_id": None, "service_id": None, "status": None, "city": None}
LIST = {"after_key": "", "after_id": UUID(int=0)}
HISTORY = {"contact_id": PAT, "before_at": NOW, "before_id": UUID(int=2**128 - 1)}
# (who, statement): its values, the indexes it stands on, how deep its subplans may be nested
HOT: dict[tuple[str, str], tuple[dict[str, Any], set[str], int]] = {
    ("technician", "ticket_day"): (SPAN, {"assignment_by_member", "contact_pkey", "line_item_by_ticket"}, 2),
    ("technician", "ticket_forgotten"): ({"before": NOW}, {"ticket_open"}, 1),
    ("technician", "contact_list"): (LIST, {"contact_by_name"}, 1),
    ("office", "contact_list"): (LIST, {"contact_by_name", "address_belongs_to_one_contact"}, 1),
    ("office", "calendar_day"): (SPAN | SHOWN, {"line_item_by_ticket"}, 2),
    ("office", "calendar_sheet"): (SPAN | {"technician_id": None}, {"line_item_by_ticket"}, 2),
    ("office", "time_off_visits"): (
        {"zone": "UTC", "time_off_id": None},
        {"time_off_by_end", "assignment_by_member"},
        2,
    ),
    ("office", "contact_timeline"): (
        HISTORY,
        {"ticket_by_contact", "note_by_contact", "message_by_contact", "invoice_by_contact", "payment_by_invoice"},
        2,
    ),
    ("technician", "contact_timeline"): (
        HISTORY,
        {"ticket_by_contact", "note_by_contact", "message_by_contact", "invoice_by_contact"},
        2,
    ),
    ("office", "contact_summary"): ({"contact_id": PAT}, {"ticket_by_contact", "invoice_open_by_contact"}, 1),
    ("office", "contact_files"): ({"contact_id": PAT}, {"file_by_contact"}, 1),
    ("technician", "ticket_notes"): ({"ticket_id": TESS_VISITS_PAT}, {"note_by_ticket"}, 2),
    ("technician", "ticket_lines"): ({"ticket_id": TESS_VISITS_PAT}, {"line_item_by_ticket"}, 2),
}


def plan(home: Home, signer: Signer, who: str, name: str, values: dict[str, Any]) -> str:
    person, statement = PEOPLE[who], statements.load(SQL)[name]
    own = {"business_id": person.business_id, "member_id": person.member_id}
    given = [(own | values)[name] for name in statement.parameters]
    with psycopg.connect(home.url()) as connection:
        become(connection, signer, who)
        connection.execute("set local enable_seqscan = off")
        connection.execute("set local enable_bitmapscan = off")
        # Between tables as small as these a hash is cheaper than an index, between large ones it is not.
        connection.execute("set local enable_hashjoin = off")
        connection.execute("set local enable_mergejoin = off")
        explained = b"explain (costs off) " + statement.text
        rows = psycopg.RawCursor(connection).execute(explained, given).fetchall()
    return "\n".join(row[0] for row in rows)


@pytest.mark.parametrize(("who", "name"), HOT)
def test_hot_statement_stands_on_its_indexes(home: Home, signer: Signer, who: str, name: str) -> None:
    values, indexes, depth = HOT[who, name]
    text = plan(home, signer, who, name, values)
    assert "Seq Scan" not in text, text
    assert indexes <= set(re.findall(r"using (\w+) on", text)), text
    assert nesting(text) <= depth, text


def nesting(text: str) -> int:
    """How many subplans stand within each other, at the deepest."""
    deepest, open_at = 0, []
    for line in text.splitlines():
        column = len(line) - len(line.lstrip())
        while open_at and open_at[-1] >= column:
            open_at.pop()
        if re.fullmatch(r"SubPlan \S+", line.strip()):
            open_at.append(column)
            deepest = max(deepest, len(open_at))
    return deepest
