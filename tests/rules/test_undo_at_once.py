"""A series that is changed or undone while somebody moves one of its visits, or takes a move back: one after the other, nothing lost."""

from datetime import date, timedelta
from typing import Any

from tests.conftest import PAT, PATS_HOUSE
from tests.rules.test_assignment_time_is_held import Rush, rush  # noqa: F401
from tests.rules.waitlist import TESS

ROUNDS = 6
CHANGE = (
    "select {} from api.series_update(%s, null, 'all', %s, %s, 60, 'day', 1, null, null, null, null, 5, null, null, "
    "%s::uuid[], '[]', null, %s::uuid[])"
)
BY_HAND = "select 'moved' from api.ticket_move(%s, %s, %s)"


def made(rush: Rush, number: int, members: list[Any]) -> tuple[Any, date, Any]:  # noqa: F811
    """A series of five days at nine, its first day, and its last visit."""
    on = (rush.day + timedelta(days=7 * number - 390)).date()
    series = rush.one(
        "office", "select id from api.series_create(%s, %s, %s, '09:00', 60, p_rrule => 'FREQ=DAILY;COUNT=5', p_member_ids => %s::uuid[], p_services => '[]')",
        PAT, PATS_HOUSE, on, members,
    ).id  # fmt: skip
    return series, on, rush.one("office", "select * from crm.ticket where series_id = %s order by starts_at desc limit 1", series)  # fmt: skip


def test_a_series_is_changed_while_a_move_of_a_visit_is_undone(rush):  # noqa: F811
    for number in range(ROUNDS):
        series, on, visit = made(rush, number, [TESS])
        later = visit.starts_at + timedelta(hours=5), visit.ends_at + timedelta(hours=5)
        rush.one("office", BY_HAND, visit.id, *later)
        slip = rush.one("office", "select change_set_id from api.ticket_move_last(%s)", visit.id).change_set_id
        outcomes = rush.at_once(
            ("office", CHANGE.format("'changed'"), series, on, "11:00", [TESS], []),
            ("owner", "select 'undone' from api.ticket_move_undo(%s)", slip),
        )
        assert set(outcomes) <= {"changed", "undone", "change_set_was_changed_since"}, outcomes
        assert "changed" in outcomes


def test_a_series_is_changed_while_a_visit_is_left_out(rush):  # noqa: F811
    for number in range(2 * ROUNDS, 3 * ROUNDS):
        series, on, visit = made(rush, number, [TESS])
        outcomes = rush.at_once(
            ("office", CHANGE.format("'changed'"), series, on, "11:00", [TESS], []),
            ("owner", "select 'left out' from api.series_skip(%s)", visit.id),
        )
        assert sorted(outcomes) == ["changed", "left out"]
        assert rush.one("office", "select status from crm.ticket where id = %s", visit.id).status == "cancelled"


def test_a_move_while_a_change_of_its_series_is_undone_is_not_lost(rush):  # noqa: F811
    for number in range(ROUNDS, 2 * ROUNDS):
        series, on, visit = made(rush, number, [])
        changed = rush.one("office", CHANGE.format("change_set_id"), series, on, "14:00", [], []).change_set_id
        later = visit.starts_at + timedelta(hours=8), visit.ends_at + timedelta(hours=8)
        outcomes = rush.at_once(
            ("office", "select 'series undone' from api.series_undo(%s)", changed), ("owner", BY_HAND, visit.id, *later)
        )
        assert "moved" in outcomes, outcomes
        assert set(outcomes) <= {"moved", "series undone", "change_set_was_changed_since"}
        assert rush.one("office", "select starts_at from crm.ticket where id = %s", visit.id).starts_at == later[0]
