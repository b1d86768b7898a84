"""Random changes of a series in random zones, against a small model: what people moved or closed is never lost, the wall's
time is kept over both changes of the clocks, a preview tells what then happens, and an undo leaves all as it was."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from tests.conftest import PATS_HOUSE, TIDY, become
from tests.functions.test_contact_merge_undo import Desk
from tests.rules.series import CARL, TESS, change, make, preview, set_clock
from tests.rules.test_series_days import ZONES, columns, oracle

rules = some.fixed_dictionaries({
    "every": some.sampled_from([1, 2, 4]), "unit": some.sampled_from(["week", "week", "month", "year"]),
    "days": some.sets(some.integers(1, 7), min_size=1, max_size=2), "by": some.sampled_from(["day", "nth_weekday"]),
    "day": some.integers(1, 31), "nth": some.sampled_from([1, 2, 3, 4, -1]), "end": some.one_of(some.none(), some.none(), some.integers(3, 20)),
})  # fmt: skip
clock = some.sampled_from([time(0, 30), time(1, 30), time(2, 0), time(2, 30), time(9), time(23, 45)])
place = some.integers(0, 30)
acts = some.one_of(
    some.tuples(some.just("change"), some.sampled_from(["following", "all"]), place, some.integers(-3, 10), rules, clock, some.booleans()),
    some.tuples(some.just("this"), place, some.integers(0, 9), clock),
    some.tuples(some.just("move"), place, some.integers(-2, 5), some.booleans()),
    some.tuples(some.sampled_from(["skip", "cancel", "start", "complete"]), place),
    some.tuples(some.just("pause"), some.integers(0, 200), some.one_of(some.none(), some.integers(0, 90))),
    some.tuples(some.sampled_from(["resume", "wait", "book"]), place),
)  # fmt: skip


class World:
    """A series, what people did to its visits, and what must be so whatever comes next."""

    def __init__(self, connection: Any, signer: Any, zone: str, now: datetime) -> None:
        self.connection, self.signer, self.zone, self.now = connection, signer, ZoneInfo(zone), now
        self.desk = Desk(connection, signer)
        become(connection, signer, "office")
        self.tell_time()
        connection.execute("update crm.business set time_zone = %s where business_id = %s", (zone, TIDY))
        self.hand: dict[Any, Any] = {}  # visits that somebody moved: where they are
        self.closed: dict[Any, Any] = {}

    def tell_time(self) -> None:
        set_clock(self.connection, self.now.isoformat())

    def everything(self) -> dict[str, list[Any]]:
        """All there is; but not since when a technician or a line has been on a visit, for that is in no audit, and how often
        a visit was changed, for an undo is a change too."""
        rows = self.desk.everything()
        del (
            rows["crm.job"],
            rows["internal.job_queue"],
        )  # a job of a mail that is not to be sent any more finds nothing to do
        for table, left_out in (
            ("crm.assignment", "created_at"),
            ("crm.line_item", "created_at"),
            ("crm.ticket", "revision"),
        ):
            plain = [{name: value for name, value in row.items() if name != left_out} for row in rows[table]]
            rows[table] = sorted(plain, key=str)
        return rows

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def rows(self) -> dict[Any, Any]:
        return {
            row.id: row for row in self.connection.execute(
                "select id, series_id, occurrence_on, status, starts_at, ends_at, moved_by_hand from crm.ticket where series_id is not null "
                "and business_id = %s order by starts_at, id", (TIDY,)
            )
        }  # fmt: skip

    def open(self, *, by_rule: bool = False) -> list[Any]:
        """Open visits of the series that goes on, from today on."""
        return [
            row for row in self.rows().values() if row.series_id == self.series and row.status == "scheduled"
            and row.occurrence_on >= self.today and not (by_rule and row.moved_by_hand)
        ]  # fmt: skip

    def book(self, rule: dict[str, Any], at: time) -> None:
        self.made = make(self.connection, **self.wish(rule, self.today + timedelta(days=1), at))
        self.series = self.made.id

    def wish(self, rule: dict[str, Any], on: date, at: time) -> dict[str, Any]:
        known = columns(rule | {"first_on": on})
        return {"on": on, "at": at, "members": [TESS]} | {
            name: known[name] for name in ("every", "unit", "weekdays", "monthly_by", "nth", "count")
        }

    def check(self) -> None:
        rows = self.rows()
        for ticket, row in self.hand.items():
            now = rows[ticket]
            assert (now.starts_at, now.ends_at, now.moved_by_hand) == (row.starts_at, row.ends_at, True), (
                "moved by hand, and lost"
            )
        for ticket, row in self.closed.items():
            assert rows[ticket] == row, "closed is final"
        series = self.connection.execute("select * from crm.series where id = %s", (self.series,)).fetchone()
        days = {
            row.occurrence_on for row in self.connection.execute("select occurrence_on from crm.series_skip where series_id = %s", (self.series,))
        }  # fmt: skip
        for row in rows.values():
            if row.series_id != self.series or row.occurrence_on is None:
                continue
            if row.status == "scheduled" and not row.moved_by_hand and row.occurrence_on >= self.today:
                wall = datetime.combine(row.occurrence_on, series.starts_at_wall, self.zone)
                assert row.starts_at == wall.astimezone(UTC), "the wall's time"
                assert row.ends_at - row.starts_at == timedelta(minutes=series.minutes)
            days.add(row.occurrence_on)
        rule = {
            name: getattr(series, name)
            for name in ("every", "unit", "weekdays", "monthly_by", "nth", "count", "until_on")
        }
        horizon = self.filled_to
        wanted = {
            day for day in takewhile(lambda day: day <= horizon, oracle(rule, series.first_on)) if day >= self.today
        }
        paused = {
            day for day in wanted if series.paused_from and series.paused_from <= day and (series.paused_until is None or day <= series.paused_until)
        }  # fmt: skip
        assert wanted - paused <= days, "each day of the rule has had its visit"
        assert {day for day in days if self.today <= day <= horizon} <= wanted, "and no other day has one"
        assert not [row for row in self.open(by_rule=True) if row.occurrence_on in paused]

    # ---- what people do ---------------------------------------------------------------------------

    def act(self, name: str, *values: Any) -> None:
        visits = self.open()
        if name == "wait":
            self.now += timedelta(days=3 * values[0])
            self.tell_time()
            become(self.connection, self.signer, "worker")
            self.connection.execute("select api.series_extend()")
            become(self.connection, self.signer, "office")
            self.filled_to = self.horizon()
        elif name in ("pause", "resume"):
            self.pause(name, *values)
        elif visits:
            getattr(self, f"do_{name}")(visits[values[-1] % len(visits)] if len(values) == 1 else visits, *values)

    def horizon(self) -> date:
        row = self.connection.execute(
            "select ((internal.now() at time zone %s) + interval '12 months')::date as day", (str(self.zone),)
        ).fetchone()
        return row.day

    def do_change(
        self, visits: list[Any], scope: str, number: int, shift: int, rule: dict[str, Any], at: time, ticked: bool
    ) -> None:
        visit = visits[number % len(visits)]
        on = max(self.today, visit.occurrence_on + timedelta(days=shift))
        wish = self.wish(rule, on, at) | {
            "scope": scope,
            "ticket": visit.id,
            "move_by_hand": list(self.hand) if ticked else [],
        }
        foreseen = {step.ticket_id: step for step in preview(self.connection, self.series, **wish) if step.ticket_id}
        before, world = self.everything(), self.rows()
        made = change(self.connection, self.series, **wish)
        self.connection.execute("select api.series_undo(%s)", (made.change_set_id,))
        after = self.everything()
        gone = {name: [row for row in before[name] if row not in rows] for name, rows in after.items()}
        more = {name: [row for row in rows if row not in before[name]] for name, rows in after.items()}
        assert ({k: v for k, v in gone.items() if v}, {k: v for k, v in more.items() if v}) == ({}, {}), (
            "an undo leaves all as it was"
        )
        made = change(self.connection, self.series, **wish)
        rows = self.rows()
        for ticket, step in foreseen.items():
            now = rows[ticket]
            assert (now.status == "cancelled") == (step.does == "cancel" or world[ticket].status == "cancelled")
            assert (now.starts_at, now.ends_at) == (
                (step.new_starts_at, step.new_ends_at) if step.does == "move" else world[ticket][4:6]
            )
            if step.does in ("move", "cancel"):
                assert ticket not in self.hand or ticked, "nobody ticked it"
                self.hand.pop(ticket, None)
        self.series = made.series_id

    def do_this(self, visits: list[Any], number: int, shift: int, at: time) -> None:
        visit = visits[number % len(visits)]
        wish = {
            "scope": "this",
            "ticket": visit.id,
            "on": visit.occurrence_on + timedelta(days=shift),
            "at": at,
            "members": [TESS, CARL],
        }
        change(self.connection, self.series, **wish)
        self.remember(visit)

    def do_move(self, visits: list[Any], number: int, shift: int, both: bool) -> None:
        visit = visits[number % len(visits)]
        starts_at = visit.starts_at + timedelta(days=shift, minutes=45)
        self.connection.execute(
            "select api.ticket_update(%s, %s, %s, %s, %s::uuid[], null, 'she asked')",
            (visit.id, PATS_HOUSE, starts_at, starts_at + timedelta(minutes=50), [TESS, CARL] if both else [CARL]),
        )
        self.remember(visit)

    def remember(self, visit: Any) -> None:
        row = self.rows()[visit.id]
        if row.moved_by_hand:
            self.hand[visit.id] = row

    def do_skip(self, visit: Any, _: int) -> None:
        self.connection.execute("select api.series_skip(%s)", (visit.id,))
        self.close(visit)

    def do_cancel(self, visit: Any, _: int) -> None:
        self.connection.execute("select api.ticket_cancel(%s, 'rain')", (visit.id,))
        self.close(visit)

    def do_start(self, visit: Any, _: int) -> None:
        self.connection.execute("select api.ticket_clock_in(%s)", (visit.id,))
        self.close(visit)

    def do_complete(self, visit: Any, _: int) -> None:
        self.connection.execute("select api.ticket_clock_in(%s)", (visit.id,))
        for step in ("work", "note", "next"):
            self.connection.execute("select api.close_out_gap(%s, %s, 'why')", (visit.id, step))
        self.connection.execute("select api.ticket_complete(%s)", (visit.id,))
        self.close(visit)

    def close(self, visit: Any) -> None:
        self.hand.pop(visit.id, None)
        self.closed[visit.id] = self.rows()[visit.id]

    def do_book(self, visit: Any, _: int) -> None:
        """Somebody else has Tess at a time that a change may want."""
        at = visit.starts_at + timedelta(days=1)
        self.connection.execute(
            "select api.ticket_create((select contact_id from crm.ticket where id = %s), null, %s, %s, %s::uuid[], '{}', null, 'both')",
            (visit.id, at, at + timedelta(hours=2), [TESS]),
        )

    def pause(self, name: str, after: int, days: int | None = None) -> None:
        ended = self.connection.execute(
            "select paused_from, paused_until from crm.series where id = %s", (self.series,)
        ).fetchone()
        if name == "resume" and (ended.paused_from is None or (ended.paused_until and ended.paused_until < self.today)):
            return
        before = self.everything()
        start = self.today + timedelta(days=after)
        for again in (True, False):
            if name == "pause":
                until = None if days is None else start + timedelta(days=days)
                done = self.connection.execute(
                    "select id from api.series_pause(%s, %s, %s)", (self.series, start, until)
                ).fetchone()
            else:
                done = self.connection.execute("select id from api.series_resume(%s)", (self.series,)).fetchone()
            if again:
                self.connection.execute("select api.series_undo(%s)", (done.id,))
                assert self.everything() == before
        self.filled_to = self.horizon()


@settings(
    max_examples=25,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)
@given(
    zone=some.sampled_from(ZONES), start=some.integers(0, 20 * 365).map(lambda n: datetime(2030, 1, 1, 18, tzinfo=UTC) + timedelta(days=n)),
    rule=rules, at=clock, story=some.lists(acts, min_size=1, max_size=6),
)  # fmt: skip
def test_random_stories_lose_nothing(admin, signer, zone, start, rule, at, story):
    with admin.transaction(force_rollback=True):
        world = World(admin, signer, zone, start)
        world.book(rule | {"end": None}, at)
        world.filled_to = world.horizon()
        world.check()
        for act in story:
            world.act(*act)
            world.check()
