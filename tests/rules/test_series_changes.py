"""A change of a series: this visit, this and those after it, or all; what is closed or was moved by hand stays; and its undo."""

import json
from datetime import datetime, timedelta

import pytest

from tests.conftest import GUTTERS, PANES, PAT, PATS_HOUSE, become, refused
from tests.rules.series import CARL, TESS, change, make, move, preview, set_clock, visits, walls


@pytest.fixture
def office(psql):
    connection = psql("office")
    set_clock(connection)
    return connection


def weekly(first: str, number: int, at: str = "09:00") -> list[str]:
    start = datetime.fromisoformat(f"{first} {at}")
    return [f"{start + timedelta(weeks=n):%m-%d %H:%M}" for n in range(number)]


def test_all_visits_to_come_move_and_keep_who_they_are(office):
    series = make(office).id
    before = visits(office, series)
    made = change(office, series, on="2030-01-09", weekdays=[2], at="10:30")
    after = visits(office, made.series_id)
    assert [visit.id for visit in after][:52] == [visit.id for visit in before]
    assert walls(office, made.series_id)[:52] == weekly("2030-01-09", 52, "10:30")
    assert (made.moved, made.cancelled, made.stayed_by_hand, made.clashing) == (52, 0, 0, 0)
    assert visits(office, series) == []


def test_a_visit_moved_by_hand_stays_unless_it_is_ticked(office):
    series = make(office).id
    by_hand = visits(office, series)[2]
    move(office, by_hand, "2030-01-25 20:00+00")
    for ticked, wall in (([], "01-25 14:00"), ([by_hand.id], "01-24 09:00")):
        steps = {step.ticket_id: step for step in preview(office, series, on="2030-01-10", move_by_hand=ticked)}
        assert steps[by_hand.id].does == ("move" if ticked else "stay")
        with office.transaction(force_rollback=True):
            made = change(office, series, on="2030-01-10", move_by_hand=ticked)
            assert walls(office, made.series_id)[2] == wall
            assert made.stayed_by_hand == (0 if ticked else 1)
            assert len(visits(office, made.series_id)) == 52, "there is none made beside it"


def test_this_and_the_following_leave_those_before_alone(office):
    series = make(office).id
    third = visits(office, series)[2]
    made = change(office, series, scope="following", ticket=third.id, on="2030-01-24", at="09:00")
    assert walls(office, series) == ["01-08 09:00", "01-15 09:00"]
    assert walls(office, made.series_id)[:2] == ["01-24 09:00", "01-31 09:00"]
    row = office.execute("select ended_on::text from crm.series where id = %s", (series,)).fetchone()
    assert row.ended_on == "2030-01-22"
    with refused("series_ended_is_final"):
        change(office, series, on="2030-01-24")


def test_this_one_only_is_moved_by_hand_and_the_series_goes_on(office):
    series = make(office).id
    third = visits(office, series)[2]
    made = change(office, series, scope="this", ticket=third.id, on="2030-01-24", at="13:00", members=[CARL])
    after = visits(office, series)
    assert made.series_id == series
    assert (after[2].id, after[2].moved_by_hand, after[2].who) == (third.id, True, ["Carl"])
    assert walls(office, series)[:4] == ["01-08 09:00", "01-15 09:00", "01-24 13:00", "01-29 09:00"]


def test_the_preview_knows_who_has_time_off_or_another_visit(office):
    series = make(office, count=3).id
    office.execute("select api.time_off_add(%s, '2030-01-16', '2030-01-17', 'dentist')", (TESS,))
    office.execute(
        "select api.ticket_create(%s, null, '2030-01-23 15:30+00', '2030-01-23 16:00+00', %s::uuid[])", (PAT, [TESS])
    )
    wish = {"on": "2030-01-09", "weekdays": [3], "count": 3}
    steps = preview(office, series, **wish)
    assert [step.does for step in steps] == ["move"] * 3
    first, second, third = (step.clash for step in steps)
    assert first is None
    assert second == "Tess has time off then (dentist)."
    assert third.startswith("Tess has a visit at ")
    made = change(office, series, **wish)
    assert [visit.who for visit in visits(office, made.series_id)] == [["Tess"], [], []]
    assert made.clashing == 2


def test_all_from_a_later_one_move_by_as_much_as_it(office):
    series = make(office).id
    fifth = visits(office, series)[4]
    made = change(office, series, scope="all", ticket=fifth.id, on="2030-02-07")
    assert walls(office, made.series_id)[:52] == weekly("2030-01-10", 52)


