"""Visits of a series: made a year ahead, each once, on the wall's time; left out, paused and ended."""

import json
import threading
from datetime import timedelta

import psycopg
import pytest

from tests.conftest import GUTTERS, PANES, PAT, PATS_HOUSE, become, refused
from tests.rules.series import CARL, TESS, day, make, move, set_clock, visits, walls


@pytest.fixture
def office(psql):
    connection = psql("office")
    set_clock(connection)
    return connection


def test_visits_are_made_a_year_ahead_and_keep_their_wall_time(office):
    made = visits(office, make(office).id)
    assert [visit.occurrence_on for visit in made] == [day("2030-01-08") + timedelta(weeks=n) for n in range(52)]
    assert {visit.wall.time().isoformat() for visit in made} == {"09:00:00"}
    assert {visit.starts_at.hour for visit in made} == {14, 15}, "an hour earlier by UTC in summer"
    assert {tuple(visit.who) for visit in made} == {("Tess",)}


def test_a_visit_has_the_work_and_the_price_that_were_agreed(office):
    work = json.dumps([{"id": str(PANES), "quantity": 24, "unit_price_minor": 350}, {"id": str(GUTTERS)}])
    visit = visits(office, make(office, services=work, count=1).id)[0]
    lines = office.execute(
        "select name, quantity::int, unit_price_minor, price_confirmed from crm.line_item where ticket_id = %s order by position", (visit.id,)
    ).fetchall()  # fmt: skip
    assert lines == [("Exterior windows", 24, 350, True), ("Gutter cleaning", 1, 10000, False)]


def test_the_first_day_is_the_first_of_the_rule(office):
    assert make(office, on="2030-01-09", weekdays=[2], every=2).first_on == day("2030-01-15")
    assert make(
        office, on="2030-01-09", unit="month", monthly_by="nth_weekday", weekdays=[5], nth=-1, at="12:00"
    ).first_on == day("2030-01-25")
    assert make(office, on="2030-01-31", unit="month", at="15:00").nth == 31


def test_a_short_month_has_its_last_day(office):
    made = visits(office, make(office, on="2030-01-31", unit="month", count=4).id)
    assert [f"{visit.occurrence_on:%m-%d}" for visit in made] == ["01-31", "02-28", "03-31", "04-30"]


def test_a_time_that_is_skipped_moves_on_and_one_that_is_there_twice_is_the_first(office):
    made = visits(office, make(office, unit="day", on="2030-03-09", at="02:30", count=3).id)
    assert [f"{visit.wall:%H:%M}" for visit in made] == ["02:30", "03:30", "02:30"]
    twice = visits(office, make(office, unit="day", on="2030-11-02", at="01:30", count=3).id)
    assert [f"{visit.starts_at:%d %H:%M}" for visit in twice] == ["02 06:30", "03 06:30", "04 07:30"]


def test_what_the_clocks_do_is_said_in_words(admin):
    note = "select internal.wall_note(%s, %s, 'America/Chicago') as said"
    said = [
        admin.execute(note, values).fetchone().said
        for values in (("2030-03-10", "02:30"), ("2030-11-03", "01:30"), ("2030-11-03", "09:00"))
    ]
    assert "skipped" in said[0]
    assert "the first" in said[1]
    assert said[2] is None


def test_a_clash_leaves_the_technician_out_and_tells_the_office(office):
    office.execute(
        "select api.ticket_create(%s, %s, '2030-01-15 15:30+00', '2030-01-15 16:30+00', %s::uuid[])", (PAT, PATS_HOUSE, [TESS])
    )  # fmt: skip
    made = visits(office, make(office, members=[TESS, CARL], count=3).id)
    assert [visit.who for visit in made] == [["Carl", "Tess"], ["Carl"], ["Carl", "Tess"]]
    task = office.execute(
        "select ticket_id, detail from crm.task where ticket_id is not null and done_at is null order by id desc"
    ).fetchone()
    assert (task.ticket_id, task.detail) == (made[1].id, "Tess has a visit at Pat Pane then.")


