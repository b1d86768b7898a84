"""The waitlist for the desk: who fits and why, whom to offer a time, and what becomes of a wish."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import PANES, PEOPLE, text
from tests.views.desk import DAYS, page_of

# ---- the desk ------------------------------------------------------------------------------------------


async def test_the_page_says_who_fits_and_why_and_offers_it(desk, browse):
    desk.nobody_else_waits()
    office, slot = await browse("office"), desk.slot()
    entry = desk.waits(desk.contact("Fiona Fits"))
    page = await page_of(await office.get("/waitlist"))
    assert "with Tess is free" in page
    assert re.search(r"Fiona Fits \d+:00 [ap]m to \d+:00 [ap]m Fits 60 minutes, waits since", page)
    assert "Fiona Fits" in await page_of(await office.get(f"/tickets/{slot.ticket_id}")), (
        "and on the page of the visit that was cancelled"
    )
    answer = await office.post(
        f"/freed-slots/{slot.id}/offers", waitlist_entry_id=str(entry.id), next=f"/tickets/{slot.ticket_id}"
    )
    assert (answer.status_code, answer.location) == (303, f"/tickets/{slot.ticket_id}")
    page = await page_of(await office.get("/waitlist"))
    assert re.search(r"Fiona Fits (Planned|Held)", page)
    again = await office.post(f"/freed-slots/{slot.id}/offers", waitlist_entry_id=str(desk.waits().id))
    assert again.status_code == 422
    assert "This time is offered to somebody already." in await page_of(again)
    offer = desk("office", "select id from crm.waitlist_offer where freed_slot_id = %s", slot.id)
    assert (await office.post(f"/waitlist-offers/{offer.id}/withdrawal", next="https://evil.test/")).location == "/"
    assert "Withdrawn" in await page_of(await office.get(f"/tickets/{slot.ticket_id}"))


async def test_who_cannot_be_written_to_is_booked_by_hand(desk, browse):
    desk.nobody_else_waits()
    slot = desk.slot()
    entry = desk.waits(desk.contact("Mia Mailless", None))
    html = await (await (await browse("office")).get(f"/tickets/{slot.ticket_id}")).get_data(as_text=True)
    booking = re.search(rf'href="(/tickets/new\?contact={entry.contact_id}[^"]+)"', html)[1].replace("&amp;", "&")
    form = await (await (await browse("office")).get(booking)).get_data(as_text=True)
    assert f'value="{slot.starts_at.astimezone(ZoneInfo("America/Chicago")):%Y-%m-%dT%H:%M}"' in form


async def test_switching_the_next_one_off_and_on(desk, browse):
    office, slot = await browse("office"), desk.slot()
    desk.waits()
    for flag, kept in (({}, False), ({"offers_next": "1"}, True)):
        assert (await office.post(f"/freed-slots/{slot.id}", **flag)).location == "/waitlist"
        assert desk("owner", "select offers_next from crm.freed_slot where id = %s", slot.id).offers_next is kept


async def test_who_books_for_somebody_that_waits_takes_them_off_the_list(desk, browse):
    office, contact = await browse("office"), desk.contact("Bella Both")
    path = f"/tickets/new?contact={contact}"
    assert "off the waitlist" not in await page_of(await office.get(path))
    kept, done = desk.waits(contact), desk.waits(contact)
    html = await (await office.get(path)).get_data(as_text=True)
    for entry in (kept, done):
        assert f'name="waitlist_entry_ids" value="{entry.id}" checked>' in html
    at = (datetime.now(UTC) + timedelta(days=next(DAYS))).strftime("%Y-%m-%dT16:00")
    booking = {"contact_id": str(contact), "starts_at": at, "hours": "1:00", "waitlist_entry_ids": str(done.id)}
    refused = await office.post(path, **booking | {"hours": "x"})
    html = await refused.get_data(as_text=True)
    assert f'value="{done.id}" checked>' in html
    assert f'value="{kept.id}">' in html
    booked = await office.post(path, **booking)
    assert booked.status_code == 303, await page_of(booked)
    now = {
        e: desk("owner", "select status, booked_ticket_id from crm.waitlist_entry where id = %s", e.id)
        for e in (kept, done)
    }
    assert now[kept].status == "waiting"
    assert (now[done].status, f"/tickets/{now[done].booked_ticket_id}") == ("booked", booked.location)
    again = await office.post(path, **booking)
    assert again.status_code == 422
    assert "They wait no longer" in await page_of(again)


async def test_a_repeating_visit_takes_them_off_the_list_too(desk, browse):
    office, contact = await browse("office"), desk.contact("Rita Repeats")
    entry = desk.waits(contact)
    at = (datetime.now(UTC) + timedelta(days=next(DAYS))).strftime("%Y-%m-%dT16:00")
    booked = await office.post(
        "/tickets/new", contact_id=str(contact), starts_at=at, hours="1:00", waitlist_entry_ids=str(entry.id), repeats="week-4"
    )  # fmt: skip
    assert booked.location.startswith("/series/"), await page_of(booked)
    now = desk("owner", "select status, end_reason from crm.waitlist_entry where id = %s", entry.id)
    assert (now.status, now.end_reason) == ("ended", "A repeating visit was booked.")


async def test_nobody_waits_for_a_product_and_who_has_no_address_for_mails_can_be_given_one(desk, browse):
    office, contact = await browse("office"), desk.contact("Mona Mailless", email=None)
    desk("owner", "select id from api.service_create('product', 'Squeegee kit', 'fixed', 3200, null, 0, null)")
    html = await (await office.get(f"/waitlist/new?contact={contact}")).get_data(as_text=True)
    assert "Exterior windows" in html
    assert "Squeegee kit" not in html
    assert f'href="/contacts/{contact}/edit">Add one' in html


async def test_a_new_entry_an_edit_and_an_end(desk, browse):
    office, contact = await browse("office"), desk.contact("Erna Entry")
    html = await (await office.get(f"/waitlist/new?contact={contact}")).get_data(as_text=True)
    assert "Erna Entry on the waitlist" in text(html)
    made = await office.post(
        "/waitlist/new", contact_id=str(contact), service_ids=str(PANES), hours="1:15", from_on="2034-05-01", until_on="2034-06-01",
        weekdays="2", day_part="afternoon", for_member_id=str(PEOPLE["technician"].member_id), note="After school.",
    )  # fmt: skip
    assert (made.status_code, made.location) == (303, "/waitlist")
    entry = desk("owner", "select * from crm.waitlist_entry where contact_id = %s", contact)
    assert (entry.minutes, entry.weekdays, entry.day_part, entry.note) == (75, [2], "afternoon", "After school.")
    page = await page_of(await office.get(f"/contacts/{contact}"))
    assert "Waits from Mon, May 1 to Thu, Jun 1" in page
    listed = await page_of(await office.get("/waitlist?after=2034-04-30|00000000-0000-7000-8000-000000000000"))
    assert "From Mon, May 1 to Thu, Jun 1, Tue, from noon on, with Tess" in listed
    assert "Exterior windows, 1 h 15 min" in listed
    form = await (await office.get(f"/waitlist/{entry.id}")).get_data(as_text=True)
    assert re.search(r'name="weekdays" value="2" checked', form)
    assert re.search(rf'name="service_ids" value="{PANES}" checked', form)
    assert (await office.post(f"/waitlist/{entry.id}", day_part="morning", from_on="2034-05-02")).status_code == 303
    changed = desk("owner", "select * from crm.waitlist_entry where id = %s", entry.id)
    assert (changed.minutes, changed.weekdays, changed.day_part, changed.until_on) == (None, None, "morning", None)
    refused = await office.post(f"/waitlist/{entry.id}/end", reason="")
    assert refused.status_code == 422
    assert 'href="#f-reason"' in await refused.get_data(as_text=True)
    assert (await office.post(f"/waitlist/{entry.id}/end", reason="They rang")).status_code == 303
    assert "Ended" in await page_of(await office.get(f"/waitlist/{entry.id}"))
    assert f"/waitlist/{entry.id}" not in await (await office.get(f"/contacts/{contact}")).get_data(as_text=True)


async def test_a_refused_wish_keeps_every_word(desk, browse):
    office, contact = await browse("office"), desk.contact()
    for field, value in (
        ("until_on", "2020-01-01"),
        ("day_part", "night"),
        ("weekdays", "x"),
        ("hours", "48"),
        ("note", "x" * 1001),
    ):
        wish = {
            "contact_id": str(contact),
            "service_ids": str(PANES),
            "weekdays": "3",
            "note": "After school.",
            field: value,
        }
        refused = await office.post(f"/waitlist/new?contact={contact}", **wish)
        html = await refused.get_data(as_text=True)
        assert refused.status_code == 422, field
        assert f'href="#f-{field}"' in html
        assert re.search(rf'name="service_ids" value="{PANES}" checked', html)
        assert field in ("note", "weekdays") or (
            "After school." in html and re.search(r'name="weekdays" value="3" checked', html)
        )


async def test_a_visit_that_would_come_sooner_says_so(desk, browse):
    office, contact = await browse("office"), desk.contact("Sonja Sooner")
    at = datetime.now(UTC) + timedelta(days=next(DAYS))
    ticket = desk(
        "office", "select id from api.ticket_create(%s, null, %s, %s)", contact, at, at + timedelta(hours=1)
    ).id
    page = await (await office.get(f"/tickets/{ticket}")).get_data(as_text=True)
    assert f"/waitlist/new?ticket={ticket}" in page
    assert (
        await office.post(f"/waitlist/new?ticket={ticket}", contact_id=str(contact), ticket_id=str(ticket))
    ).status_code == 303
    entry = desk("owner", "select * from crm.waitlist_entry where ticket_id = %s", ticket)
    page = await (await office.get(f"/tickets/{ticket}")).get_data(as_text=True)
    assert f"/waitlist/{entry.id}" in page
    assert "their visit of" in await page_of(await office.get(f"/waitlist/{entry.id}"))


async def test_the_list_is_paged_by_the_soonest_wish(desk, browse):
    office = await browse("office")
    for n in range(20):
        entry = desk.waits(desk.contact(f"Page {n:02}"))
        desk(
            "owner",
            "update crm.waitlist_entry set from_on = %s where id = %s returning 1",
            datetime(2090, 1, 28 - n).date(),
            entry.id,
        )
    seen, path = [], "/waitlist?after=2089-12-31|00000000-0000-7000-8000-000000000000"
    while path:
        html = await (await office.get(path)).get_data(as_text=True)
        seen += re.findall(r">(Page \d\d)</a>\s*<p class=\"small\">From", html)
        more = re.search(r'href="(/waitlist\?after=[^"]+)"', html)
        path = more and more[1].replace("&amp;", "&")
    assert seen == [f"Page {n:02}" for n in reversed(range(20))]


async def test_a_technician_sees_nothing_of_it(desk, browse):
    slot = desk.slot()
    desk.waits(desk.contact("Fiona Fits"))
    tess = await browse("technician")
    assert (await tess.get("/waitlist")).status_code == 403
    assert "Fiona" not in await page_of(await tess.get(f"/tickets/{slot.ticket_id}"))
    assert "Waitlist" not in await page_of(await tess.get("/day"))


async def test_what_is_held_is_said_at_the_booking_form(desk, browse):
    offer, _ = desk.offer()
    office, contact = await browse("office"), desk.contact("Bea Books")
    wall = offer.starts_at.astimezone(ZoneInfo("America/Chicago"))
    form = {
        "contact_id": str(contact), "starts_at": f"{wall:%Y-%m-%dT%H:%M}", "hours": "1:00", "member_ids": str(PEOPLE["technician"].member_id),
    }  # fmt: skip
    refused = await office.post(f"/tickets/new?contact={contact}", **form)
    assert refused.status_code == 422
    page = await refused.get_data(as_text=True)
    assert "This time is offered to somebody until" in page
    assert 'name="book_anyway_reason"' in page
    assert (
        await office.post(f"/tickets/new?contact={contact}", **form, book_anyway_reason="She rang first")
    ).status_code == 303
    assert desk.now(offer).status == "withdrawn"


async def test_a_technician_sees_what_of_their_day_is_offered(desk, browse):
    slot = desk.slot()
    desk.offer(slot)
    day = slot.starts_at.astimezone(ZoneInfo("America/Chicago")).date()
    tess, carl = await browse("technician"), await browse("colleague")
    assert "is offered to a customer until" in await page_of(await tess.get(f"/day?date={day}"))
    assert "is offered to a customer" not in await page_of(await carl.get(f"/day?date={day}"))


async def test_my_day_says_who_is_late_and_for_how_long_a_visit_takes(desk, browse):
    now = datetime.now(UTC)
    for began, ends in ((-100, -40), (-30, 30)):
        desk(
            "office", "select from api.ticket_create(%s, null, %s, %s, %s::uuid[], p_book_anyway_reason => 'a test')", desk.contact(email=None),
            now + timedelta(minutes=began), now + timedelta(minutes=ends), [PEOPLE["colleague"].member_id],
        )  # fmt: skip
    carl = await browse("colleague")
    day = (now - timedelta(minutes=100)).astimezone(ZoneInfo("America/Chicago")).date()
    assert "1 h 40 min late" in await page_of(await carl.get(f"/day?date={day}"))
    first = desk("owner", "select t.id from crm.ticket t join crm.assignment a on a.ticket_id = t.id where a.member_id = %s and t.starts_at < now() - interval '90 minutes' and t.starts_at > now() - interval '2 hours'", PEOPLE["colleague"].member_id).id  # fmt: skip
    desk("colleague", "select from api.ticket_clock_in(%s)", first)
    words = await page_of(await carl.get(f"/day?date={day}"))
    assert "0 min so far, 40 min longer than planned" in words


# ---- a freed time that nobody took ---------------------------------------------------------------------


async def card(browse: Any, slot: Any) -> str | None:
    """What the page of the waitlist says of a freed time."""
    page = await (await (await browse("office")).get("/waitlist")).get_data(as_text=True)
    found = re.search(rf'id="freed-{slot.id}">.*?</section>', page, re.S)
    return found and found[0]


@pytest.mark.parametrize("how", ["declined", "run_out", "withdrawn"])
async def test_a_time_that_was_offered_in_vain_stays_while_it_is_free(desk, customer, browse, how):
    desk.nothing_else_is_free()
    slot, entry = desk.slot(), desk.waits()
    offer, token = desk.offer(slot, entry)
    if how == "declined":
        await customer.post(f"/w/{token}/answer", answer="no")
    elif how == "withdrawn":
        desk("office", "select from api.waitlist_offer_withdraw(%s)", offer.id)
    else:
        desk(
            "owner",
            "update crm.waitlist_offer set status = 'run_out', ended_at = now() where id = %s returning 1",
            offer.id,
        )
    desk.nobody_else_waits()
    said = await card(browse, slot)
    assert said
    assert "Nobody else fits." in said
    assert f'href="/calendar/day?date={slot.starts_at:%Y-%m-%d}"' in said
    # As soon as somebody has it, it is gone.
    desk(
        "office", "select from api.ticket_create(%s, null, %s, %s, %s::uuid[])", desk.contact("Nina New", None), slot.starts_at, slot.ends_at,
        [PEOPLE["technician"].member_id],
    )  # fmt: skip
    assert await card(browse, slot) is None


async def test_who_fits_stands_with_the_note_and_a_way_to_call(desk, browse):
    desk.nobody_else_waits()
    desk.nothing_else_is_free()
    slot, entry = desk.slot(), desk.waits()
    desk("office", "update crm.contact set phone = '(256) 555-0188' where id = %s returning 1", entry.contact_id)
    said = await card(browse, slot)
    assert said
    assert "Rings twice." in said
    assert 'href="tel:' in said
    assert "(256) 555-0188" in said
