"""A visit is cancelled, its time is offered, and a customer takes it from the mail, on a phone and at a desk."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import psycopg
import pytest
from playwright.async_api import Page, expect

from crm.clients import valkey
from crm.clients.email import OUTBOX
from tests.browser.test_customer import no_quiet_hours  # noqa: F401
from tests.browser.test_journeys import enter, hand, size  # noqa: F401
from tests.conftest import PANES, PEOPLE, become

DAYS = count(1)


@pytest.fixture
async def given_up(site: Any, hand: Any, signer: Any) -> str:  # noqa: F811
    """A visit of Tess's in a distant year that will be cancelled; mails of before are thrown away, and nobody waits any more."""
    store = valkey.connect(site.home.valkey.url)
    await store.delete(OUTBOX)
    await store.aclose()
    with psycopg.connect(site.home.admin_url) as connection:
        become(connection, signer, "office")
        connection.execute(
            "update crm.waitlist_entry set status = 'ended', ended_at = now(), end_reason = 'a test' where status = 'waiting'"
        )
    contact = hand("office", "contact_create('person', 'Vera Visited')")
    at = datetime(2035, 2, 1, 15, tzinfo=UTC) + timedelta(days=next(DAYS))
    return hand(
        "office", "ticket_create(%s, null, %s, %s, %s::uuid[])", contact, at, at + timedelta(hours=1), [PEOPLE["technician"].member_id]
    )  # fmt: skip


@pytest.fixture
def waits(hand):  # noqa: F811
    """waits("Wanda") is on the waitlist for an hour."""

    def make(name: str) -> str:
        contact = hand(
            "office", "contact_create('person', %s, null, %s)", name, f"{name.split()[0].lower()}@example.com"
        )
        return hand("office", "waitlist_entry_create(%s, p_service_ids => %s::uuid[])", contact, [PANES])

    return make


async def letter(tab: Page, name: str) -> None:
    """Open the link of the offer to somebody, from where the mail is shown."""
    await tab.goto("/outbox")
    link = tab.get_by_role("article").filter(has_text=f"Hello {name},").locator("a[href*='/w/']")
    while not await link.count():
        await tab.reload()
    await link.first.click()


@pytest.mark.usefixtures("no_quiet_hours", "postman")
async def test_a_time_that_became_free_is_offered_and_taken_from_the_mail(enter, given_up, waits):  # noqa: F811
    waits("Wanda Waiting")
    office, customer = await enter("office"), await enter(None)
    await office.goto(f"/tickets/{given_up}/cancellation/new")
    await office.get_by_label("Why").fill("They are away that week")
    await office.get_by_role("button", name="Cancel the visit").click()
    freed = office.get_by_role("region", name="The time it gave up")
    await expect(freed).to_contain_text("with Tess is free")
    await expect(freed).to_contain_text("Fits 60 minutes")
    await freed.get_by_role("button", name="Offer it to Wanda Waiting").click()
    await expect(freed).to_contain_text("with Tess is offered")
    await letter(customer, "Wanda Waiting")
    await expect(customer.get_by_role("main")).to_contain_text("Held for you")
    await office.goto("/waitlist")
    await expect(office.get_by_role("main")).to_contain_text("Held until")
    await customer.get_by_role("button", name="Yes, I take it").click()
    await expect(customer.get_by_role("main")).to_contain_text("It is yours")
    await office.reload()
    await expect(office.get_by_text("Claimed").first).to_be_visible()
    await office.get_by_role("link", name="The visit").first.click()
    await expect(office.get_by_role("heading", level=1)).to_have_text("Wanda Waiting")
    await expect(office.get_by_role("region", name="Does it suit them?")).to_contain_text("Confirmed")
    await expect(office.get_by_role("region", name="Work")).to_contain_text("Exterior windows")


@pytest.mark.usefixtures("no_quiet_hours", "postman")
async def test_who_declines_lets_the_next_one_have_it(enter, hand, given_up, waits):  # noqa: F811
    waits("Ida First")
    waits("Nora Next")
    office, customer = await enter("office"), await enter(None)
    hand("office", "ticket_cancel(%s, 'rain')", given_up)
    await office.goto(f"/tickets/{given_up}")
    await office.get_by_role("button", name="Offer it to Ida First").click()
    await letter(customer, "Ida First")
    await customer.get_by_role("button", name="No, thank you").click()
    await expect(customer.get_by_role("main")).to_contain_text("Thank you for telling us")
    await letter(customer, "Nora Next")
    await expect(customer.get_by_role("button", name="Yes, I take it")).to_be_visible()
    await office.reload()
    await expect(office.get_by_role("region", name="The time it gave up")).to_contain_text("Nora Next")
    await office.get_by_role("button", name="Stop the offer to Nora Next").click()
    await expect(office.get_by_role("main")).to_contain_text("Stopped by Omar.")
    await customer.get_by_role("button", name="Yes, I take it").click()
    await expect(customer.get_by_role("main")).to_contain_text("That time is not free any more.")


async def test_the_office_puts_somebody_on_the_waitlist_and_ends_it(enter, hand):  # noqa: F811
    contact = hand("office", "contact_create('person', 'Erna Entry', null, 'erna@example.com')")
    office = await enter("office")
    await office.goto(f"/contacts/{contact}")
    await office.get_by_role("link", name="Put on the waitlist").click()
    await office.get_by_label("Exterior windows").check()
    await office.get_by_label("Last day").fill("2020-01-01")
    await office.get_by_label("Tuesday").check()
    await office.get_by_label("Part of the day").select_option("Before noon")
    await office.get_by_role("button", name="Put on the waitlist").click()
    await expect(office.get_by_role("alert")).to_contain_text("This day is past.")
    await expect(office.get_by_label("Tuesday")).to_be_checked()
    await office.get_by_label("Last day").fill("2090-01-01")
    await office.get_by_role("button", name="Put on the waitlist").click()
    await expect(office.get_by_role("heading", level=1)).to_have_text("Waitlist")
    await expect(office.get_by_role("listitem").filter(has_text="Erna Entry")).to_contain_text("Tue, before noon")
    await office.get_by_role("link", name="Erna Entry").click()
    await office.get_by_text("They wait no longer").click()
    await office.get_by_label("Why").fill("They found somebody else")
    await office.get_by_role("button", name="End it").click()
    await expect(office.get_by_role("heading", level=1)).to_have_text("Waitlist")
    await expect(office.get_by_role("main")).not_to_contain_text("Erna Entry")
