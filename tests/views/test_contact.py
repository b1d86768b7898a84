"""/contacts: list, detail, create, edit. The same five questions for each change."""

from tests.conftest import PAT, RITA, text


async def test_index_shows_the_business_own_people_and_nobody_elses(browse):
    office = await browse("office")
    assert "Pat Pane" in text(await (await office.get("/contacts?q=pane")).get_data(as_text=True))
    assert "Rita Rival" not in text(await (await office.get("/contacts?q=rita")).get_data(as_text=True))


async def test_index_finds_by_part_of_a_name_and_by_digits_of_a_phone_number(browse):
    office = await browse("office")
    assert "Quinn Quarry" in await (await office.get("/contacts?q=quarr")).get_data(as_text=True)
    found = await (await office.get("/contacts?q=555-0131", fragment=True)).get_data(as_text=True)
    assert "Pat Pane" in found
    assert "Quinn Quarry" not in found


async def test_create_adds_a_contact_with_its_first_address(browse):
    office = await browse("office")
    answer = await office.post("/contacts", kind="person", name="Nora New", phone="256 555 7777", street="9 Wall St")
    assert answer.status_code == 303
    page = text(await (await office.get(answer.location)).get_data(as_text=True))
    assert "Nora New" in page
    assert "9 Wall St" in page
    assert "Nora New was added." in page


async def test_create_with_a_bad_phone_number_keeps_every_word_and_says_what_to_do(browse):
    office = await browse("office")
    answer = await office.post("/contacts", kind="person", name="Norbert", phone="none", note="likes mornings")
    assert answer.status_code == 422
    page = await answer.get_data(as_text=True)
    assert "Enter a phone number with 3 to 20 digits, or leave it empty." in page
    assert 'aria-invalid="true"' in page
    assert "likes mornings" in page
    assert 'value="Norbert"' in page


async def test_create_as_a_technician_is_forbidden(browse):
    answer = await (await browse("technician")).post("/contacts", kind="person", name="Nobody")
    assert answer.status_code == 403


async def test_show_of_another_business_is_not_found(browse):
    stranger = await browse("stranger")
    assert (await stranger.get(f"/contacts/{PAT}")).status_code == 404
    assert (await (await browse("owner")).get(f"/contacts/{RITA}")).status_code == 404


async def test_update_changes_the_contact(browse):
    office = await browse("office")
    answer = await office.post(
        f"/contacts/{PAT}", kind="person", name="Pat Pane", email="PAT@example.com", phone="(256) 555-0131"
    )
    assert answer.status_code == 303
    assert "pat@example.com" in await (await office.get(answer.location)).get_data(as_text=True)


async def test_update_of_another_business_is_not_found(browse):
    answer = await (await browse("stranger")).post(f"/contacts/{PAT}", kind="person", name="Mine now")
    assert answer.status_code == 404


async def test_a_form_without_its_token_is_refused(browse):
    answer = await (await browse("office")).post("/contacts", csrf="", kind="person", name="Forged")
    assert answer.status_code == 403


async def test_a_form_from_another_site_is_refused(browse):
    answer = await (await browse("office")).post("/contacts", headers={"Sec-Fetch-Site": "cross-site"}, name="Forged")
    assert answer.status_code == 403


async def test_show_says_what_is_owed_and_when_the_next_visit_is(browse, psql, home, signer):
    import psycopg

    from tests.conftest import PANES, PEOPLE, become

    with psycopg.connect(home.admin_url) as connection:
        become(connection, signer, "owner")
        one = lambda sql, *values: connection.execute(sql, values).fetchone()[0]  # noqa: E731
        contact = one("select id from api.contact_create('person', 'Odette Owing')")
        book = "select id from api.ticket_create(%s, null, now() + %s::interval, now() + %s::interval + interval '1 hour', %s::uuid[], %s::uuid[])"
        tess = [PEOPLE["technician"].member_id]
        done = one(book, contact, "51 days", "51 days", tess, [PANES])
        one("select api.ticket_clock_in(%s)", done)
        for step in ("work", "note", "next"):
            one("select api.close_out_gap(%s, %s, 'why')", done, step)
        one("select api.ticket_complete(%s)", done)
        invoice = one("select id from api.invoice_create(%s)", done)
        one("select api.invoice_issue(%s)", invoice)
        ahead = one(book, contact, "52 days", "52 days", tess, [PANES])
    page = await (await (await browse("office")).get(f"/contacts/{contact}")).get_data(as_text=True)
    assert "Owes" in page
    assert "$4.33" in page
    assert f"/tickets/{ahead}" in page
    page = await (await (await browse("technician")).get(f"/contacts/{contact}")).get_data(as_text=True)
    assert "Owes" not in page
    assert f"/tickets/{ahead}" in page


async def test_whoever_is_archived_with_visits_to_come_is_told_that_these_go_on(browse, office):
    visit = office.visit()
    desk = await browse("office")
    page = f"/contacts/{visit.contact_id}"
    await desk.post(f"{page}/archive", archived="1")
    assert "Archived: not on the list any more. What is booked goes on" in text(
        await (await desk.get(page)).get_data(as_text=True)
    )
    office("office", "select api.ticket_cancel(%s, 'they moved away')", visit.id)
    seen = text(await (await desk.get(page)).get_data(as_text=True))
    assert "Archived: not on the list any more." in seen
    assert "What is booked goes on" not in seen
