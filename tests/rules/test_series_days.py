"""The days of a rule and the instants of its wall times, against two programs that know nothing of ours."""

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from dateutil import rrule
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

# Countries change their minds: none whose clocks were changed lately, of which PostgreSQL and Python may have heard at different times.
ZONES = [
    "America/Chicago", "America/New_York", "America/Los_Angeles", "America/Denver", "America/Phoenix",
    "America/Anchorage", "America/Halifax", "America/St_Johns", "America/Sao_Paulo", "America/Bogota",
    "America/Asuncion", "America/Santiago", "America/Havana", "Pacific/Honolulu", "Europe/London", "Europe/Dublin",
    "Europe/Lisbon", "Europe/Berlin", "Europe/Paris", "Europe/Athens", "Europe/Helsinki", "Europe/Istanbul",
    "Europe/Moscow", "Africa/Cairo", "Africa/Tunis", "Africa/Lagos", "Africa/Johannesburg", "Asia/Jerusalem",
    "Asia/Tehran", "Asia/Dubai", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney",
    "Australia/Adelaide", "Australia/Lord_Howe", "Australia/Perth", "Pacific/Auckland", "Pacific/Chatham",
    "Pacific/Apia",
]  # fmt: skip
assert len(ZONES) > 40
START = date(2010, 1, 1)
DAYS = (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU)
UNITS = {"day": rrule.DAILY, "week": rrule.WEEKLY, "month": rrule.MONTHLY, "year": rrule.YEARLY}

dates = some.integers(0, 20 * 365 + 4).map(lambda n: START + timedelta(days=n))
rules = some.fixed_dictionaries({
    "first_on": dates, "every": some.sampled_from([1, 1, 2, 3, 4, 6, 13]), "unit": some.sampled_from(list(UNITS)),
    "days": some.sets(some.integers(1, 7), min_size=1, max_size=4), "by": some.sampled_from(["day", "nth_weekday"]),
    "day": some.integers(1, 31), "nth": some.sampled_from([1, 2, 3, 4, -1]),
    "end": some.one_of(some.none(), some.integers(1, 60), some.integers(0, 4000).map(lambda n: timedelta(days=n))),
})  # fmt: skip
many = settings(
    max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=False
)


def columns(rule: dict[str, Any]) -> dict[str, Any]:
    """What the table keeps of it; the first day is the first of the rule."""
    unit, by = rule["unit"], rule["by"] if rule["unit"] in ("month", "year") else None
    made = {
        "every": rule["every"], "unit": unit, "monthly_by": by,
        "weekdays": sorted(rule["days"]) if unit == "week" else [min(rule["days"])] if by == "nth_weekday" else None,
        "nth": {"day": rule["day"], "nth_weekday": rule["nth"], None: None}[by],
        "count": rule["end"] if isinstance(rule["end"], int) else None,
    }  # fmt: skip
    first = next(iter(oracle(made | {"every": 1, "count": None}, rule["first_on"], anchor=True)))
    return made | {"first_on": first, "until_on": first + rule["end"] if isinstance(rule["end"], timedelta) else None}


def oracle(rule: dict[str, Any], first_on: date, *, anchor: bool = False) -> Any:
    """The same days by dateutil. Our rule for short months is said in its own terms: the last of those that there are."""
    more: dict[str, Any] = {}
    if rule["unit"] == "week":
        more["byweekday"] = [DAYS[day - 1] for day in rule["weekdays"]]
    if rule["unit"] in ("month", "year") and rule["monthly_by"] == "day":
        more |= {"bymonthday": list(range(min(rule["nth"], 28), rule["nth"] + 1)), "bysetpos": -1}
    elif rule["unit"] in ("month", "year"):
        more["byweekday"] = DAYS[rule["weekdays"][0] - 1](rule["nth"])
    if rule["unit"] == "year":
        more["bymonth"] = first_on.month
    # Whoever looks for the first day looks over every period from there on.
    start = first_on if anchor or rule["unit"] != "week" else first_on - timedelta(days=first_on.weekday())
    found = rrule.rrule(UNITS[rule["unit"]], interval=rule["every"], dtstart=datetime.combine(start, time()), **more)
    until = rule.get("until_on")
    days = (day.date() for day in found if day.date() >= first_on)
    for number, day in enumerate(days, 1):
        if (until and day > until) or (rule["count"] and number > rule["count"]):
            return
        yield day


CALL = (
    "select internal.series_days(%(first_on)s, %(every)s, %(unit)s, %(weekdays)s::smallint[], %(monthly_by)s, %(nth)s, "
    "%(until_on)s, %(count)s, %(from)s, %(to)s) as day"
)


def test_the_days_of_a_rule_are_those_of_dateutil(admin):
    @many
    @given(rule=rules, skip=some.integers(-50, 3000), span=some.integers(0, 2000))
    def check(rule: dict[str, Any], skip: int, span: int) -> None:
        made = columns(rule)
        start = made["first_on"] + timedelta(days=skip)
        stop = start + timedelta(days=span)
        expected = []
        for day in oracle(made, made["first_on"]):
            if day > stop:
                break
            if day >= start:
                expected.append(day)
        assert [row.day for row in admin.execute(CALL, made | {"from": start, "to": stop})] == expected

    check()


