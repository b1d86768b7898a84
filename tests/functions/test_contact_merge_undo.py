"""Whatever two contacts have, and whatever is taken: after a merge nothing is lost, and after its undo all is as before."""

import uuid
from datetime import timedelta
from itertools import count
from typing import Any

import psycopg
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some
from psycopg import sql
from psycopg.rows import namedtuple_row

from tests.conftest import GUTTERS, PANES, PEOPLE, QUINN, TIDY, become

FIELDS = (
    "name",
    "kind",
    "phone",
    "other_phone",
    "email",
    "preferred_method",
    "preferred_time",
    "language",
    "referred_by",
    "note",
)
KEYS = {"pet": "text", "screens": "number", "dog inside": "yes_no", "since": "date", "tags": "list"}
VALUES = {
    "text": ["cat", "spaniel, Pip"], "number": ["24", "1.5"], "yes_no": ["yes", "no"], "date": ["2026-03-02", "2025-01-31"],
    "list": ["VIP, reviews", "VIP"],
}  # fmt: skip
PHONES = [
    None,
    ("(256) 555-0131", "+12565550131"),
    ("256.555.0131", "+12565550131"),
    ("+44 20 7946 0133", "+442079460133"),
    ("12345", None),
]
NOTES = [None, "Pays by check.", "Two lines:\nring twice; mind the dog.", "x" * 3990]


def maybe(*values: Any) -> some.SearchStrategy[Any]:
    return some.sampled_from([None, *values])


person = some.fixed_dictionaries({
    "name": some.sampled_from(["Tom Shah", "Tomas Shah", "Zoë O’Hallöran"]), "kind": some.sampled_from(["person", "organisation"]),
    "phone": some.sampled_from(PHONES), "other_phone": some.sampled_from(PHONES), "email": maybe("tom@example.org", "t.shah@example.org"),
    "preferred_method": maybe("call", "text", "email"), "preferred_time": maybe("morning", "evening"), "language": maybe("es", "de"),
    "referred_by": maybe("a neighbour", "the van"), "note": some.sampled_from(NOTES),
    "consent": some.sampled_from(["not_asked", "given", "unsubscribed"]),
    "addresses": some.lists(some.tuples(
        some.sampled_from(["1 Oak Ridge Dr", "1 OAK RIDGE DR", "2 Mill Rd"]), maybe("35758", "SW1A 1AA", "sw1a1aa"), maybe("Home", "Shop"),
        maybe("Side gate"), some.booleans()), max_size=3),
    "facts": some.dictionaries(some.sampled_from(sorted(KEYS)), some.integers(0, 1), max_size=4),
    "notes": some.lists(some.sampled_from(["Rang about the spring.", "Left the ladder."]), max_size=2),
    "visits": some.lists(some.tuples(
        some.sampled_from(["scheduled", "in_progress", "completed", "cancelled"]), some.integers(0, 3),
        some.sampled_from(["none", "draft", "sent", "paid", "void"]), some.booleans(), some.booleans()), max_size=3),
    "messages": some.lists(some.sampled_from(["pending", "sent", "cancelled"]), max_size=2),
    "tasks": some.lists(some.booleans(), max_size=2),
})  # fmt: skip


