"""In which language a customer's pages are, and how they choose one."""

import html
import re

import pytest
from icalendar import Calendar

from crm import language
from tests.conftest import TIDY
from tests.views.desk import page_of

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}


async def opened(customer, path, languages=""):
    answer = await customer.get(path, headers={"Accept-Language": languages})
    page = await answer.get_data(as_text=True)
    return re.search(r'<html lang="(\w+)">', page)[1], html.unescape(page)


def speaks(office, ticket, name):
    office(
        "office",
        "with c as (update crm.contact set language = %s where id = %s returning 1) select count(*) from c",
        name,
        ticket.contact_id,
    )


@pytest.mark.parametrize(
    ("languages", "name"),
    [
        ("de-AT,de;q=0.9", "de"),
        ("xx,fr-CA;q=0.8,es;q=0.7", "fr"),
        ("es;q=0.2,de;q=0.9", "de"),
        ("zh,ja", "en"),
        ("", "en"),
        ("*", "en"),
        ("é,;q=x", "en"),
        ("de;q=0,fr;q=0.1", "fr"),
    ],
)
async def test_a_page_is_in_the_language_of_the_browser(office, customer, languages, name):
    spoken, page = await opened(customer, f"/c/{office.mail(office.visit())}", languages)
    assert spoken == name
    assert language.say("Please tell us whether it suits you.", name) in page


async def test_a_contact_s_own_language_comes_first(office, customer):
    ticket = office.visit()
    speaks(office, ticket, "es")
    spoken, page = await opened(customer, f"/c/{office.mail(ticket)}", "de")
    assert spoken == "es"
    assert re.search(
        r"(Lunes|Martes|Miércoles|Jueves|Viernes|Sábado|Domingo) \d+ de \w+, de \d+:\d\d [ap]m a \d+:\d\d [ap]m", page
    )
    assert "Las horas son las de Chicago" in page


async def test_the_language_of_the_business_comes_last(office, customer):
    token = office.mail(office.visit())
    office(
        "owner",
        "with b as (update crm.business set language = 'fr' where business_id = %s returning 1) select count(*) from b",
        TIDY,
    )
    assert (await opened(customer, f"/c/{token}", "zh"))[0] == "fr"
    assert (await opened(customer, f"/c/{token}", "en"))[0] == "en"
    office(
        "owner",
        "with b as (update crm.business set language = 'en' where business_id = %s returning 1) select count(*) from b",
        TIDY,
    )


async def test_choosing_a_language_holds_from_now_on(office, customer, sql):
    ticket = office.visit()
    token = office.mail(ticket)
    for _ in range(2):
        answer = await customer.post(f"/c/{token}/language", language="fr")
        assert (answer.status_code, answer.location) == (303, f"/c/{token}")
    assert (await opened(customer, f"/c/{token}", "de"))[0] == "fr"
    entries = sql(
        "select kind, role, new from crm.audit_entry where row_id = %s and operation = 'update'", str(ticket.contact_id)
    )
    assert [(entry.kind, entry.new["language"]) for entry in entries] == [("link", "fr")]
    mail = sql(
        "select t.* from crm.message m, internal.message_text(m) t where m.ticket_id = %s and m.kind = 'confirmation'",
        ticket.id,
    )
    assert mail[0].subject.endswith("vous convient-il ?")


async def test_an_offer_has_the_same_choice(desk, customer):
    _, token = desk.offer()
    answer = await customer.post(f"/w/{token}/language", language="de")
    assert (answer.status_code, answer.location) == (303, f"/w/{token}")
    spoken, page = await opened(customer, f"/w/{token}")
    assert (spoken, "Ja, ich nehme ihn" in page, "Für Sie reserviert bis" in page) == ("de", True, True)


@pytest.mark.parametrize("chosen", ["xx", "", "DE", "de\0", "x" * 5000])
async def test_what_is_no_language_of_ours_is_refused(office, customer, chosen):
    ticket = office.visit()
    answer = await customer.post(
        f"/c/{office.mail(ticket)}/language", language=chosen, headers=customer.HEADERS | GERMAN
    )
    assert answer.status_code == 422
    assert '<html lang="de">' in await answer.get_data(as_text=True)
    assert office("owner", "select language from crm.contact where id = %s", ticket.contact_id).language is None


async def test_choosing_is_no_get_comes_from_our_pages_and_needs_a_link(office, customer):
    ticket = office.visit()
    token = office.mail(ticket)
    assert (await customer.get(f"/c/{token}/language?language=de")).status_code == 405
    answer = await customer.post(
        f"/c/{token}/language", language="de", headers={"Sec-Fetch-Site": "cross-site"} | GERMAN
    )
    assert answer.status_code == 403
    assert "Dieses Formular gilt nicht mehr, deshalb wurde nichts gespeichert." in await page_of(answer)
    answer = await customer.post("/c/nothing/language", language="de", headers=customer.HEADERS | GERMAN)
    assert answer.status_code == 404
    assert "Dieser Link öffnet nichts" in await page_of(answer)
    assert office("owner", "select language from crm.contact where id = %s", ticket.contact_id).language is None


async def test_a_refusal_speaks_the_language_of_the_page(office, customer):
    ticket = office.visit()
    speaks(office, ticket, "de")
    token = office.mail(ticket)
    answer = await customer.post(f"/c/{token}/answer", answer="declined", reason="x" * 501)
    page = await answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'href="#f-reason">Schreiben Sie höchstens 500 Zeichen.' in page
    assert "Bitte prüfen Sie eine Angabe" in page


async def test_the_calendar_file_speaks_it_too(office, customer):
    ticket = office.visit()
    speaks(office, ticket, "de")
    answer = await customer.get(f"/c/{office.mail(ticket)}/visit.ics")
    (event,) = Calendar.from_ical(await answer.get_data()).walk("VEVENT")
    assert re.match(r"Wir kommen: \w+tag, \d+\. \w+, \d\d:\d\d bis \d\d:\d\d Uhr\.\n", event["DESCRIPTION"])


async def test_the_desk_chooses_for_a_contact_and_for_the_business(browse, office):
    desk, owner = await browse("office"), await browse("owner")
    contact = office.visit().contact_id
    saved = await desk.post(f"/contacts/{contact}", kind="person", name="Cleo Customer", language="es")
    assert saved.status_code == 303
    assert "Language Español" in await page_of(await desk.get(f"/contacts/{contact}"))
    refused = await desk.post(f"/contacts/{contact}", kind="person", name="Cleo Customer", language="xx")
    assert refused.status_code == 422
    assert 'href="#f-language">Choose a language from the list, or leave it open.' in await refused.get_data(
        as_text=True
    )
    settings = {
        "name": "Tidy Windows",
        "time_zone": "America/Chicago",
        "tax": "8.25",
        "payment_terms_days": "14",
        "travel_buffer_minutes": "0",
    }
    refused = await owner.post("/settings", **settings, language="xx")
    assert 'href="#f-language">Choose a language from the list.' in await refused.get_data(as_text=True)
    assert (await owner.post("/settings", **settings, language="de")).status_code == 303
    assert office("owner", "select language from crm.business where business_id = %s", TIDY).language == "de"
    assert (await owner.post("/settings", **settings, language="en")).status_code == 303
