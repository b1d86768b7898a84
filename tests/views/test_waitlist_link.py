"""The link in an offer of the waitlist: it shows one time, takes one answer, and is nothing to anybody else."""

import re
from typing import Any

import psycopg
import pytest
from icalendar import Calendar

from crm.auth import link
from tests.conftest import PEOPLE, RIVAL, TIDY, Browser
from tests.views.desk import page_of


async def test_shows_the_time_and_nothing_that_is_the_business_s_own(desk, customer):
    desk(
        "owner",
        "select from api.business_update('Tidy Windows', 'America/Chicago', 825, false, 14, 0, '(256) 555-0100', null)",
    )
    _, token = desk.offer()
    answer = await customer.get(f"/w/{token}")
    words = await page_of(answer)
    for known in ("Tidy Windows", "Exterior windows", "5 Elm St, Madison, 35758", "Tess", "Wanda Waiting", "Held for you until", "Times are those of Chicago", "(256) 555-0100"):  # fmt: skip
        assert known in words
    for own in ("Rings twice", "key under the pot", "wanda@example.com", "ladder", "Vera Visited"):
        assert own not in words
    assert answer.headers.getlist("Set-Cookie") == []
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]


async def test_opening_it_changes_nothing(desk, customer, home):
    offer, token = desk.offer()

    def everything() -> Any:
        with psycopg.connect(home.admin_url) as connection:
            return connection.execute(
                "select (select count(*) from crm.audit_entry), (select count(*) from crm.security_event), (select count(*) from crm.ticket)"
            ).fetchone()

    before = everything()
    for method in (customer.get, customer.client.head):
        assert (await method(f"/w/{token}", headers=customer.HEADERS)).status_code == 200
    assert (await customer.get(f"/w/{token}/answer?answer=yes")).status_code == 405
    assert everything() == before
    assert desk.now(offer).status == "held"


async def test_yes_books_it_and_the_office_sees_who_did(desk, customer, browse):
    entry = desk.waits()
    offer, token = desk.offer(entry=entry)
    for _ in range(2):
        answer = await customer.post(f"/w/{token}/answer", answer="yes")
        assert (answer.status_code, answer.location) == (303, f"/w/{token}")
    assert desk.visits(entry) == 1
    assert "It is yours" in await page_of(await customer.get(f"/w/{token}"))
    assert "No, thank you" not in await page_of(await customer.get(f"/w/{token}"))
    office = await browse("office")
    page = await page_of(await office.get(f"/tickets/{desk.now(offer).ticket_id}"))
    assert "Confirmed" in page
    assert re.search(r"Booked\s+Customer,", page)
    assert f"/tickets/{desk.now(offer).ticket_id}" in await (await office.get("/waitlist")).get_data(as_text=True)
    assert "Booked" in await page_of(await office.get(f"/waitlist/{entry.id}"))


async def test_no_lets_the_next_one_have_it(desk, customer):
    offer, token = desk.offer()
    assert (await customer.post(f"/w/{token}/answer", answer="no")).status_code == 303
    assert desk.now(offer).status == "declined"
    assert "Thank you for telling us" in await page_of(await customer.get(f"/w/{token}"))
    late = await customer.post(f"/w/{token}/answer", answer="yes")
    assert late.status_code == 409
    assert desk.now(offer).status == "declined"


async def test_neither_yes_nor_no_is_asked_again(desk, customer):
    _, token = desk.offer()
    for form in ({"answer": "perhaps"}, {}):
        answer = await customer.post(f"/w/{token}/answer", **form)
        assert answer.status_code == 422
        assert "Choose yes or no." in await page_of(answer)


async def test_what_came_too_late_says_so_and_nobody_is_told_who_took_it(desk, customer):
    before = desk.events("customer_link_late").get(TIDY, 0)
    withdrawn, taken_token = desk.offer()
    desk(
        "office", "select from api.ticket_create(%s, null, %s, %s, %s::uuid[], '{}', null, 'they are neighbours')",
        desk.contact("Nosy Neighbour"), withdrawn.starts_at, withdrawn.ends_at, [PEOPLE["technician"].member_id],
    )  # fmt: skip
    late, late_token = desk.offer()
    desk(
        "owner",
        "update crm.waitlist_offer set held_until = now() - interval '1 second' where id = %s returning 1",
        late.id,
    )
    for token, sentence in ((taken_token, "That time is not free any more."), (late_token, "that is over")):
        for answer in (await customer.post(f"/w/{token}/answer", answer="yes"), await customer.get(f"/w/{token}")):
            page = await page_of(answer)
            assert sentence in page
            assert "Tidy Windows" in page
            assert "Neighbour" not in page
            assert "Yes, I take it" not in page
            assert answer.status_code in (409, 200)
    assert desk.events("customer_link_late")[TIDY] == before + 2