class Desk:
    """Somebody of the office who writes two people down, as it is done by hand."""

    def __init__(self, connection: psycopg.Connection[Any], signer: Any) -> None:
        self.connection, self.signer, self.hours = connection, signer, count()

    def one(self, statement: str, *values: Any) -> Any:
        return self.connection.execute(statement, values).fetchone()  # type: ignore[arg-type]

    def write_down(self, known: dict[str, Any]) -> Any:
        (phone, e164), (other, other_e164) = known["phone"] or (None, None), known["other_phone"] or (None, None)
        contact = self.one(
            "select id from api.contact_create(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)", known["kind"], known["name"], phone,
            known["email"], known["preferred_method"], known["note"], e164, other, other_e164, known["preferred_time"], known["referred_by"], known["language"],
        ).id  # fmt: skip
        places = []
        for street, postcode, label, way_in, archived in known["addresses"]:
            place = self.one(
                "select id from api.address_create(%s, %s, %s, 'Madison', null, %s, %s)",
                contact,
                label,
                street,
                postcode,
                way_in,
            ).id
            if archived:
                self.connection.execute("update crm.address set archived_at = internal.now() where id = %s", (place,))
            places.append(place)
        for key, value in known["facts"].items():
            self.one("select api.attribute_set(%s, %s, %s, %s)", contact, key, VALUES[KEYS[key]][value], KEYS[key])
        for _ in known["messages"]:
            self.photograph(contact, None)
        for body in known["notes"]:
            self.one("select api.note_add(%s, %s)", contact, body)
        for status, where, invoiced, noted, seen in known["visits"]:
            self.visit(contact, places[where] if where < len(places) else None, status, invoiced, noted, seen)
        for status in known["messages"]:
            self.connection.execute(
                "insert into crm.message (contact_id, kind, status, send_at, reason, cancelled_at) values (%s, 'outreach', %s, internal.now(), "
                "'Asked for.', case when %s = 'cancelled' then internal.now() end)", (contact, status, status),
            )  # fmt: skip
        for done in known["tasks"]:
            task = self.one(
                "insert into crm.task (title, contact_id) values ('Look at this', %s) returning id", contact
            )
            if done:
                self.one("select api.task_done(%s)", task.id)
        if known["consent"] != "not_asked":
            self.one("select api.contact_consent(%s, %s)", contact, known["consent"])
        return contact

    def visit(self, contact: Any, place: Any, status: str, invoiced: str, noted: bool, seen: bool) -> None:
        at = timedelta(days=200, hours=2 * next(self.hours))
        ticket = self.one(
            "select id from api.ticket_create(%s, %s, internal.now() + %s, internal.now() + %s, %s::uuid[], %s::uuid[])", contact, place,
            at, at + timedelta(hours=1), [PEOPLE["technician"].member_id, PEOPLE["colleague"].member_id][: 1 + noted], [PANES, GUTTERS][:1 + noted],
        ).id  # fmt: skip
        if noted:
            self.one("select api.note_add(null, 'The ladder is behind the shed.', %s)", ticket)
        if seen:
            self.photograph(contact, ticket)
        if status == "cancelled":
            self.one("select api.ticket_cancel(%s, 'rain')", ticket)
        if status not in ("in_progress", "completed"):
            return
        self.one("select api.ticket_clock_in(%s)", ticket)
        if seen:
            self.one("select api.close_out_note(%s, 'long ladder for the stairwell')", ticket)
        if status == "completed":
            for step in ("work", "note", "next"):
                self.one("select api.close_out_gap(%s, %s, 'why')", ticket, step)
            self.one("select api.ticket_complete(%s)", ticket)
            self.invoice(ticket, invoiced)

    def photograph(self, contact: Any, ticket: Any) -> None:
        self.one(
            "select api.file_add(%s, %s, %s, 'photo', 'before.jpg', 'image/jpeg', 3, 1, 1, %s, %s)", uuid.uuid4(), contact, ticket, b"abc", b"a",
        )  # fmt: skip

    def invoice(self, ticket: Any, state: str) -> None:
        if state == "none":
            return
        invoice = self.one("select id, total_minor from api.invoice_create(%s)", ticket)
        if state != "draft":
            self.one("select api.invoice_issue(%s)", invoice.id)
        if state == "paid":
            self.one("select api.payment_record(%s, %s, 'cash', current_date, null)", invoice.id, invoice.total_minor)
        if state == "void":
            self.one("select api.invoice_void(%s, 'wrong house')", invoice.id)

    def everything(self) -> dict[str, list[Any]]:
        """Every row of the business in every table, but when and how often it was touched and the records of what happened."""
        tables = self.connection.execute(
            "select n.nspname as room, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace "
            "join pg_attribute a on a.attrelid = c.oid and a.attname = 'business_id' where n.nspname in ('crm', 'internal') "
            "and c.relkind = 'r' and not c.relispartition and c.relname not in ('security_event', 'change_set')"
        ).fetchall()
        assert len(tables) > 20
        return {
            f"{table.room}.{table.name}": [
                row.line for row in self.connection.execute(sql.SQL(
                    "select to_jsonb(t) - '{{updated_at,revision}}'::text[] as line from {}.{} t where business_id = {} "
                    "order by (to_jsonb(t) - '{{updated_at,revision}}'::text[])::text"
                ).format(sql.Identifier(table.room), sql.Identifier(table.name), sql.Literal(TIDY)))
            ]
            for table in tables
        }  # fmt: skip