def test_the_horizon_makes_the_next_ones_and_nothing_twice(office, signer):
    series = make(office).id
    left_out = visits(office, series)[3]
    office.execute("select api.series_skip(%s)", (left_out.id,))
    office.execute("select api.ticket_cancel(%s, 'rain')", (visits(office, series)[3].id,))
    become(office, signer, "worker")
    office.execute("select api.series_extend()")
    before = walls(office, series)
    set_clock(office, "2030-01-16 12:00+00")
    made = office.execute("select api.series_extend() as made").fetchone().made
    after = walls(office, series)
    assert made >= 2
    assert len(after) == len(before) + 2
    assert after[: len(before)] == before
    office.execute("select api.series_extend()")
    assert walls(office, series) == after


def test_the_horizon_asks_for_itself_again(admin, signer):
    def asked() -> set[str]:
        return {row.key for row in admin.execute("select key from crm.job where kind = 'series_horizon'")}

    become(admin, signer, "office")
    admin.execute("delete from internal.job_queue")  # of tests that let two horizons meet, which has to be committed
    admin.execute("delete from crm.job")
    set_clock(admin)
    series = make(admin).id
    become(admin, signer, "worker")
    for at in ("2030-01-02", "2030-01-03"):
        set_clock(admin, f"{at} 12:00+00")
        admin.execute("select api.series_extend()")
    assert sorted(asked()) == ["2030-01-02", "2030-01-03", "2030-01-04"]
    become(admin, signer, "office")
    admin.execute("select api.series_end(%s, '2030-01-03')", (series,))


def test_an_occurrence_is_made_once_even_in_psql(admin, signer):
    become(admin, signer, "office")
    set_clock(admin)
    visit = visits(admin, make(admin).id)[0]
    with refused("ticket_is_made_once_for_its_day"):
        admin.execute(
            "insert into crm.ticket (contact_id, starts_at, ends_at, busy_until, series_id, occurrence_on) "
            "select contact_id, starts_at, ends_at, busy_until, series_id, occurrence_on from crm.ticket where id = %s", (visit.id,)
        )  # fmt: skip