async def refusals(customer: Browser, token: str) -> set[tuple[int, str]]:
    found = [
        await customer.get(f"/w/{token}"),
        *[await customer.post(f"/w/{token}/answer", answer=each) for each in ("yes", "no")],
    ]
    return {(answer.status_code, await page_of(answer)) for answer in found}


async def test_guessed_withdrawn_and_expired_links_get_one_page_and_an_event(desk, customer):
    (guessed,) = await refusals(customer, link.make().token)
    assert guessed[0] == 404
    assert "This link opens nothing" in guessed[1]
    offers = [desk.offer(), desk.offer()]
    for (offer, _), change in zip(offers, ("revoked_at", "expires_at"), strict=True):
        desk(
            "owner",
            f"update crm.ticket_link set {change} = now() - interval '1 second' where waitlist_offer_id = %s returning 1",
            offer.id,
        )
    before = desk.events("customer_link_refused").get(TIDY, 0)
    for offer, token in offers:
        assert await refusals(customer, token) == {guessed}
        assert desk.now(offer).status == "held"
    assert desk.events("customer_link_refused")[TIDY] == before + 6


async def test_guesses_are_slowed_down_and_so_is_one_link(desk, customer):
    codes = [(await customer.get(f"/w/{link.make().token}")).status_code for _ in range(31)]
    assert codes == [404] * 30 + [429]
    _, token = desk.offer()
    codes = [(await customer.post(f"/w/{token}/answer", answer="yes")).status_code for _ in range(31)]
    assert codes == [303] * 30 + [429]


async def test_a_link_of_a_visit_opens_no_offer_and_that_of_an_offer_no_visit(desk, customer):
    _, offered = desk.offer()
    for path in ("", "/visit.ics", "/unsubscribe"):
        assert (await customer.get(f"/c/{offered}{path}")).status_code == 404
    assert (await customer.post(f"/c/{offered}/unsubscribe")).status_code == 404
    assert (
        await customer.post(f"/c/{offered}/answer", answer="declined", starts_at="2031-01-01T00:00:00+00:00")
    ).status_code == 404


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_no_page_of_another_site_may_answer(desk, customer, site):
    offer, token = desk.offer()
    answer = await customer.post(f"/w/{token}/answer", answer="yes", headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 403
    assert desk.now(offer).status == "held"


async def test_a_link_of_another_business_books_there(desk, customer, browse, home):
    slot = desk.slot("stranger", "strange_technician")
    entry = desk.waits(services=(), who="stranger")
    offer, token = desk.offer(slot, entry, "stranger")
    tidys = await browse("owner")  # whoever opens it
    shown = await page_of(await tidys.get(f"/w/{token}"))
    assert "Rival Panes" in shown
    assert "Tidy" not in shown
    assert (await customer.post(f"/w/{token}/answer", answer="yes")).status_code == 303
    with psycopg.connect(home.admin_url) as connection:
        made = connection.execute(
            "select business_id from crm.ticket where contact_id = %s", (entry.contact_id,)
        ).fetchall()
        by = connection.execute(
            "select distinct business_id, kind from crm.audit_entry where row_id = %s and operation = 'update' and new ->> 'status' = 'claimed'",
            (str(offer.id),),
        ).fetchall()
    assert made == [(RIVAL,)]
    assert by == [(RIVAL, "link")]


async def test_a_claimed_time_is_added_to_a_calendar(desk, customer):
    _, token = desk.offer()
    assert (await customer.get(f"/w/{token}/visit.ics")).status_code == 404
    await customer.post(f"/w/{token}/answer", answer="yes")
    answer = await customer.get(f"/w/{token}/visit.ics")
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    (event,) = Calendar.from_ical(await answer.get_data()).walk("VEVENT")
    assert (event["STATUS"], event["SUMMARY"]) == ("CONFIRMED", "Tidy Windows: Exterior windows")
