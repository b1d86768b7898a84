"""The stage: a database of its own in which both businesses have a row in every table there is.

The rows are made from the catalogue, so a table added tomorrow is attacked tomorrow. Every text of
Rival's rows says so, and every id is known.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

import psycopg
from psycopg import sql
from psycopg.rows import namedtuple_row

from crm import context, schema
from crm.run import Home
from tests.conftest import PEOPLE, RIVAL, TIDY, make_world

Connection = psycopg.Connection[Any]
CANARY = "rival"  # in every text of Rival's rows, and in nothing that Tidy or an attack says
BETRAYED = re.compile(f"(?<!ar){CANARY}", re.IGNORECASE)  # an arrival tells nothing
NAME = "stage"

# Rows that today's rules would accept, so that an action gets past its first question. What is not named
# here is made from the column's type, or is the first word of its `check (… in (…))`.
HINTS = {
    "email": "{word}@{word}.test", "phone": "020 7946 0133", "currency": "USD", "key": "{word}", "kind": "{word}",
    "postcode": "{word} 1", "time_zone": "UTC", "ticket.status": "in_progress", "member.role": "technician",
    "follow_up": "visit", "query": "place={word}", "series.unit": "day", "rrule": "FREQ=DAILY;COUNT=3", "scope": "following",
}  # fmt: skip
VALUES = {
    "boolean": "true", "smallint": "1", "integer": "1", "bigint": "1", "numeric": "1", "date": "current_date",
    "timestamp with time zone": "date_trunc('day', now())", "interval": "'7 days'", "time without time zone": "'07:00'",
    "xid8": "pg_current_xact_id()",
}  # fmt: skip
LATER = ("ends_at", "busy_until", "expires_at", "send_at", "follow_up_starts_at")
SKIPPED = ("job_buried", "contact_search")  # a job waits or is buried, never both; what is found is written as ever
ZERO = ("net_minor", "tax_minor", "total_minor", "paid_minor")
# Not yet: a visit under way, an invoice that is a draft, a job that waits.
EMPTY = re.compile(
    r"(archived|erased|disabled|completed|cancelled|voided|clocked_out|done|finished|used|sent|revoked)_(at|by)|(clock|cancel|void)_reason"
    r"|ended_by|end_reason|booked_ticket_id|waitlist_offer_id|follow_up_months|number|weekdays|monthly_by|nth|(until|ended)_on|ended_at|follows_id|(issued|due)_on|unit_label|invoice_id|merged_into_id|sign_up"
)
# Nor is anybody on the waitlist because of a visit, or an offer claimed.
ABSENT = ("waitlist_entry.ticket_id", "waitlist_offer.ticket_id")

COLUMNS = r"""
select n.nspname as room, c.relname as table_name, a.attname as name, a.attnotnull as required, a.attgenerated <> '' as made,
       format_type(a.atttypid, null) as type,
       exists (select from pg_attribute b where b.attrelid = c.oid and b.attname = 'business_id') as tenant,
       (select r.relname from pg_constraint k join pg_class r on r.oid = k.confrelid, unnest(k.conkey, k.confkey) as pair(here, there)
        join pg_attribute t on t.attnum = there
        where k.conrelid = c.oid and k.contype = 'f' and here = a.attnum and t.attrelid = k.confrelid and t.attname = 'id' limit 1) as refers_to,
       (select substring(pg_get_constraintdef(k.oid) from $$(?:ARRAY\[|= )'([^']+)'$$) from pg_constraint k
        where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum] limit 1) as word