def check_merged(desk: Desk, kept: Any, other: Any, take: list[str], effect: Any, before: dict[str, list[Any]]) -> None:
    was = {row["id"]: row for row in before["crm.contact"]}
    now = {row["id"]: row for row in desk.everything()["crm.contact"]}
    stays, gone = now[str(kept)], now[str(other)]
    for field in FIELDS:
        assert stays[field] == was[str(other if field in take else kept)][field]
    for field, form in (("phone", "phone_e164"), ("other_phone", "other_e164")):
        assert stays[form] == was[str(other if field in take else kept)][form]
    assert gone["merged_into_id"] == str(kept)
    assert gone["archived_at"]
    none = "unsubscribed" in (was[str(kept)]["consent"], was[str(other)]["consent"])
    assert stays["consent"] == ("unsubscribed" if none else was[str(kept)]["consent"])
    left = desk.one(
        "select (select count(*) from crm.ticket where contact_id = %(o)s and status in ('scheduled', 'in_progress')) + "
        "(select count(*) from crm.message where contact_id = %(o)s and status = 'pending') + (select count(*) from crm.task where contact_id = %(o)s "
        "and done_at is null) + (select count(*) from crm.invoice where contact_id = %(o)s and status = 'draft') as open".replace("%(o)s", f"'{other}'")
    )  # fmt: skip
    assert left.open == 0

    def of(table: str, contact: Any, rows: dict[str, list[Any]]) -> list[Any]:
        return [row for row in rows[f"crm.{table}"] if row["contact_id"] == str(contact)]

    after = desk.everything()
    for table, number in (("address", effect.addresses), ("attribute", effect.facts), ("ticket", effect.visits), ("invoice", effect.invoices),
                          ("task", effect.tasks)):  # fmt: skip
        assert len(of(table, kept, after)) == len(of(table, kept, before)) + number, table
    # Nothing is lost: whatever either of them said is said on the page of the one that stays.
    said = "".join(
        row["body"]
        for row in sorted(of("note", kept, after), key=lambda row: row["id"])
        if row not in before["crm.note"]
    )
    said = said.replace("\n", "") + " " + "".join(str(value).replace("\n", "") for value in stays.values())
    said += "".join(row["value"] for row in of("attribute", kept, after)) + "".join(
        f"{row['label']} {row['access_note']}" for row in of("address", kept, after)
    )
    for who in (kept, other):
        for field in ("name", "email", "referred_by", "note"):
            assert (was[str(who)][field] or "").replace("\n", "") in said, field
        for field in ("phone", "other_phone"):
            digits = "".join(filter(str.isdigit, was[str(who)][field] or ""))
            assert digits in "".join(filter(str.isdigit, said))
        for fact in of("attribute", who, before):
            assert fact["value"] in said
        for place in of("address", who, before):
            assert place["archived_at"] or all(each in said for each in (place["label"], place["access_note"]) if each)
    streets = {row["id"]: row["street"].lower() for row in after["crm.address"]}
    places = {row["id"]: row["address_id"] for row in after["crm.ticket"]}
    for visit in before["crm.ticket"]:
        assert streets.get(visit["address_id"]) == streets.get(places[visit["id"]])


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    phases=(Phase.explicit, Phase.generate),
)
@given(
    stays=person,
    goes=person,
    earlier=some.booleans(),
    take=some.sets(some.sampled_from([*FIELDS, *(f"attribute:{key}" for key in KEYS)])),
)
def test_merge_loses_nothing_and_its_undo_leaves_all_as_it_was(home, signer, stays, goes, earlier, take):
    with psycopg.connect(home.admin_url, row_factory=namedtuple_row) as connection:
        desk = Desk(connection, signer)
        become(connection, signer, "office")
        kept, other = desk.write_down(stays), desk.write_down(goes)
        if earlier:
            third = desk.one("select id from api.contact_create('person', 'T. Shah')").id
            desk.one("select api.contact_merge(%s, %s)", other, third)
            desk.one("select api.not_duplicate_add(%s, %s)", other, QUINN)
        before = desk.everything()
        effect = desk.one("select * from api.contact_merge_effect(%s, %s)", kept, other)
        merged = desk.one("select * from api.contact_merge(%s, %s, %s)", kept, other, sorted(take))
        check_merged(desk, kept, other, sorted(take), effect, before)
        desk.one("select api.contact_merge_undo(%s)", merged.change_set_id)
        after = desk.everything()
        assert {name: rows for name, rows in after.items() if rows != before[name]} == {}
        connection.rollback()
