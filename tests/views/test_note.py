"""Notes: on a contact, on a visit, changed and removed."""

import pytest

from tests.conftest import PAT, QUINN, RITA, TESS_VISITS_PAT, text


async def test_create_puts_the_note_into_the_history(browse):
    tess = await browse("technician")
    answer = await tess.post(f"/contacts/{PAT}/notes", body="Rang about the fascia.")
    assert answer.status_code == 303
    page = text(await (await tess.get(answer.location)).get_data(as_text=True))
    assert "Rang about the fascia." in page
    assert "Tess" in page


async def test_create_on_a_visit_is_shown_there_and_with_the_contact(browse):
    tess = await browse("technician")
    answer = await tess.post(f"/tickets/{TESS_VISITS_PAT}/notes/new", body="Hook at the back is loose.")
    assert "Hook at the back is loose." in await (await tess.get(answer.location)).get_data(as_text=True)
    assert "Hook at the back is loose." in await (await tess.get(f"/contacts/{PAT}")).get_data(as_text=True)


async def test_card_number_is_removed_and_the_place_is_shown(browse):
    office = await browse("office")
    await office.post(f"/contacts/{PAT}/notes", body="Pays with 4111 1111 1111 1111, says she.")
    page = await (await office.get(f"/contacts/{PAT}")).get_data(as_text=True)
    assert "4111" not in page
    assert "[removed]</mark>, says she." in page


async def test_create_without_words_is_refused(browse):
    answer = await (await browse("office")).post(f"/contacts/{PAT}/notes", body="  ")
    assert answer.status_code == 422
    assert "Write a note of at most 4,000 characters." in await answer.get_data(as_text=True)


async def test_technician_changes_their_own_note_and_nobody_elses(browse, run):
    note = await run("technician", "note_add", contact_id=PAT, body="Mine.", ticket_id=None)
    other = await run("office", "note_add", contact_id=PAT, body="The office's.", ticket_id=None)
    tess = await browse("technician")
    assert (await tess.post(f"/notes/{note.id}", body="Still mine.")).status_code == 303
    assert (await tess.post(f"/notes/{other.id}", body="Mine now.")).status_code == 422
    assert (await tess.post(f"/notes/{other.id}/removal")).status_code == 422
    assert (await run("office", "note_read", note_id=other.id)).body == "The office's."


@pytest.mark.parametrize(("who", "offered"), [("technician", {"technician"}), ("office", {"technician", "office"})])
async def test_only_what_one_may_change_is_offered(browse, run, who, offered):
    browser = await browse(who)
    for writer in ("technician", "office"):
        note = await run(writer, "note_add", contact_id=None, body="Whose is it?", ticket_id=TESS_VISITS_PAT)
        for path in (f"/contacts/{PAT}", f"/tickets/{TESS_VISITS_PAT}"):
            page = await (await browser.get(path)).get_data(as_text=True)
            assert f'id="note-{note.id}"' in page
            assert (f'href="/notes/{note.id}/edit"' in page) == (writer in offered)
        page = await (await browser.get(f"/notes/{note.id}/edit")).get_data(as_text=True)
        assert ("Save note" in page, "Remove this note" in page) == (writer in offered,) * 2
        answer = await browser.post(f"/notes/{note.id}", body="Mine?")
        assert answer.status_code == (303 if writer in offered else 422)


async def test_office_sees_what_a_note_said_before(browse, run):
    note = await run("technician", "note_add", contact_id=PAT, body="The first words.", ticket_id=None)
    office = await browse("office")
    await office.post(f"/notes/{note.id}", body="Better words.")
    page = await (await office.get(f"/notes/{note.id}/edit")).get_data(as_text=True)
    assert "The first words." in page
    assert "Better words." in page
    own = await (await (await browse("technician")).get(f"/notes/{note.id}/edit")).get_data(as_text=True)
    assert "The first words." not in own


async def test_removal_takes_it_out_of_the_history(browse, run):
    note = await run("office", "note_add", contact_id=PAT, body="To be removed.", ticket_id=None)
    office = await browse("office")
    assert (await office.post(f"/notes/{note.id}/removal")).status_code == 303
    assert "To be removed." not in await (await office.get(f"/contacts/{PAT}")).get_data(as_text=True)


async def test_note_is_found_by_its_words(browse, run):
    await run("office", "note_add", contact_id=QUINN, body="Asked for a marquetry pergola.", ticket_id=None)
    page = await (await (await browse("office")).get("/search?q=marquetry+pergola")).get_data(as_text=True)
    assert "Asked for a marquetry pergola." in page
    page = await (await (await browse("technician")).get("/search?q=marquetry+pergola")).get_data(as_text=True)
    assert "Asked for a marquetry pergola." not in page


async def test_of_another_business_or_a_colleagues_contact_there_is_nothing(browse):
    assert (await (await browse("stranger")).post(f"/contacts/{PAT}/notes", body="Mine")).status_code == 404
    assert (await (await browse("owner")).post(f"/contacts/{RITA}/notes", body="Mine")).status_code == 404
    assert (await (await browse("technician")).post(f"/contacts/{QUINN}/notes", body="Mine")).status_code == 404