def test_the_rrule_of_a_series_has_the_same_days_in_other_programs(admin):
    @many
    @given(rule=rules, zone=some.sampled_from(ZONES), minutes=some.integers(0, 1439))
    def check(rule: dict[str, Any], zone: str, minutes: int) -> None:
        made, at = columns(rule), time(minutes // 60, minutes % 60)
        row = admin.execute(
            "select internal.series_rrule(s) as text, array(select internal.series_days(s.first_on, s.every, s.unit, s.weekdays, "
            "s.monthly_by, s.nth, s.until_on, s.count, s.first_on, s.first_on + 2500)) as days, (t.x).first_on is not null as kept, "
            "to_jsonb(t.x) = to_jsonb(s) as same from (select (r.s).* from (select jsonb_populate_record(null::crm.series, %s) as s) r) s, "
            "lateral (select internal.series_of_rrule(jsonb_populate_record(null::crm.series, to_jsonb(s) - "
            "'{every,unit,weekdays,monthly_by,nth,until_on,count}'::text[]), internal.series_rrule(s)) as x) t",
            (json_of(made | {"time_zone": zone, "starts_at_wall": at.isoformat()}),),
        ).fetchone()
        read = rrule.rrulestr(row.text, dtstart=datetime.combine(made["first_on"], at, ZoneInfo(zone)))
        stop = datetime.combine(made["first_on"] + timedelta(days=2501), time(), ZoneInfo(zone))
        days = []
        for found in read:
            if found >= stop:
                break
            days.append(found.date())
        assert days == row.days
        assert row.same, "what is written is read as the same rule"

    check()


def json_of(made: dict[str, Any]) -> str:
    return json.dumps(made, default=str)


def test_wall_times_are_those_of_the_zone(admin):
    """A time that is skipped moves on by the gap, of one that exists twice it is the first: fold 0, as Python has it."""

    @settings(many, max_examples=150)
    @given(
        zone=some.sampled_from(ZONES),
        year=some.integers(2010, 2029),
        minutes=some.lists(some.integers(0, 1439), min_size=3, max_size=3),
    )
    def check(zone: str, year: int, minutes: list[int]) -> None:
        here = ZoneInfo(zone)
        walls = [datetime(year, month, 15, 9) for month in range(1, 13)]
        for before in changes(zone, year):  # around each change of the clocks, every quarter of an hour
            walls += [before + timedelta(minutes=15 * n) for n in range(-20, 20)]
            walls += [datetime.combine(before.date(), time(each // 60, each % 60)) for each in minutes]
        rows = admin.execute(
            "select w, internal.wall_instant(w::date, w::time, %s) as at from unnest(%s::timestamp[]) w", (zone, walls)
        ).fetchall()
        for row in rows:
            assert row.at == row.w.replace(tzinfo=here).astimezone(UTC), (zone, row.w)

    check()


def changes(zone: str, year: int) -> list[datetime]:
    """What the clock reads when it is changed."""
    here, found = ZoneInfo(zone), []
    hour = datetime(year, 1, 1, tzinfo=UTC)
    ahead = hour.astimezone(here).utcoffset()
    while hour.year == year:
        hour += timedelta(hours=6)
        now = hour.astimezone(here).utcoffset()
        if now != ahead:
            exact = hour - timedelta(hours=6)
            while exact.astimezone(here).utcoffset() == ahead:
                exact += timedelta(minutes=15)
            found.append(exact.astimezone(here).replace(tzinfo=None))
            ahead = now
    return found


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=31", "leave out months"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "leave out months"),
        ("FREQ=HOURLY", "by days, weeks"),
        ("FREQ=MONTHLY;BYDAY=TU", "first to fourth"),
        ("FREQ=MONTHLY;BYDAY=5TU", "first to fourth"),
        ("FREQ=WEEKLY;BYDAY=2TU", "not counted"),
        ("FREQ=YEARLY;BYMONTHDAY=3", "not kept together"),
        ("FREQ=WEEKLY;BYHOUR=9", "BYHOUR is not kept"),
        ("FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,MO", "not kept together"),
        ("FREQ=WEEKLY;UNTIL=tomorrow", "end cannot be read"),
        ("FREQ=WEEKLY;UNTIL=20270231", "end cannot be read"),
        ("FREQ=WEEKLY;FREQ=DAILY", "not a rule"),
        ("every other Tuesday", "not a rule"),
    ],
)
def test_a_rule_that_we_do_not_keep_is_refused_and_says_why(admin, text, why):
    first_on = "2028-02-29" if "=29" in text else "2026-12-01"
    with pytest.raises(psycopg.errors.CheckViolation, match=why) as caught:
        admin.execute(
            "select internal.series_of_rrule(jsonb_populate_record(null::crm.series, %s), %s)",
            (json_of({"first_on": first_on, "time_zone": "UTC", "starts_at_wall": "09:00"}), text),
        )
    assert caught.value.diag.constraint_name == "series_rrule_is_one_of_ours"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("RRULE:FREQ=WEEKLY;BYDAY=TH,TU;WKST=SU", {"unit": "week", "weekdays": [2, 4], "every": 1}),
        ("freq=monthly;byday=TU;bysetpos=2", {"unit": "month", "weekdays": [2], "nth": 2}),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", {"unit": "month", "monthly_by": "day", "nth": 31}),
        ("FREQ=MONTHLY", {"unit": "month", "monthly_by": "day", "nth": 1}),
        ("FREQ=WEEKLY;INTERVAL=4;UNTIL=20270301", {"weekdays": [2], "every": 4, "until_on": "2027-03-01"}),
        ("FREQ=DAILY;UNTIL=20270301T120000Z", {"unit": "day", "until_on": "2027-02-28"}),
        ("FREQ=DAILY;UNTIL=20270301T150000Z", {"unit": "day", "until_on": "2027-03-01"}),
    ],
)  # fmt: skip
def test_what_other_programs_write_is_understood(admin, text, kept):
    row = admin.execute(
        "select to_jsonb(internal.series_of_rrule(jsonb_populate_record(null::crm.series, %s), %s)) as series",
        (json_of({"first_on": "2026-12-01", "time_zone": "America/Chicago", "starts_at_wall": "09:00"}), text),
    ).fetchone()
    assert {name: row.series[name] for name in kept} == kept
