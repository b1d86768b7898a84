"""A repeating visit is booked, changed with a preview, and the change undone; on a phone and at a desk."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.test_journeys import enter, hand, size  # noqa: F401

MONDAY = datetime.now(UTC).date() + timedelta(days=14 - datetime.now(UTC).weekday())


@pytest.fixture
def contact(hand: Any) -> str:  # noqa: F811
    return hand("office", "contact_create('person', 'Sara Series')")


async def visits(tab: Page) -> list[str]:
    """The next visits as the page of the series says them; waits for that page, since reading a list does not."""
    listed = tab.get_by_role("region", name="Next visits")
    await expect(listed).to_be_visible()
    return await listed.locator("li p:first-child a").all_inner_texts()


async def test_a_repeating_visit_is_changed_with_a_preview_and_undone(enter, contact, size):  # noqa: F811
    tab: Page = await enter("office")
    await tab.goto(f"/tickets/new?contact={contact}&date={MONDAY}")
    await tab.get_by_label("Start").fill(f"{MONDAY}T15:00")
    await tab.get_by_label("How long").fill("1:00")
    await tab.get_by_label("Tess" if size is PHONE else "Carl").check()
    await tab.get_by_label("How often").select_option("week-1")
    await tab.get_by_role("button", name="Book the visit").click()
    await expect(tab.get_by_role("heading", level=1)).to_have_text("Sara Series")
    before = await visits(tab)
    assert len(before) >= 4
    assert all("3:00 pm" in each for each in before)

    # One is moved by hand, and stays where it was put.
    await tab.get_by_role("region", name="Next visits").locator("li p:first-child a").nth(1).click()
    await tab.get_by_role("link", name="Change", exact=True).click()
    start = tab.get_by_label("Start")
    await start.fill((await start.input_value()).replace("T15:00", "T17:30"))
    await tab.get_by_role("button", name="Save").click()
    await tab.locator("#page a[href^='/series/']").first.click()
    by_hand = await visits(tab)
    assert sum("5:30 pm" in each for each in by_hand) == 1

    await tab.get_by_role("link", name="Change", exact=True).click()
    await expect(tab.get_by_role("heading", level=1)).to_have_text("Change the series")
    await start.fill((await start.input_value()).replace("T15:00", "T16:00"))
    await tab.get_by_role("button", name="See what changes").click()
    await expect(tab.get_by_role("heading", level=1)).to_have_text("What changes")
    said = tab.locator("#page .large.strong")
    await expect(said).to_contain_text("visits move")
    await expect(said).to_contain_text("1 moved by hand stays")
    await tab.get_by_role("button", name="Save the change").click()
    await expect(tab.get_by_role("heading", level=1)).to_have_text("Sara Series")
    after = await visits(tab)
    assert sum("4:00 pm" in each for each in after) == len(after) - 1
    assert sum("5:30 pm" in each for each in after) == 1

    await tab.get_by_role("button", name="Undo").click()
    await expect(tab.locator("#page")).to_contain_text("at 3:00 pm")
    assert await visits(tab) == by_hand
