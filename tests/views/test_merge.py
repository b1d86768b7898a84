"""Two contacts that are one: reviewed, looked at side by side, merged, undone."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from tests.conftest import PAT, PEOPLE, QUINN, RITA, text

NOTHING = dict.fromkeys(
    ("phone", "email", "preferred_method", "note", "phone_e164", "other_phone", "other_e164", "preferred_time", "language", "referred_by")
)  # fmt: skip


@pytest_asyncio.fixture(loop_scope="session")
async def twins(run):
    """One person twice: Zita stays, Zitta goes in; each pair has a number of its own."""
    number = f"256 555 {uuid.uuid4().int % 10000:04}{uuid.uuid4().int % 10}"
    made = []
    for name, more in (("Zita Twin", {}), ("Zitta Twin", {"email": "zitta@example.org", "note": "Rings twice."})):
        made.append(
            (await run("office", "contact_create", kind="person", name=name, **NOTHING | {"phone": number} | more)).id
        )
    await run("office", "attribute_set", contact_id=made[0], key="cat here", value="Miso", kind=None)
    await run("office", "attribute_set", contact_id=made[1], key="cat here", value="Tom", kind=None)
    await run("office", "attribute_set", contact_id=made[1], key="panes there", value="24", kind=None)
    return made


async def merged(run, twins):
    return (await run("office", "contact_merge", contact_id=twins[0], other_id=twins[1], take=[])).change_set_id


async def test_review_shows_the_pair_with_its_reasons_until_somebody_says_otherwise(browse, twins):
    office = await browse("office")
    page = await (await office.get("/duplicates")).get_data(as_text=True)
    link = f"/contacts/{twins[0]}/merge/{twins[1]}"
    after = ""
    while link not in page and (more := re.search(r'href="(/duplicates\?after=[^"]+)"', page)):
        assert more[1] != after, "each page leads on"
        after = more[1]
        page = await (await office.get(after.replace("&amp;", "&"))).get_data(as_text=True)
    assert link in page
    card = text(page[page.index("Zita Twin and Zitta Twin") :])[:400]
    assert "The same phone number" in card
    answer = await office.post(f"/contacts/{twins[0]}/not-duplicates", other_id=str(twins[1]))
    assert answer.status_code == 303
    assert link not in await (await office.get(answer.location)).get_data(as_text=True)
    page = text(await (await office.get(link)).get_data(as_text=True))
    assert "Omar said on" in page
    answer = await office.post(f"/contacts/{twins[1]}/not-duplicates/{twins[0]}/removal")
    assert answer.status_code == 303
    assert "Omar said on" not in text(await (await office.get(link)).get_data(as_text=True))


@pytest.mark.parametrize("after", ["x", "3|x|y", "99999999999|a|b", "3||", "%00"])
async def test_page_of_pairs_that_cannot_be_read_is_the_first(browse, after):
    assert (await (await browse("office")).get(f"/duplicates?after={after}")).status_code == 200


async def test_new_shows_what_differs_and_what_will_happen(browse, twins):
    page = await (await (await browse("office")).get(f"/contacts/{twins[0]}/merge/{twins[1]}")).get_data(as_text=True)
    choices = dict(re.findall(r'name="([^"]+)" value="(this|that)" checked', page))
    assert choices == {"name": "this", "email": "that", "note": "that", "attribute:cat here": "this"}
    words = text(page)
    assert "1 fact is added" in words
    assert "Zitta Twin is archived" in words
    assert f"/contacts/{twins[1]}/merge/{twins[0]}" in page


async def test_create_merges_what_was_chosen_and_says_so_with_a_way_back(browse, run, twins):
    office = await browse("office")
    form = {"other_id": str(twins[1]), "name": "this", "email": "that", "note": "this", "attribute:cat here": "that"}
    answer = await office.post(f"/contacts/{twins[0]}/merges", **form)
    assert answer.status_code == 303
    page = await (await office.get(answer.location)).get_data(as_text=True)
    words = text(page)
    assert "Zitta Twin was merged into Zita Twin." in words
    assert "Merged with Zitta Twin on" in words
    assert "zitta@example.org" in words
    assert "The note there was: Rings twice." in words
    assert "cat here: Miso" in words
    gone = text(await (await office.get(f"/contacts/{twins[1]}")).get_data(as_text=True))
    assert "Merged into Zita Twin" in gone
    assert "Book a visit" not in gone
    number = (await run("office", "contact_read", contact_id=twins[0])).phone.replace(" ", "")
    found = text(await (await office.get(f"/search?q={number}")).get_data(as_text=True))
    assert "Merged into Zita Twin" in found
    listed = text(await (await office.get(f"/contacts?q={number}", fragment=True)).get_data(as_text=True))
    assert "Merged into Zita Twin" in listed
    undo = re.search(r'action="(/merges/[^"]+/undo)"', page)
    answer = await office.post(undo[1])
    assert answer.status_code == 303
    words = text(await (await office.get(answer.location)).get_data(as_text=True))
    assert "Undone: Zita Twin and Zitta Twin are two again." in words
    assert "zitta@example.org" not in words
    answer = await office.post(undo[1])
    assert answer.status_code == 422
    assert "This merge was undone already." in text(await answer.get_data(as_text=True))


@pytest.mark.parametrize(
    "wrong",
    [{"other_id": "\0"}, {"attribute:cat\0here": "that"}, {"elsewhere": "that"}],
    ids=["whom", "a fact", "a field"],
)
async def test_create_with_a_choice_that_nobody_knows_is_refused_politely(browse, run, twins, wrong):
    office = await browse("office")
    answer = await office.post(f"/contacts/{twins[0]}/merges", **{"other_id": str(twins[1])} | wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in await answer.get_data(as_text=True)
    assert (await run("office", "contact_read", contact_id=twins[1])).merged_into_id is None


async def test_undo_after_a_change_is_refused_and_says_what_was_changed_when_and_by_whom(browse, run, twins):
    act = await merged(run, twins)
    fact = next(f for f in await run("office", "contact_attributes", contact_id=twins[0]) if f.key == "panes there")
    await run("owner", "attribute_remove", attribute_id=fact.id)
    office = await browse("office")
    answer = await office.post(f"/merges/{act}/undo")
    assert answer.status_code == 422
    words = text(await answer.get_data(as_text=True))
    assert "Something was changed since the merge" in words
    assert "Panes there was removed" in words
    assert "Olive" in words
    assert "Merged with Zitta Twin" in text(await (await office.get(f"/contacts/{twins[0]}")).get_data(as_text=True))


async def test_a_merge_that_cannot_be_is_refused_in_words(browse, run, twins):
    office = await browse("office")
    path = f"/contacts/{twins[0]}/merges"
    for form, said in (
        ({"other_id": str(twins[0])}, "This is one contact already."),
        ({"other_id": str(twins[1]), "secret": "that"}, "One of the things to take is not known."),
        ({"other_id": "nobody"}, "Choose the other contact."),
        ({}, "Choose the other contact."),
    ):
        answer = await office.post(path, **form)
        assert answer.status_code == 422
        assert said in text(await answer.get_data(as_text=True))
    await merged(run, twins)
    answer = await office.post(path, other_id=str(twins[1]))
    assert answer.status_code == 422
    assert "“Zitta Twin” was merged into “Zita Twin”." in text(await answer.get_data(as_text=True))
    answer = await office.post(f"/contacts/{twins[1]}", kind="person", name="Zitta Twin", note="Rings thrice.")
    assert answer.status_code == 422
    page = await answer.get_data(as_text=True)
    assert "“Zitta Twin” was merged into “Zita Twin”. Change it there." in text(page)
    assert "Rings thrice." in page


async def test_who_offers_neither_the_contact_itself_nor_whom_it_took_in(browse, run, twins):
    office = await browse("office")
    # Other tests leave twins too: those of this one are found by the number that they share.
    number = (await run("office", "contact_read", contact_id=twins[0])).phone.replace(" ", "")
    page = await (await office.get(f"/contacts/{twins[0]}/merge?q={number}")).get_data(as_text=True)
    assert f"/contacts/{twins[0]}/merge/{twins[1]}" in page
    assert f"/merge/{twins[0]}" not in page
    await merged(run, twins)
    page = await (await office.get(f"/contacts/{twins[0]}/merge?q={number}")).get_data(as_text=True)
    assert f"/merge/{twins[1]}" not in page


async def test_as_a_technician_it_is_forbidden(browse, run, twins):
    tess = await browse("technician")
    act = await merged(run, twins)
    for path in ("/duplicates", f"/contacts/{PAT}/merge", f"/contacts/{PAT}/merge/{QUINN}", f"/merges/{act}"):
        assert (await tess.get(path)).status_code == 403
    assert (await tess.post(f"/contacts/{PAT}/merges", other_id=str(QUINN))).status_code == 403
    assert (await tess.post(f"/merges/{act}/undo")).status_code == 403
    page = await (await tess.get(f"/contacts/{PAT}")).get_data(as_text=True)
    assert "Same as somebody else" not in page


async def test_technician_who_sees_only_one_of_them_is_told_no_name(browse, run, twins):
    at = datetime.now(UTC) + timedelta(days=45, minutes=uuid.uuid4().int % 10000)
    visit = await run(
        "office", "ticket_create", contact_id=twins[1], address_id=None, starts_at=at, ends_at=at + timedelta(hours=1),
        member_ids=[PEOPLE["technician"].member_id], service_ids=[], instructions=None, book_anyway_reason="beside other tests", arrival_minutes=None,
    )  # fmt: skip
    await run("office", "ticket_cancel", ticket_id=visit.id, reason="rain")
    await merged(run, twins)
    page = text(await (await (await browse("technician")).get(f"/contacts/{twins[1]}")).get_data(as_text=True))
    assert "Merged into another contact." in page


async def test_of_another_business_there_is_nothing(browse, run, twins):
    act = await merged(run, twins)
    stranger, owner = await browse("stranger"), await browse("owner")
    assert (await stranger.post(f"/contacts/{RITA}/merges", other_id=str(PAT))).status_code == 404
    assert (await owner.post(f"/contacts/{PAT}/merges", other_id=str(RITA))).status_code == 404
    assert (await stranger.get(f"/merges/{act}")).status_code == 404
    assert (await stranger.post(f"/merges/{act}/undo")).status_code == 404
    assert (await owner.post(f"/contacts/{PAT}/not-duplicates", other_id=str(RITA))).status_code == 404


async def test_the_wrong_method_is_refused(browse):
    office = await browse("office")
    for path in (f"/contacts/{PAT}/merges", f"/merges/{uuid.uuid4()}/undo", f"/contacts/{PAT}/not-duplicates"):
        assert (await office.get(path)).status_code == 405
