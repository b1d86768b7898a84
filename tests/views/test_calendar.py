"""The calendar's pages: what stands in which cell, what narrows them, and how much of a large business fits on one."""

import gzip
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest

from crm import db
from tests.conftest import PAT, PATS_HOUSE, PEOPLE, RITA, RIVAL, STOREFRONT, become
from tests.conftest import text as words_of

CREW, A_DAY = 25, 12
TESS = PEOPLE["technician"].member_id
CROWD = """
insert into crm.member (business_id, id, account_id, name, email, role)
select %(business)s, ('11111111-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, ('22222222-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid,
    'Crew ' || n, 'crew' || n || '@rival.test', 'technician' from generate_series(1, %(crew)s) n;
insert into crm.ticket (business_id, id, contact_id, starts_at, ends_at, busy_until, arrival_minutes)
select %(business)s, ('33333333-0000-7000-8000-' || lpad((n * 1000 + d * 100 + v)::text, 12, '0'))::uuid, %(contact)s, at, at + interval '30 min', at + interval '30 min', 0
from generate_series(1, %(crew)s) n, generate_series(0, 5) d, generate_series(1, %(a_day)s) v,
    lateral (select timestamptz '2034-05-01 07:00+01' + make_interval(days => d, mins => 45 * v) as at) t;
insert into crm.assignment (business_id, ticket_id, member_id, contact_id, starts_at, busy_until, blocks_time)
select t.business_id, t.id, ('11111111-0000-7000-8000-' || lpad((right(t.id::text, 12)::integer / 1000)::text, 12, '0'))::uuid, t.contact_id, t.starts_at, t.busy_until, true
from crm.ticket t where t.id::text like '33333333-%%'
"""


