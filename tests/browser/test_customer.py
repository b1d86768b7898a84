"""A customer answers from the mail, on a phone and at a desk; the office sees it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from playwright.async_api import Page, expect

from crm.clients import valkey
from crm.clients.email import OUTBOX
from tests.browser.test_journeys import enter, hand, size  # noqa: F401
from tests.conftest import PANES, PEOPLE

HOURS = iter(range(0, 4000, 3))


@pytest.fixture
def no_quiet_hours(site: Any) -> Any:
    """These tests run at any hour: for them no hour is quiet."""
    with psycopg.connect(site.home.admin_url) as connection:
        (words,) = connection.execute("select pg_get_functiondef('internal.after_quiet_hours'::regproc)").fetchone()
        connection.execute(
            "create or replace function internal.after_quiet_hours(p_at timestamptz, p_zone text) returns timestamptz "
            "language sql stable set search_path = '' as $$ select p_at $$"
        )
    yield
    with psycopg.connect(site.home.admin_url) as connection:
        connection.execute(words)


@pytest.fixture
async def visit(site: Any, hand: Any) -> str:  # noqa: F811
    """A visit of Tess's for somebody new, in a distant year; mails of before are thrown away."""
    store = valkey.connect(site.home.valkey.url)
    await store.delete(OUTBOX)
    await store.aclose()
    contact = hand("office", "contact_create('person', 'Nina Newcomer', null, 'nina@example.com')")
    at = datetime(2035, 2, 1, 15, tzinfo=UTC) + timedelta(hours=next(HOURS))
    return hand(
        "office", "ticket_create(%s, null, %s, %s, %s::uuid[], %s::uuid[], null, 'a test')", contact, at, at + timedelta(hours=1),
        [PEOPLE["technician"].member_id], [PANES],
    )  # fmt: skip


async def letter(tab: Page) -> None:
    """Open the link of the mail that asks, from where the mail is shown."""
    await tab.goto("/outbox")
    link = tab.get_by_role("article").filter(has_text="suit you?").locator("a[href*='/c/']")
    while not await link.count():
        await tab.reload()
    await link.first.click()


@pytest.mark.usefixtures("no_quiet_hours", "postman")
async def test_a_customer_accepts_from_the_mail_and_the_office_sees_it(enter, visit):  # noqa: F811
    office, customer = await enter("office"), await enter(None)
    await office.goto(f"/tickets/{visit}")
    await office.get_by_role("button", name="Ask by mail").click()
    await expect(office.get_by_role("region", name="Does it suit them?")).to_contain_text("Does it suit you?")
    await letter(customer)
    await expect(customer.get_by_role("heading", level=1)).to_have_text("Your visit")
    await customer.get_by_role("button", name="Accept").click()
    await expect(customer.get_by_role("main")).to_contain_text("You accepted")
    await office.reload()
    await expect(office.get_by_role("region", name="Does it suit them?")).to_contain_text("Confirmed")
    await expect(office.get_by_role("main")).to_contain_text("Confirmed by the customer")


@pytest.mark.usefixtures("no_quiet_hours", "postman")
async def test_a_customer_asks_for_another_time_and_the_office_has_a_task(enter, visit):  # noqa: F811
    office, customer = await enter("office"), await enter(None)
    await office.goto(f"/tickets/{visit}")
    await office.get_by_role("button", name="Ask by mail").click()
    await expect(office.get_by_role("region", name="Does it suit them?")).to_contain_text("Does it suit you?")
    await letter(customer)
    await customer.get_by_text("Ask for another time").first.click()
    await customer.get_by_label("When would it suit you?").fill("Thursdays after four")
    await customer.get_by_role("button", name="Ask for another time").click()
    await expect(customer.get_by_role("main")).to_contain_text("You asked for another time")
    await office.reload()
    await expect(office.get_by_role("region", name="Does it suit them?")).to_contain_text("Wants another time")
    await office.goto("/calendar/day")
    await expect(office.get_by_role("main")).to_contain_text("Thursdays after four")


async def test_the_office_reads_what_is_planned_and_stops_it(enter, visit):  # noqa: F811
    office = await enter("office")
    await office.goto(f"/tickets/{visit}")
    await office.get_by_role("link", name="Reminder").click()
    await expect(office.get_by_role("main")).to_contain_text("Hello Nina Newcomer,")
    await office.get_by_role("button", name="Do not send it").click()
    await expect(office.get_by_role("heading", level=1)).to_have_text("Planned mails")
    await office.goto(f"/tickets/{visit}")
    await expect(office.get_by_role("region", name="Does it suit them?")).to_contain_text("Not sent")
