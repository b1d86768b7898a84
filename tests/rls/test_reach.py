"""What each role reaches of the tables themselves: nothing to write, and exactly its own rows to read."""

import re

import pytest
from psycopg import sql

from crm.context import Actor, visitor, worker
from tests.conftest import PEOPLE, RIVAL, TIDY
from tests.rls.stage import Stage, row_id

LOGINS = ("crm_app", "crm_support")
WRITES = {
    "insert": "insert into {} default values",
    "update": "update {} set {} = {}",
    "delete": "delete from {}",
    "truncate": "truncate {} cascade",
    "merge": "merge into {} t using (values (1)) v on false when not matched then insert default values",
}
RELATIONS = """
select n.nspname as room, c.relname as name, c.relispartition as part,
       (select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and a.attgenerated = '' limit 1) as first
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('crm', 'internal', 'api') and c.relkind in ('r', 'p', 'v', 'm')
"""
CUSTOMER = Actor(TIDY, "customer", kind="link", grant_id=row_id("ticket_link", TIDY))
# What a technician without a visit sees: the business, its people, its catalogue and who is booked when.
TECHNICIAN = {"member", "service", "assignment", "attribute_key", "working_hours", "time_off"}
# What hangs on a visit.
VISIT = ("ticket", "contact", "address", "attribute", "line_item", "invoice", "payment", "message", "proposal", "note")


def relations(stage: Stage) -> list[tuple[sql.Identifier, object]]:
    with stage.as_admin():
        return [(sql.Identifier(r.room, r.name), r) for r in stage.connection.execute(RELATIONS).fetchall()]


@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize("verb", WRITES)
@pytest.mark.parametrize("who", ["owner", "technician", None])
def test_nobody_writes_a_table(stage: Stage, who: str | None, verb: str, login: str) -> None:
    everything = relations(stage)
    stage.become(who, login)
    for table, relation in everything:
        first = sql.Identifier(relation.first)  # type: ignore[attr-defined]
        outcome = stage.attempt(sql.SQL(WRITES[verb]).format(table, first, first))
        assert outcome.sqlstate == "42501", f"{verb} {relation}"


@pytest.mark.parametrize("login", LOGINS)
def test_partitions_and_internal_tables_are_not_read(stage: Stage, login: str) -> None:
    everything = relations(stage)
    stage.become("owner", login)
    for table, relation in everything:
        if relation.part or relation.room == "internal":  # type: ignore[attr-defined]
            assert stage.attempt(sql.SQL("select from {}").format(table)).sqlstate == "42501", relation


def readable(stage: Stage, login: str = "crm_app") -> list[str]:
    """The tables of crm that a login may ask, column by column where only some are granted."""
    with stage.as_admin():
        rows = stage.connection.execute(
            "select c.relname from pg_class c where c.relnamespace = 'crm'::regnamespace and c.relkind in ('r', 'p', 'v') "
            "and has_any_column_privilege(%s, c.oid, 'SELECT') order by 1",
            (login,),
        ).fetchall()
    return [row[0] for row in rows]


def businesses(stage: Stage, table: str) -> set[object]:
    outcome = stage.attempt(sql.SQL("select distinct business_id from crm.{}").format(sql.Identifier(table)))
    assert outcome.error is None, outcome.error
    return {row[0] for row in outcome.rows}


@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize("who", ["owner", "office", "technician", "stranger", "strange_technician"])
def test_people_see_their_own_business_only(stage: Stage, who: str, login: str) -> None:
    stage.become(who, login)
    for table in readable(stage, login):
        assert businesses(stage, table) <= {PEOPLE[who].business_id}, table


@pytest.mark.parametrize("who", ["owner", "office"])
def test_owner_and_office_see_the_row_of_every_table(stage: Stage, who: str) -> None:
    stage.become(who)
    hidden = {"security_event", "data_export"} if who == "office" else set()
    for table in readable(stage):
        assert (businesses(stage, table) == {TIDY}) is (table not in hidden), table


def test_technician_sees_nothing_without_a_visit(stage: Stage) -> None:
    stage.connection.execute("set local session_replication_role = replica")
    stage.connection.execute("delete from crm.assignment where member_id = %s", (PEOPLE["technician"].member_id,))
    stage.become("technician")
    seen = {table for table in readable(stage) if businesses(stage, table)}
    assert seen == TECHNICIAN | {"business"}