@pytest.fixture
def crowd(home) -> Iterator[None]:
    """25 technicians of Rival's with twelve visits a day, for a week; taken away again."""
    with psycopg.connect(home.admin_url, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        values = {"business": RIVAL, "contact": RITA, "crew": CREW, "a_day": A_DAY}
        for statement in CROWD.split(";"):
            connection.execute(statement, values)  # type: ignore[call-overload]
        yield
        for table, column in (("assignment", "ticket_id"), ("ticket", "id"), ("member", "id")):
            connection.execute(
                f"delete from crm.{table} where {column}::text like '33333333-%' or {column}::text like '11111111-%'"  # type: ignore[arg-type]
            )


async def text(browser, path: str) -> str:
    answer = await browser.get(path)
    assert answer.status_code == 200
    return await answer.get_data(as_text=True)


@pytest.mark.usefixtures("crowd")
async def test_the_week_of_25_technicians_is_light_and_says_of_each_day_how_much(browse, monkeypatch):
    office = await browse("strange_office")
    rounds = []
    run = db.Database.run

    async def counted(self, actor, calls, *rest, **more):
        rounds.append([call.statement.name for call in calls])
        return await run(self, actor, calls, *rest, **more)

    monkeypatch.setattr(db.Database, "run", counted)
    page = await text(office, "/calendar/week?date=2034-05-03")
    assert len(gzip.compress(page.encode(), 6)) < 8000
    assert page.count("12 visits") >= CREW * 6
    assert "7:45" in page or "07:45" in page
    assert sum("calendar_week" in names for names in rounds) == 1
    assert len([names for names in rounds if "session_profile" not in names]) == 1, rounds


@pytest.mark.usefixtures("crowd")
async def test_the_day_of_one_of_them_shows_every_visit(browse):
    office = await browse("strange_office")
    page = await text(office, "/calendar/day?date=2034-05-03&technician=11111111-0000-7000-8000-000000000007")
    assert page.count('class="slot scheduled') == A_DAY
    assert "Crew 8" not in re.sub(r"<select.*?</select>", "", page, flags=re.S)


@pytest.mark.usefixtures("crowd")
async def test_the_month_counts_and_says_the_first(browse):
    page = await text(await browse("strange_office"), "/calendar/month?date=2034-05-15")
    assert page.count(">300<") == 6
    assert page.count('class="month-visit') == 6 * 3


@pytest.fixture
def two(home, signer) -> date:
    """A day with two visits: one of Tess's with the storefront, one of nobody's without any work."""
    day = date(2035, 2, 5)
    with psycopg.connect(home.admin_url) as connection:
        become(connection, signer, "office")
        if connection.execute("select from crm.ticket where starts_at::date = %s", (day,)).fetchone() is None:
            for start, members, services in (("09:00", [TESS], [STOREFRONT]), ("11:00", [], [])):
                connection.execute(
                    "select api.ticket_create(%s, %s, %s::timestamp at time zone 'America/Chicago', null, %s::uuid[], %s::uuid[])",
                    (PAT, PATS_HOUSE, f"{day} {start}", members, services),
                )
    return day


@pytest.mark.parametrize(
    ("query", "slots"),
    [
        ("", 2),
        (f"&technician={TESS}", 1),
        (f"&service={STOREFRONT}", 1),
        ("&status=scheduled", 2),
        ("&status=completed", 0),
        ("&city=madison", 2),
        ("&city=Paris", 0),
        ("&technician=x&service=y&status=z&city=%00", 2),
    ],
)
@pytest.mark.parametrize("view", ["day", "week"])
async def test_narrowed_shows_those_who_answer(browse, two, view, query, slots):
    page = await text(await browse("office"), f"/calendar/{view}?date={two}{query}")
    assert page.count('class="slot scheduled') == slots


@pytest.mark.parametrize(
    "path", ["day?date=nonsense", "week?date=0001-01-01", "month?date=9999-12-31", "version?view=x&date=y"]
)
async def test_what_cannot_be_read_shows_today(browse, path):
    assert (await (await browse("office")).get(f"/calendar/{path}")).status_code == 200


async def test_the_version_changes_with_a_visit_and_with_who_goes(browse, home, signer):
    office = await browse("office")
    path = "/calendar/version?view=week&date=2035-03-07"
    seen = [await text(office, path)]
    with psycopg.connect(home.admin_url, autocommit=True) as connection:
        with connection.transaction():
            become(connection, signer, "office")
            row = connection.execute(
                "select id from api.ticket_create(%s, %s, '2035-03-07 15:00+00', '2035-03-07 16:00+00')",
                (PAT, PATS_HOUSE),
            ).fetchone()
        assert row
        seen.append(await text(office, path))
        for change in (
            "api.ticket_move(%(id)s, '2035-03-07 15:00+00', '2035-03-07 16:00+00', null, %(tess)s)",
            "api.ticket_move(%(id)s, '2035-03-07 15:30+00', '2035-03-07 16:00+00')",
            "api.ticket_cancel(%(id)s, 'rain')",
        ):
            with connection.transaction():
                become(connection, signer, "office")
                connection.execute(f"select {change}", {"id": row[0], "tess": TESS})  # type: ignore[call-overload]
            seen.append(await text(office, path))
    assert len(set(seen)) == len(seen)
    assert await text(office, path) == seen[-1]


def local(visit: Any) -> datetime:
    """When it begins, in the business's zone."""
    return visit.starts_at.astimezone(ZoneInfo("America/Chicago"))


# ---- on paper ------------------------------------------------------------------------------------------


async def sheets(browse, day: date, more: str = "") -> list[str]:
    """The words of each sheet of a day."""
    page = await text(await browse("office"), f"/calendar/sheet?date={day}{more}")
    return [words_of(part) for part in re.findall(r'<section class="card stack day-sheet".*?</section>', page, re.S)]


async def test_a_sheet_says_what_is_needed_at_the_door(browse, office):
    visit = office.visit()
    office("office", "update crm.contact set phone = '(256) 555-0177' where id = %s returning 1", visit.contact_id)
    (sheet,) = await sheets(browse, local(visit).date(), f"&technician={TESS}")
    known = ("Tess", "Cleo Customer", "5 Elm St, Madison, 35758", "(256) 555-0177", "Exterior windows", "key under the pot", "The dog bites.")  # fmt: skip
    for words in known:
        assert words in sheet


async def test_each_has_a_sheet_of_their_own_and_a_visit_of_two_is_on_both(browse, office):
    day, carl = date(2035, 4, 2), PEOPLE["colleague"].member_id
    for hour, who in ((9, [TESS, carl]), (11, [carl]), (13, [])):
        office(
            "office", "select api.ticket_create(%s, %s, %s::timestamp at time zone 'America/Chicago', null, %s::uuid[])",
            PAT, PATS_HOUSE, f"{day} {hour}:00", who,
        )  # fmt: skip
    gone = office(
        "office", "select id from api.ticket_create(%s, %s, %s::timestamp at time zone 'America/Chicago', null, %s::uuid[])",
        PAT, PATS_HOUSE, f"{day} 15:00", [TESS],
    ).id  # fmt: skip
    office("office", "select api.ticket_cancel(%s, 'rain')", gone)
    names = {PEOPLE[who].member_id: PEOPLE[who].name for who in ("technician", "colleague")}
    found = {sheet.partition(",")[0]: sheet for sheet in await sheets(browse, day)}
    assert {name: sheet.count("Pat Pane") for name, sheet in found.items()} == {
        names[TESS]: 1,
        names[carl]: 2,
        "Nobody yet": 1,
    }
    assert f"Together with {names[carl]}" in found[names[TESS]]
    (only,) = await sheets(browse, day, f"&technician={TESS}")
    assert only == found[names[TESS]]


# ---- a move that was a slip of the hand ----------------------------------------------------------------


async def moved(browse, visit, **more: str) -> tuple[Any, str, dict[str, str]]:
    """Who moved it to half past five, where the board is then, and what its Undo sends."""
    office = await browse("office")
    form = {"date": str(local(visit).date()), "time": "17:30", "from": str(TESS), "to": str(TESS), "book_anyway_reason": "a test"}  # fmt: skip
    answer = await office.post(f"/tickets/{visit.id}/move", **form | more)
    page = await text(office, answer.location)
    assert "Undo the move of Cleo Customer" in page
    (undo,) = re.findall(rf'action="/tickets/{visit.id}/move/undo".*?</form>', page, re.S)
    return office, answer.location, dict(re.findall(r'name="(view|change_set_id)" value="(.*?)"', undo))


@pytest.mark.parametrize("view", ["day", "week"])
async def test_a_move_is_undone_from_where_it_was_made(browse, office, view):
    visit = office.visit()
    who, there, undo = await moved(browse, visit, view=view)
    answer = await who.post(f"/tickets/{visit.id}/move/undo", **undo)
    assert answer.location == f"/calendar/{view}?date={local(visit).date()}"
    page = await text(who, answer.location)
    assert re.search(r"Cleo Customer: back to .+, Tess\.<", page)
    assert "Undo the move" not in page
    assert office.now(visit).starts_at == visit.starts_at
    assert "Undo the move" not in await text(who, there), "it cannot be undone twice"


async def test_a_calendar_that_is_narrowed_stays_so_through_a_move_and_its_undo(browse, office):
    visit = office.visit()
    who = await browse("office")
    day = local(visit).date()
    page = await text(who, f"/calendar/day?date={day}&technician={TESS}&city=Madison")
    (form,) = re.findall(rf'href="(/tickets/{visit.id}/move\?[^"]+)"', page)
    page = await text(who, form.replace("&amp;", "&"))
    assert f'href="/calendar/day?date={day}&amp;technician={TESS}&amp;city=Madison"' in page
    hidden = dict(re.findall(r'type="hidden" name="(technician|city|view)" value="(.*?)"', page))
    assert hidden == {"view": "day", "technician": str(TESS), "city": "Madison"}
    answer = await who.post(f"/tickets/{visit.id}/move", date=str(day), time="17:30", book_anyway_reason="a test", **hidden)  # fmt: skip
    assert answer.location == f"/calendar/day?date={day}&moved={visit.id}&technician={TESS}&city=Madison"
    page = await text(who, answer.location)
    (undo,) = re.findall(rf'action="/tickets/{visit.id}/move/undo".*?</form>', page, re.S)
    sent = dict(re.findall(r'type="hidden" name="(?!csrf)(.*?)" value="(.*?)"', undo))
    answer = await who.post(f"/tickets/{visit.id}/move/undo", **sent)
    assert answer.location == f"/calendar/day?date={day}&technician={TESS}&city=Madison"


async def test_an_undo_that_comes_too_late_says_so_and_offers_the_form(browse, office):
    visit = office.visit()
    who, there, undo = await moved(browse, visit)
    office("office", "select api.ticket_confirmation_set(%s, 'confirmed')", visit.id)
    assert "Undo the move" not in await text(who, there)
    answer = await who.post(f"/tickets/{visit.id}/move/undo", **undo)
    assert answer.status_code == 422
    page = await answer.get_data(as_text=True)
    assert "Something was changed since, and would be lost." in page
    assert "Move Cleo Customer" in page


async def test_who_was_told_of_the_slip_is_told_that_it_was_one(browse, office):
    visit = office.visit()
    office.mail(visit)
    who, _, undo = await moved(browse, visit)
    office.mail(visit)
    answer = await who.post(f"/tickets/{visit.id}/move/undo", **undo)
    assert re.search(r"Cleo Customer: back to .+ A mail asks them anew\.<", await text(who, answer.location))


async def test_who_was_told_of_the_slip_and_has_no_address_any_more_has_to_be_called(browse, office):
    visit = office.visit()
    office.mail(visit)
    who, _, undo = await moved(browse, visit)
    office.mail(visit)
    office("office", "update crm.contact set email = null where id = %s returning 1", visit.contact_id)
    answer = await who.post(f"/tickets/{visit.id}/move/undo", **undo)
    page = await text(who, answer.location)
    assert "They were told another time, and no mail says so: call them." in page


async def test_only_the_move_that_the_address_names_is_offered_for_undo(browse, office):
    visit = office.visit()
    who, there, undo = await moved(browse, visit)
    assert "Undo the move" not in await text(who, f"/calendar/day?date={local(visit).date()}")
    assert "Undo the move" not in await text(await browse("owner"), there)
    assert (await who.post(f"/tickets/{visit.id}/move/undo", view="day")).status_code == 404
    assert (await who.post(f"/tickets/{visit.id}/move/undo", **undo | {"change_set_id": "x"})).status_code == 422


# ---- what is said of a visit that was moved ------------------------------------------------------------


async def move(browse, visit, clock: str, **more: str) -> str:
    """Moves it that day, of Tess's; the toast of the board that it leads to."""
    office = await browse("office")
    form = {
        "date": str(local(visit).date()),
        "time": clock,
        "from": str(TESS),
        "to": str(TESS),
        "book_anyway_reason": "a test",
    }
    answer = await office.post(f"/tickets/{visit.id}/move", **form | more)
    assert answer.status_code == 303
    page = await text(office, answer.location)
    found = re.search(r"<template data-toast.*?>(.*?)</template>", page)
    assert found
    return found[1]


async def test_who_was_never_written_to_is_not_asked(browse, office):
    visit = office.visit()
    toast = await move(browse, visit, "17:30", to="")
    assert re.fullmatch(r"Cleo Customer: moved to .+, 5:30 pm to 6:30 pm, nobody yet\.", toast)


async def test_who_was_written_to_is_asked_anew(browse, office):
    visit = office.visit()
    office.mail(visit)
    toast = await move(browse, visit, "17:30")
    assert toast.endswith(", 5:30 pm to 6:30 pm, Tess. A mail asks them anew.")


async def test_who_had_accepted_is_asked_anew(browse, office):
    visit = office.visit()
    office.mail(visit)
    office("office", "select api.ticket_confirmation_set(%s, 'confirmed')", visit.id)
    assert (await move(browse, visit, "17:30")).endswith("They had accepted the time before. A mail asks them anew.")
    # Where the time stays, nobody is asked anything.
    office("office", "select api.ticket_confirmation_set(%s, 'confirmed')", visit.id)
    assert (await move(browse, visit, "17:30", to="")).endswith("nobody yet.")


async def test_who_accepted_on_the_phone_has_to_be_called(browse, office):
    visit = office.visit(email=None)
    office("office", "select api.ticket_confirmation_set(%s, 'confirmed')", visit.id)
    assert (await move(browse, visit, "17:30")).endswith("No mail asks them anew: call them.")