def test_a_number_of_visits_counts_from_the_visit_that_it_was_said_of(office):
    series = make(office, count=10).id
    fifth = visits(office, series)[4]
    left = office.execute("select count_left from api.series_read(%s, %s)", (series, fifth.occurrence_on)).fetchone()
    made = change(office, series, scope="all", ticket=fifth.id, on="2030-02-07", count=left.count_left)
    assert walls(office, made.series_id) == weekly("2030-01-10", 10)


def test_another_rhythm_keeps_the_days_in_common_and_makes_and_cancels_the_rest(office):
    series = make(office).id
    kept = [visit.id for visit in visits(office, series)][::2]
    made = change(office, series, every=2, weekdays=[2])
    assert [visit.id for visit in visits(office, made.series_id)] == kept
    assert (made.cancelled, made.moved, made.made) == (26, 0, 0)
    back = change(office, made.series_id, every=1, weekdays=[2])
    assert back.made == 26
    assert walls(office, back.series_id) == weekly("2030-01-08", 52)


def test_what_was_left_out_stays_left_out_and_what_is_closed_stays(office, signer):
    series = make(office).id
    second, third = visits(office, series)[1:3]
    office.execute("select api.series_skip(%s)", (second.id,))
    set_clock(office, "2030-01-22 16:00+00")
    become(office, signer, "technician")
    office.execute("select api.ticket_clock_in(%s)", (third.id,))
    become(office, signer, "office")
    made = change(office, series, on="2030-01-31", weekdays=[4])
    assert walls(office, made.series_id)[0] == "01-31 09:00"
    assert [visit.status for visit in visits(office, series, every_status=True)] == [
        "scheduled",
        "cancelled",
        "in_progress",
    ]


def test_a_left_out_day_is_left_out_on_its_new_day(office):
    series = make(office).id
    office.execute("select api.series_skip(%s)", (visits(office, series)[1].id,))
    made = change(office, series, on="2030-01-10")
    assert walls(office, made.series_id)[:2] == ["01-10 09:00", "01-24 09:00"]


def test_a_clash_is_foreseen_and_leaves_the_technician_out(office):
    series = make(office).id
    office.execute(
        "select api.ticket_create(%s, %s, '2030-01-15 20:00+00', '2030-01-15 21:00+00', %s::uuid[])", (PAT, PATS_HOUSE, [TESS])
    )  # fmt: skip
    foreseen = [step.clash for step in preview(office, series, at="14:00")]
    assert foreseen[:3] == [None, "Tess has a visit at Pat Pane then.", None]
    made = change(office, series, at="14:00")
    assert [visit.who for visit in visits(office, made.series_id)[:3]] == [["Tess"], [], ["Tess"]]
    assert made.clashing == 1


def test_visits_of_one_series_do_not_stand_in_each_others_way(office):
    series = make(office, unit="day", count=20).id
    made = change(office, series, on="2030-01-09", unit="day", count=20)
    assert made.clashing == 0
    assert {tuple(visit.who) for visit in visits(office, made.series_id)} == {("Tess",)}


def test_work_place_and_words_go_along_and_what_was_added_by_hand_stays(office):
    series = make(office, count=2, instructions="Ring twice.").id
    own, told = visits(office, series)
    office.execute("select api.line_item_add(%s, %s)", (own.id, GUTTERS))
    office.execute(
        "select api.ticket_update(%s, %s, %s, %s, %s::uuid[], 'Mind the dog.')", (told.id, PATS_HOUSE, told.starts_at, told.ends_at, [TESS])
    )  # fmt: skip
    work = json.dumps([{"id": str(PANES), "quantity": 30}])
    made = change(office, series, count=2, services=work, instructions="Ring once.", members=[TESS, CARL])
    rows = office.execute(
        "select t.instructions, array(select l.name || ' ' || l.quantity::int from crm.line_item l where l.ticket_id = t.id order by 1) as work "
        "from crm.ticket t where series_id = %s order by starts_at", (made.series_id,)
    ).fetchall()  # fmt: skip
    assert [tuple(row) for row in rows] == [
        ("Ring once.", ["Exterior windows 30", "Gutter cleaning 1"]), ("Mind the dog.", ["Exterior windows 30"])
    ]  # fmt: skip
    assert made.changed == 2