def test_technician_sees_what_hangs_on_their_visit_and_nothing_else(stage: Stage) -> None:
    """The whole of a visit of the stage: its contact, address, lines, invoice; not the task, job or audit."""
    stage.become("technician")
    for table in VISIT:
        outcome = stage.attempt(sql.SQL("select id from crm.{}").format(sql.Identifier(table)))
        assert row_id(table, TIDY) in [row[0] for row in outcome.rows], table
        assert row_id(table, RIVAL) not in [row[0] for row in outcome.rows], table
    for table in ("task", "job", "audit_entry", "security_event"):
        assert businesses(stage, table) == set(), table


def test_technician_sees_nothing_of_a_colleagues_visit(stage: Stage) -> None:
    stage.become("colleague")
    for table in VISIT:
        outcome = stage.attempt(sql.SQL("select from crm.{} where id = {}").format(
            sql.Identifier(table), sql.Literal(row_id(table, TIDY))))  # fmt: skip
        assert outcome.rows == [], table


@pytest.mark.parametrize(
    ("actor", "most"),
    [
        pytest.param(visitor("test"), {"business"}, id="visitor"),
        pytest.param(CUSTOMER, {"business"}, id="customer"),
    ],
)
def test_somebody_outside_sees_at_most_the_name_of_the_business(stage: Stage, actor: Actor, most: set[str]) -> None:
    stage.become(actor)
    assert {table for table in readable(stage) if businesses(stage, table)} <= most


@pytest.mark.parametrize("who", ["owner", "office", "technician"])
def test_rows_of_strangers_are_missing_by_id_too(stage: Stage, who: str) -> None:
    stage.become(who)
    for table in stage.tables:
        outcome = stage.attempt(
            sql.SQL("select from crm.{} where id = {}").format(sql.Identifier(table), sql.Literal(row_id(table)))
        )
        assert outcome.rows == [], table


# ---- the owner of the tables, inside functions --------------------------------------------------------


@pytest.mark.parametrize("actor", [PEOPLE["owner"].actor(), worker(TIDY)], ids=["owner", "worker"])
def test_wall_stands_for_the_owner_of_the_tables(stage: Stage, actor: Actor) -> None:
    """Functions run as crm_owner: what they forget to ask for, the wall still refuses, without a trigger's help."""
    stage.connection.execute("set local session_replication_role = replica")
    stage.become(actor, "crm_owner")
    for table in stage.tables:
        name = sql.Identifier(table)
        assert businesses(stage, table) <= {TIDY}, table
        moved = stage.attempt(sql.SQL("update crm.{} set business_id = {}").format(name, sql.Literal(RIVAL)))
        assert moved.sqlstate == "42501", (table, moved)
        gone = stage.attempt(
            sql.SQL("delete from crm.{} where business_id = {} returning 1").format(name, sql.Literal(RIVAL))
        )
        assert gone.rows == [], table
        planted = stage.attempt(
            sql.SQL("insert into crm.{} (business_id) values ({})").format(name, sql.Literal(RIVAL))
        )
        assert planted.sqlstate == "42501", (table, planted)


def test_owner_of_the_tables_sees_nothing_without_a_context(stage: Stage) -> None:
    stage.become(None, "crm_owner")
    for table in [*stage.tables, "business"]:
        outcome = stage.attempt(sql.SQL("select from crm.{}").format(sql.Identifier(table)))
        assert outcome.sqlstate == "42501", table


@pytest.mark.parametrize("table", ["audit_entry", "security_event", "payment", "erasure"])
@pytest.mark.parametrize(
    "statement", ["update crm.{} set business_id = business_id", "delete from crm.{}", "truncate crm.{}"]
)
def test_record_is_changed_by_nobody(stage: Stage, table: str, statement: str) -> None:
    """Not by the owner of the tables, and not by a superuser in a hurry."""
    for role in ("crm_owner", "postgres"):
        stage.become(worker(TIDY), role)
        rule = stage.attempt(statement.format(table)).rule or "nothing stops it"
        assert re.fullmatch(rf"{table}(_\d+)*_is_append_only", rule), role
