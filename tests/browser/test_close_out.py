"""The main job, in the whole stack: a visit closed out with a thumb, its invoice issued at the desk.

Once with JavaScript and once without; the same pages, the same rules.
"""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.conftest import GUTTERS, PANES, PAT, PATS_HOUSE, PEOPLE, become

CHICAGO = ZoneInfo("America/Chicago")  # where Tidy Windows is
NOTE = "retired couple, chatty; 24 screens; spaniel Pip, shut the side gate; long ladder for the stairwell"


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def javascript(request) -> bool:
    return request.param


@pytest.fixture
def ticket(site, signer, javascript) -> str:
    """A visit of Tess's with Pat, beginning about now, as nobody else's."""
    begin = datetime.now(UTC).replace(second=0, microsecond=0)
    with psycopg.connect(site.home.admin_url) as connection:
        become(connection, signer, "office")
        # Visits that other tests left at this hour make way.
        connection.execute(
            "select api.ticket_cancel(t.id, 'makes way') from crm.ticket t join crm.assignment a on a.ticket_id = t.id "
            "where a.member_id = %s and t.status in ('scheduled', 'in_progress') and t.starts_at between now() - interval '3 hours' "
            "and now() + interval '3 hours'",
            (PEOPLE["technician"].member_id,),
        )
        row = connection.execute(
            "select id from api.ticket_create(%s, %s, %s, %s, %s::uuid[], %s::uuid[], null, 'beside what other tests did')",
            (PAT, PATS_HOUSE, begin, begin + timedelta(hours=1), [PEOPLE["technician"].member_id], [PANES, GUTTERS]),
        ).fetchone()
    return str(row[0])


async def test_from_sign_in_to_an_issued_invoice(visit, ticket, javascript):
    phone: Page = await visit("technician", size=PHONE, javascript=javascript)
    await phone.goto("/day")
    await phone.get_by_role("button", name="Start this visit").first.click()
    await expect(phone.get_by_role("link", name="Close out")).to_be_visible()
    assert ticket in phone.url
    await phone.get_by_role("link", name="Close out").click()

    # 1. time and work: 24 panes, a confirmed estimate
    await phone.locator("input[name^=quantity-]").first.fill("24")
    await phone.locator("input[name^=price-]").fill("145")
    await phone.get_by_role("button", name="Save and go on").click()
    await expect(phone.get_by_role("alert")).to_contain_text("still an estimate")
    await phone.get_by_label("The price is right").check()
    await phone.get_by_role("button", name="Save and go on").click()

    # 2. what was seen, 3. what comes next
    await phone.get_by_label("What did you see?").fill(NOTE)
    await phone.get_by_role("button", name="Save and go on").click()
    await phone.get_by_label("Reach out later").check()
    await phone.locator("input[name=follow_up_months]").fill("6")
    await phone.get_by_role("button", name="Save and go on").click()

    # 4. confirm: the total, and the facts with the words they came from
    await expect(phone.get_by_role("heading", name="This will be final")).to_be_visible()
    await expect(phone.get_by_role("main")).to_contain_text("$260.88")
    await expect(phone.get_by_role("main")).to_contain_text("spaniel Pip")
    await phone.get_by_role("button", name="Complete the visit").click()
    await expect(phone.get_by_role("heading", name="The visit is closed")).to_be_visible()
    await phone.get_by_role("button", name="Make the invoice").click()
    await expect(phone.get_by_role("heading", name="Draft invoice", exact=True)).to_be_visible()
    address = re.search(r"/invoices/[0-9a-f-]+", phone.url)[0]

    desk: Page = await visit("office", size=DESK, javascript=javascript)
    await desk.goto(address)
    await desk.get_by_role("button", name="Issue the invoice").click()
    await expect(desk.get_by_role("heading", name=re.compile(r"Invoice \d+"))).to_be_visible()
    await expect(desk.get_by_role("main")).to_contain_text("$260.88")
    await desk.goto(f"/contacts/{PAT}")
    await expect(desk.get_by_role("main")).to_contain_text("Pip")
    await expect(desk.get_by_role("main")).to_contain_text("reach out in 6 months")


async def test_the_next_visit_is_a_tap_some_weeks_ahead(visit, site, ticket, javascript):
    phone: Page = await visit("technician", size=PHONE, javascript=javascript)
    await phone.goto(f"/tickets/{ticket}")
    await phone.get_by_role("button", name="Start this visit").click()
    await expect(phone.get_by_role("link", name="Close out")).to_be_visible()
    await phone.goto(f"/tickets/{ticket}/close-out/next")
    await phone.get_by_label("Book the next visit").check()
    await phone.get_by_role("link", name="In 6 weeks").click()
    start = phone.get_by_label("Next visit", exact=True)
    with psycopg.connect(site.home.admin_url) as connection:
        (at,) = connection.execute("select starts_at from crm.ticket where id = %s", (ticket,)).fetchone()
    begun = at.astimezone(CHICAGO)
    await expect(start).to_have_value(re.compile(f"^{(begun + timedelta(weeks=6)).date()}T"))
    await phone.get_by_role("button", name="Save and go on").click()
    await expect(phone.get_by_role("main")).to_contain_text("A visit on ")