from pg_class c join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where n.nspname in ('crm', 'internal') and c.relkind in ('r', 'p') and not c.relispartition
order by 1, 2, a.attnum
"""
SENTENCES = """
select conname as name from pg_constraint where obj_description(oid, 'pg_constraint') is not null
union select relname from pg_class where obj_description(oid, 'pg_class') is not null
"""


def row_id(table: str, business_id: UUID = RIVAL) -> UUID:
    """The id of the row that a business has in a table on the stage."""
    return uuid5(business_id, table)


@dataclass
class Outcome:
    """What came of a statement: its rows, or the error's code, rule and words."""

    rows: list[Any] = field(default_factory=list)
    error: psycopg.Error | None = None

    @property
    def sqlstate(self) -> str | None:
        return self.error.sqlstate if self.error else None

    @property
    def rule(self) -> str | None:
        return self.error.diag.constraint_name if self.error else None

    @property
    def words(self) -> str:
        """Everything that the attacker gets to read."""
        if self.error is None:
            return repr(self.rows)
        diag = self.error.diag
        return f"{diag.message_primary} {diag.message_detail} {diag.message_hint} {diag.context}"


class Stage:
    """A superuser's transaction that can act as somebody else, and see what that changed."""

    def __init__(self, home: Home, signer: context.Signer) -> None:
        self.home, self.signer = home, signer
        with psycopg.connect(home.url("postgres", "postgres"), autocommit=True) as connection:
            connection.execute(f"create database {NAME}")
        schema.apply(self.url("postgres"), context_key=home.secrets["context_key"].encode())
        make_world(self.url("postgres"))
        self.connection: Connection = psycopg.connect(self.url("postgres"), row_factory=namedtuple_row)
        self.columns = self.connection.execute(COLUMNS).fetchall()
        self.tables = sorted({c.table_name for c in self.columns if c.room == "crm" and c.tenant} - {"business"})
        self.sentences = {row.name for row in self.connection.execute(SENTENCES).fetchall()}
        self._dropped: list[str] = []
        self._fill()
        self.connection.commit()

    def url(self, role: str) -> str:
        return self.home.url(role, NAME)

    def _fill(self) -> None:
        self.connection.execute("set local session_replication_role = replica")
        for business_id, word in ((TIDY, "tidy"), (RIVAL, CANARY)):
            for room, table in sorted({(c.room, c.table_name) for c in self.columns}):
                mine = [c for c in self.columns if (c.room, c.table_name) == (room, table) and not c.made]
                if table not in ("business", *SKIPPED) and (room == "crm" or mine[0].tenant):
                    self._insert(room, table, {c.name: self._value(c, business_id, word) for c in mine})
        for statement in self._dropped:  # what comes from now on is checked as ever
            self.connection.execute(statement)  # type: ignore[call-overload]
        self.connection.execute("set local session_replication_role = origin")
        for business_id in (TIDY, RIVAL):
            self.connection.execute("select internal.act_as(%s, null, 'worker')", (business_id,))
            self.connection.execute(
                "select internal.contact_search_refresh(array_agg(id)) from crm.contact where business_id = %s",
                (business_id,),
            )
        self.connection.execute("select set_config('app.context', '', true)")
        self.connection.execute("analyze")

    def _insert(self, room: str, table: str, values: dict[str, Any]) -> None:
        """One row. A rule of tomorrow that it breaks is set aside, so that a new table needs no line here."""
        insert = sql.SQL("insert into {}.{} ({}) values ({}) on conflict do nothing").format(
            sql.Identifier(room), sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join(v if isinstance(v, sql.Composable) else sql.Literal(v) for v in values.values()),
        )  # fmt: skip
        while (outcome := self.attempt(insert)).error:
            if not isinstance(outcome.error, psycopg.errors.CheckViolation):
                raise outcome.error
            on = f"alter table {room}.{table}"
            row = self.connection.execute(
                "select pg_get_constraintdef(oid) as check from pg_constraint where conname = %s and conrelid = %s::regclass",
                (outcome.rule, f"{room}.{table}"),
            ).fetchone()
            self._dropped.append(f"{on} add constraint {outcome.rule} {row.check} not valid")  # type: ignore[union-attr]
            self.connection.execute(f"{on} drop constraint {outcome.rule}")  # type: ignore[call-overload]

    def _value(self, column: Any, business_id: UUID, word: str) -> Any:
        if column.name == "business_id":
            return business_id
        if (EMPTY.fullmatch(column.name) and not column.required) or f"{column.table_name}.{column.name}" in ABSENT:
            return None
        if column.type == "uuid":
            if (column.table_name, column.name, business_id) == ("assignment", "member_id", TIDY):
                return PEOPLE["technician"].member_id  # Tess is on Tidy's visit
            own = column.table_name if column.name == "id" else column.name.removesuffix("_id")
            return row_id(column.refers_to or own, business_id)
        if column.type == "text":
            hint = HINTS.get(f"{column.table_name}.{column.name}") or column.word or HINTS.get(column.name)
            return (hint or f"{word}-{column.table_name}-{column.name}").format(word=word)
        if column.type == "jsonb":
            return sql.SQL('\'{{"is": "{}"}}\'').format(sql.SQL(word))
        if column.type == "bytea":
            return f"{word}-{column.table_name}-{column.name}".ljust(32)[:32].encode()
        if column.type.endswith("[]"):
            return []
        if column.name in LATER:
            return sql.SQL(VALUES[column.type] + " + interval '1 hour'")
        if column.name in ZERO:
            return 0
        if column.type in VALUES:
            return sql.SQL(VALUES[column.type])
        assert not column.required, f"Say in tests/rls/stage.py how a {column.type} is made."
        return None

    # ---- acting as somebody ---------------------------------------------------------------------------

    def become(self, who: str | context.Actor | None, role: str = "crm_app", reasoning: str = "") -> None:
        """From here on the transaction is `role`'s, with the signed context of somebody of the world."""
        actor = PEOPLE[who].actor() if isinstance(who, str) else who
        signed = self.signer.sign(actor) if actor else ""
        self.connection.execute("set session authorization default")
        self.connection.execute(
            "select set_config('app.context', %s, true) as context, set_config('app.reasoning', %s, true) as reasoning",
            (signed, reasoning),
        )
        self.connection.execute(f"set local session authorization {role}")  # type: ignore[call-overload]

    def attempt(self, statement: str | sql.Composed, values: Any = None) -> Outcome:
        """Run a statement; go on afterwards whatever came of it."""
        try:
            with self.connection.transaction():
                cursor = self.connection.execute(statement, values)  # type: ignore[call-overload]
                return Outcome([] if cursor.description is None else cursor.fetchall())
        except psycopg.Error as error:
            return Outcome(error=error)

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Whatever is done inside is undone."""
        with self.connection.transaction(force_rollback=True):
            yield

    @contextmanager
    def as_admin(self) -> Iterator[None]:
        who = self.connection.execute("select session_user").fetchone()[0]  # type: ignore[index]
        self.connection.execute("set session authorization default")
        yield
        self.connection.execute(f"set local session authorization {who}")  # type: ignore[call-overload]

    def digest(self, business_id: UUID = RIVAL) -> dict[str, str]:
        """One hash for each table over the rows of a business, and over what says its name elsewhere."""
        with self.as_admin():
            return digest(self.connection, self.columns, business_id)


def digest(connection: Connection, columns: list[Any], business_id: UUID = RIVAL) -> dict[str, str]:
    tables = sorted({(c.room, c.table_name, c.tenant) for c in columns})
    word = CANARY if business_id == RIVAL else "tidy"
    parts = [
        sql.SQL("select {}, md5(string_agg(t::text, chr(10) order by t::text)) from {}.{} t where {}").format(
            sql.Literal(f"{room}.{table}"), sql.Identifier(room), sql.Identifier(table),
            sql.SQL("t.business_id = {}").format(sql.Literal(business_id)) if tenant
            else sql.SQL("t::text like {}").format(sql.Literal(f"%{word}%")),
        )
        for room, table, tenant in tables
    ]  # fmt: skip
    return dict(connection.execute(sql.SQL(" union all ").join(parts)).fetchall())