def test_a_pause_goes_along(office):
    series = make(office).id
    office.execute("select api.series_pause(%s, '2030-01-15', '2030-01-31')", (series,))
    made = change(office, series, on="2030-01-10")
    assert walls(office, made.series_id)[:2] == ["01-10 09:00", "02-07 09:00"]


@pytest.mark.parametrize(
    ("wish", "rule"),
    [
        ({"scope": "some"}, "series_scope_is_known"),
        ({"on": None}, "series_on_is_given"),
        ({"on": "2029-12-31"}, "series_on_is_not_behind_us"),
        ({"every": 366}, "series_every_is_sane"),
        ({"scope": "this", "minutes": 1000}, "series_minutes_are_sane"),
    ],
)
def test_a_change_that_cannot_be_is_refused_before_and_when_it_is_made(office, wish, rule):
    series = make(office).id
    for act in (preview, change):
        with refused(rule), office.transaction():
            act(office, series, **wish)


def test_a_change_is_undone(office):
    series = make(office).id
    before = visits(office, series)
    made = change(office, series, every=3, weekdays=[2, 4], at="07:00", members=[CARL], services="[]")
    office.execute("select api.series_undo(%s)", (made.change_set_id,))
    assert visits(office, series) == before
    assert office.execute("select count(*) as n from crm.series where follows_id = %s", (series,)).fetchone().n == 0
    with refused("change_set_is_undone_once"):
        office.execute("select api.series_undo(%s)", (made.change_set_id,))


def test_what_the_worker_made_since_is_gone_with_an_undo(office, signer):
    series = make(office).id
    made = change(office, series, on="2030-01-09")
    set_clock(office, "2030-01-20 12:00+00")
    become(office, signer, "worker")
    office.execute("select api.series_extend()")
    become(office, signer, "office")
    assert len(visits(office, made.series_id)) > 52
    office.execute("select api.series_undo(%s)", (made.change_set_id,))
    assert walls(office, series) == weekly("2030-01-08", 52)


def test_an_undo_is_refused_with_what_somebody_changed_since(office):
    series = make(office).id
    made = change(office, series, every=2, on="2030-01-09", weekdays=[3])
    somebody = visits(office, made.series_id)[1]
    move(office, somebody, "2030-01-26 16:00+00")
    since = office.execute("select * from api.series_undo_changes(%s)", (made.change_set_id,)).fetchall()
    assert {(row.row_id, row.member) for row in since} == {(str(somebody.id), "Omar")}
    with refused("change_set_was_changed_since"):
        office.execute("select api.series_undo(%s)", (made.change_set_id,))


def test_an_undo_is_refused_when_a_time_was_given_away(office):
    series = make(office).id
    made = change(office, series, at="15:00")
    office.execute(
        "select api.ticket_create(%s, %s, '2030-01-15 15:00+00', '2030-01-15 16:00+00', %s::uuid[])",
        (PAT, PATS_HOUSE, [TESS]),
    )
    with refused("assignment_is_not_double_booked"):
        office.execute("select api.series_undo(%s)", (made.change_set_id,))


@pytest.mark.parametrize("act", ["series_pause(%s, '2030-01-15')", "series_end(%s, '2030-01-15')"])
def test_a_pause_and_an_end_are_undone(office, act):
    series = make(office).id
    before = visits(office, series)
    row = office.execute(f"select id from api.{act}", (series,)).fetchone()
    assert len(visits(office, series)) == 1
    office.execute("select api.series_undo(%s)", (row.id,))
    assert visits(office, series) == before


def test_nobody_opens_a_cancelled_visit_but_by_such_an_undo(admin, signer):
    become(admin, signer, "office")
    set_clock(admin)
    series = make(admin).id
    visit = visits(admin, series)[0]
    row = admin.execute("select id from api.series_skip(%s)", (visit.id,)).fetchone()
    admin.execute("select set_config('app.change_set', %s, true)", (str(row.id),))
    with refused("ticket_closed_is_final"), admin.transaction():
        admin.execute(
            "update crm.ticket set status = 'scheduled', cancelled_at = null, cancelled_by = null, cancel_reason = null where id = %s",
            (visit.id,),
        )
    with refused("ticket_is_never_deleted"), admin.transaction():
        admin.execute("delete from crm.ticket where id = %s", (visit.id,))
    admin.execute("select api.series_undo(%s)", (row.id,))
    assert visits(admin, series)[0].id == visit.id
