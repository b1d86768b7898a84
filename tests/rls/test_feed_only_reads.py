"""A calendar's context: it sees exactly what its member sees, and not one action is for it, whatever that member may do."""

from dataclasses import replace

import pytest
from psycopg import sql

from tests.conftest import PEOPLE, RIVAL
from tests.rls import actions
from tests.rls.stage import Stage, row_id
from tests.rls.test_reach import VISIT, readable

WORDS = "A calendar feed reads, and does nothing else."


def of(who: str):
    return replace(PEOPLE[who].actor(), kind="feed", grant_id=row_id("feed", PEOPLE[who].business_id))


@pytest.mark.parametrize("name", actions.NAMES)
def test_no_action_is_for_a_feed(stage: Stage, name: str) -> None:
    action = actions.load(name, stage)
    for who in {"owner", "office", "technician"} & set(action.roles):
        stage.become(of(who))
        with stage.undone():
            outcome = action.call(stage)
        if action.asks:
            assert outcome.sqlstate == "42501", outcome
            assert WORDS in outcome.words


@pytest.mark.parametrize("who", ["owner", "office", "technician", "colleague", "stranger"])
def test_a_feed_sees_what_its_member_sees(stage: Stage, who: str) -> None:
    for table in (*VISIT, "member", "assignment"):
        # Of some tables some columns are closed.
        row = sql.SQL("id::text" if table != "assignment" else "ticket_id::text, member_id::text")
        rows = sql.SQL("select business_id::text, {} from {}").format(row, sql.Identifier("crm", table))
        seen = []
        for actor in (PEOPLE[who].actor(), of(who)):
            stage.become(actor)
            outcome = stage.attempt(rows)
            assert outcome.error is None, outcome.error
            seen.append(sorted(map(str, outcome.rows)))
        assert seen[0] == seen[1], table


def test_addresses_are_read_by_nobody(stage: Stage) -> None:
    """Not even their hashes, and not which business has one."""
    stage.become("owner")
    assert stage.attempt("select from internal.feed_token").sqlstate == "42501"
    assert "feed" in readable(stage)
    assert not any("token" in column.name for column in stage.columns if column.table_name == "feed")
    rows = stage.attempt("select business_id from crm.feed").rows
    assert rows
    assert RIVAL not in {row.business_id for row in rows}


def test_a_technician_sees_no_feed_but_their_own(stage: Stage) -> None:
    stage.become("technician")
    assert stage.attempt("select from crm.feed").rows == []
    stage.connection.execute("select api.feed_make(%s)", (b"t" * 32,))
    found = stage.attempt("select member_id, kind from crm.feed").rows
    assert [(row.member_id, row.kind) for row in found] == [(PEOPLE["technician"].member_id, "member")]