def test_two_horizons_at_once_make_each_visit_once(home, signer):
    with psycopg.connect(home.url(), row_factory=psycopg.rows.namedtuple_row) as connection:
        become(connection, signer, "office")
        set_clock(connection)
        who = connection.execute("select id from api.contact_create('person', 'Hanna Horizon')").fetchone().id
        ids = [
            make(connection, contact=who, address=None, at=f"{hour:02}:00", members=[TESS, CARL]).id for hour in (7, 11)
        ]
    start, made = threading.Barrier(4), []

    def extend() -> None:
        with psycopg.connect(home.url()) as connection:
            become(connection, signer, "worker")
            set_clock(connection, "2030-04-01 12:00+00")
            start.wait()
            made.append(connection.execute("select api.series_extend()").fetchone()[0])

    threads = [threading.Thread(target=extend) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with psycopg.connect(home.admin_url, row_factory=psycopg.rows.namedtuple_row) as connection:
        become(connection, signer, "office")
        set_clock(connection, "2030-04-01 12:00+00")
        assert len(made) == 4
        assert sum(1 for each in made if each) == 1
        for series in ids:
            days = [visit.occurrence_on for visit in visits(connection, series)]
            assert days == [day("2030-01-08") + timedelta(weeks=n) for n in range(len(days))]
            assert days[-1] == day("2031-04-01")
            connection.execute("select api.series_end(%s, '2030-04-01')", (series,))


def test_one_is_left_out_and_the_series_goes_on(office):
    series = make(office).id
    first, second, third = visits(office, series)[:3]
    office.execute("select api.series_skip(%s)", (second.id,))
    assert [visit.id for visit in visits(office, series)[:2]] == [first.id, third.id]


def test_only_an_open_visit_of_a_series_is_left_out(office, visit):
    with refused("series_skip_is_of_a_series"), office.transaction():
        office.execute("select api.series_skip(%s)", (visit(office).id,))


def test_a_pause_takes_visits_back_and_its_end_makes_them_again(office):
    series = make(office).id
    by_hand = visits(office, series)[2]
    move(office, by_hand, "2030-01-23 16:00+00")
    office.execute("select api.series_pause(%s, '2030-01-15', '2030-02-05')", (series,))
    assert walls(office, series)[:3] == ["01-08 09:00", "01-23 10:00", "02-12 09:00"]
    office.execute("select api.series_resume(%s)", (series,))
    assert walls(office, series)[:5] == ["01-08 09:00", "01-15 09:00", "01-23 10:00", "01-29 09:00", "02-05 09:00"]


def test_a_pause_that_ends_early_stays_on_record(office):
    series = make(office).id
    office.execute("select api.series_pause(%s, '2030-01-08')", (series,))
    assert walls(office, series) == []
    set_clock(office, "2030-01-21 18:00+00")
    office.execute("select api.series_resume(%s)", (series,))
    row = office.execute("select paused_from, paused_until from crm.series where id = %s", (series,)).fetchone()
    assert row == (day("2030-01-08"), day("2030-01-20"))
    assert walls(office, series)[0] == "01-22 09:00"


def test_an_end_cancels_what_comes_after_it_but_for_what_was_moved_by_hand(office):
    series = make(office).id
    move(office, visits(office, series)[4], "2030-02-06 16:00+00")
    office.execute("select api.series_end(%s, '2030-01-22')", (series,))
    assert walls(office, series) == ["01-08 09:00", "01-15 09:00", "02-06 10:00"]
    for action in ("series_end(%s, '2030-03-01')", "series_pause(%s, '2030-03-01')"):
        with refused("series_ended_is_final"), office.transaction():
            office.execute(f"select api.{action}", (series,))


def test_what_somebody_moves_is_marked_whoever_types_it(admin, signer):
    become(admin, signer, "office")
    set_clock(admin)
    series = make(admin).id
    moved, sent, told = visits(admin, series)[:3]
    admin.execute(
        "update crm.ticket set starts_at = starts_at + interval '1 hour', ends_at = ends_at + interval '1 hour' where id = %s",
        (moved.id,),
    )
    admin.execute("delete from crm.assignment where ticket_id = %s", (sent.id,))
    admin.execute("update crm.ticket set instructions = 'Ring twice.' where id = %s", (told.id,))
    assert [visit.moved_by_hand for visit in visits(admin, series)[:3]] == [True, True, False]


@pytest.mark.parametrize(
    ("wish", "rule"),
    [
        ({"every": 0}, "series_every_is_sane"),
        ({"unit": "hour"}, "series_unit_is_known"),
        ({"minutes": 0}, "series_minutes_are_sane"),
        ({"minutes": 721}, "series_minutes_are_sane"),
        ({"weekdays": [8]}, "series_weekdays_are_days"),
        ({"unit": "month", "nth": 32}, "series_rule_is_whole"),
        ({"unit": "month", "monthly_by": "nth_weekday", "nth": 5}, "series_rule_is_whole"),
        ({"until_on": "2030-01-07"}, "series_until_on_is_not_before_it_starts"),
        ({"count": 0}, "series_count_is_sane"),
        ({"count": 3, "until_on": "2031-01-01"}, "series_until_or_count"),
        ({"instructions": "x" * 2001}, "series_instructions_are_not_too_long"),
        ({"rrule": "FREQ=SECONDLY"}, "series_rrule_is_one_of_ours"),
        ({"services": json.dumps([{"id": str(PANES)}] * 2)}, "series_service_is_there_once"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(office, wish, rule):
    with refused(rule):
        make(office, **wish)
