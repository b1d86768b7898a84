"""A visit's own page: what it leads to, for whom and when; and what a new one begins with."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from crm.views.ticket import first_start
from tests.conftest import PANES, PAT, PATS_HOUSE, PEOPLE, TESS_VISITS_PAT

START = re.compile(r'class="btn( primary)? block"><svg[^>]*><use href="[^"]*#play"')


@pytest.fixture
async def in_three_days(run):
    at = datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=3)
    ticket = await run(
        "office", "ticket_create", contact_id=PAT, address_id=PATS_HOUSE, starts_at=at, ends_at=at + timedelta(hours=1), service_ids=[PANES],
        member_ids=[PEOPLE["technician"].member_id], instructions=None, book_anyway_reason="the page", arrival_minutes=None,
    )  # fmt: skip
    return ticket.id


async def page(browser, ticket) -> str:
    return await (await browser.get(f"/tickets/{ticket}")).get_data(as_text=True)


@pytest.mark.parametrize(
    ("now", "hour"),
    [("2034-05-01 06:10", 9), ("2034-05-01 14:20", 15), ("2034-05-01 23:30", 23), ("2034-04-30 14:20", 9)],
)
def test_a_new_visit_is_not_proposed_for_an_hour_that_is_past(now, hour):
    assert first_start(date(2034, 5, 1), datetime.fromisoformat(now)) == f"2034-05-01T{hour:02}:00"


async def test_a_planned_visit_leads_the_desk_to_its_cancellation_and_a_technician_not(browse, in_three_days):
    link = f'href="/tickets/{in_three_days}/cancellation/new"'
    assert link in await page(await browse("office"), in_three_days)
    assert link not in await page(await browse("technician"), in_three_days)


async def test_to_start_is_what_to_do_first_from_the_day_on(browse, in_three_days):
    office = await browse("office")
    assert START.findall(await page(office, in_three_days)) == ["", ""]
    assert START.findall(await page(office, TESS_VISITS_PAT)) == [" primary", " primary"]
