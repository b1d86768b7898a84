"""Every callable of schema api: how to call it with values of its types, as whoever may."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from psycopg import sql

from crm.context import Actor, visitor, worker
from crm.paths import SCHEMA
from tests.conftest import PEOPLE, TIDY
from tests.rls.stage import HINTS, Outcome, Stage, row_id

# From the files, so that each is a test by name; the catalogue lint proves that files and database agree.
NAMES = sorted(
    name
    for path in (SCHEMA / "functions").rglob("*.sql")
    for name in re.findall(r"^create or replace function api\.(\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
)
ACTORS: dict[str, Actor] = {
    **{role: PEOPLE[role].actor() for role in ("owner", "office", "technician")},
    "visitor": visitor("test"),
    "worker": worker(TIDY, "test"),
    "customer": Actor(TIDY, "customer", kind="link", grant_id=row_id("ticket_link", TIDY), request_id="test"),
}
DESCRIBE = """
select a.name, format_type(a.type, null) as type
from pg_proc p, unnest(p.proargtypes::oid[], p.proargnames[1:p.pronargs]) with ordinality as a(type, name, place)
where p.pronamespace = 'api'::regnamespace and p.proname = %s order by a.place
"""
PLAIN: dict[str, Any] = {
    "text": "x", "text[]": ["x"], "smallint[]": [1], "boolean": True, "smallint": 1, "integer": 1, "bigint": 1, "numeric": 1,
    "double precision": 1, "bytea": b"x" * 32, "jsonb": "[]", "date": "2030-01-07", "interval": "1 hour",
    "timestamp with time zone": "2030-01-07 10:00+00", "time without time zone": "10:00", "tstzrange": "empty",
}  # fmt: skip


@dataclass(frozen=True)
class Argument:
    name: str
    type: str
    word: str | None  # what a column of that name takes

    @property
    def noun(self) -> str:
        """The thing that an id names: p_member_ids → member."""
        return re.sub(r"^p_|_ids?$", "", self.name)

    @property
    def is_id(self) -> bool:
        return self.type in ("uuid", "uuid[]")

    def plain(self, business_id: UUID = TIDY) -> Any:
        """A value of its type; an id is that of the business's row."""
        if self.is_id:
            return self.many(row_id(self.noun, business_id))
        if self.name == "p_happened_at":
            return None  # now: what is long ago or to come is refused before anything else is looked at
        if self.type == "time without time zone[]":
            return ["11:00" if self.name.endswith("ends") else "10:00"]
        if self.name.endswith(("ends_at", "out_at")):
            return "2030-01-07 11:00+00"
        return self.word if self.word and self.type == "text" else PLAIN[self.type]

    def many(self, value: UUID) -> Any:
        return [value] if self.type == "uuid[]" else value


@cache
def _describe(name: str, stage: Stage) -> tuple[Argument, ...]:
    with stage.as_admin():
        rows = stage.connection.execute(DESCRIBE, (name,)).fetchall()
    return tuple(Argument(row.name, row.type, _word(name, row.name.removeprefix("p_"), stage)) for row in rows)


def _word(action: str, column: str, stage: Stage) -> str | None:
    """A word that the column accepts: of the action's own table, else of any that has such a column."""
    words = {(c.table_name, c.name): c.word for c in stage.columns if c.word}
    own = [word for (table, name), word in words.items() if name == column and action.startswith(table)]
    other = [word for (_, name), word in words.items() if name == column]
    return next(iter([*own, *other]), HINTS.get(column, "").format(word="tidy") or None)


@dataclass(frozen=True)
class Action:
    name: str
    arguments: tuple[Argument, ...]
    roles: tuple[str, ...]
    level: str | None
    asks: bool

    def call(self, stage: Stage, **changed: Any) -> Outcome:
        """Call it with plain values and these instead, and go on."""
        values = {a.name: changed.get(a.name, a.plain()) for a in self.arguments}
        listed = sql.SQL(", ").join(
            sql.SQL("{} => {}::" + a.type).format(sql.Identifier(a.name), sql.Placeholder(a.name))
            for a in self.arguments
        )
        statement = sql.SQL("select x::text from api.{}({}) x").format(sql.Identifier(self.name), listed)
        return stage.attempt(statement, values)

    @property
    def actor(self) -> Actor:
        """Somebody of Tidy who may do it."""
        return ACTORS[next((role for role in ACTORS if role in self.roles), "owner")]


def load(name: str, stage: Stage) -> Action:
    with stage.as_admin():
        row = stage.connection.execute(
            "select coalesce(m.roles, '{}') as roles, m.model_level, p.prosrc ~ 'internal\\.require\\(' as asks "
            "from pg_proc p left join internal.permission m on m.action = p.proname "
            "where p.pronamespace = 'api'::regnamespace and p.proname = %s",
            (name,),
        ).fetchone()
    assert row, f"api.{name} is in no database"
    return Action(name, _describe(name, stage), tuple(row.roles), row.model_level, row.asks)
