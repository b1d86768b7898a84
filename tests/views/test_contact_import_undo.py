"""An import is taken back: the book is as it was, but for what people did since."""

from crm.book.writer import csv_bytes
from crm.worker import contact_import
from tests.conftest import PEOPLE, TIDY
from tests.views.moving_in import imported, known, named, page, rows_of, upload, word, work


async def undone(browser, sql, path):
    assert (await browser.post(f"{path}/undo")).status_code == 303
    await work(path, contact_import.undo, times=3)
    (row,) = sql("select state, undone, kept from crm.contact_import where id = %s", path[-36:])
    return tuple(row)


async def test_undo_leaves_the_book_as_it_was(browse, sql, home, signer):
    name, key = word(), word().lower()
    await known(sql, home, signer, name)
    before = _plain(sql, f"{name}%")
    data = csv_bytes(
        ["Name", "Email", "Phone", "Street", key],
        [
            [f"{name} Changed", f"{name}@example.com", "256-555-0190", "5 New St", "yes"],
            [f"{name} New", "", "", "6 New St", "no"],
        ],
    )
    office = await browse("office")
    row, path = await imported(office, sql, data, "update")
    assert (row.created, row.updated) == (1, 1)
    assert named(sql, f"{name} Changed")[0].streets == ["5 New St"]
    assert "1 customer that this import added will vanish" in await page(office, f"{path}/undo")
    assert await undone(office, sql, path) == ("undone", 2, 0)
    assert _plain(sql, f"{name}%") == before
    assert named(sql, f"{name} Mail")[0].streets == []
    assert sql("select from crm.attribute_key where key = %s", key) == []
    (change,) = sql("select undone_by from crm.change_set where id = %s", row.change_set_id)
    assert change.undone_by == PEOPLE["office"].member_id
    assert await undone(office, sql, path) == ("undone", 2, 0)  # once more changes nothing


def _plain(sql, like):
    return sql(
        "select id, kind, name, phone, phone_e164, email, note, array(select key || value from crm.attribute a where a.contact_id = c.id) as facts "
        "from crm.contact c where business_id = %s and name like %s order by id", TIDY, like,
    )  # fmt: skip


async def test_undo_keeps_whom_somebody_has_changed_and_on_whom_something_hangs(browse, sql, run):
    name = word()
    data = csv_bytes(["Name", "Street", "Pet"], [[f"{name} {n}", f"{n} {name} St", "dog"] for n in range(6)])
    office = await browse("office")
    _, path = await imported(office, sql, data)
    _, edited, fact, noted, placed, later = named(sql, f"{name}%")
    await office.post(f"/contacts/{edited.id}", kind="person", name=edited.name, note="mine")
    await run("office", "attribute_set", contact_id=fact.id, key="gate", value="12", kind=None)
    await run("office", "note_add", contact_id=noted.id, body="Rang.", ticket_id=None)
    await run(
        "office",
        "address_create",
        contact_id=placed.id,
        label=None,
        street="Other St",
        city=None,
        region=None,
        postcode=None,
        access_note=None,
    )
    again, other = await imported(office, sql, csv_bytes(["Name", "Street"], [[later.name, later.streets[0]]]))
    assert again.skipped == 1
    assert await undone(office, sql, path) == ("undone", 2, 4)
    assert [c.id for c in named(sql, f"{name}%")] == [edited.id, fact.id, noted.id, placed.id]
    assert [r.reason for r in rows_of(sql, path) if r.outcome == "kept"] == [
        "Somebody has changed them since.", "Somebody has changed them since.", "They have a note.", "Somebody has changed them since.",
    ]  # fmt: skip
    assert rows_of(sql, other)[0].contact_id is None
    assert "Left as they are 4" in await page(office, path)


async def test_undo_of_an_update_keeps_what_somebody_has_changed_since(browse, sql, home, signer):
    name = word()
    await known(sql, home, signer, name)
    office = await browse("office")
    _, path = await imported(
        office,
        sql,
        csv_bytes(["Name", "Email", "Notes"], [[f"{name} Mail", f"{name}@example.com", "from the file"]]),
        "update",
    )
    (mail,) = named(sql, f"{name} Mail")
    await office.post(f"/contacts/{mail.id}", kind="person", name=mail.name, email=mail.email, note="mine")
    assert await undone(office, sql, path) == ("undone", 0, 1)
    assert named(sql, f"{name} Mail")[0].note == "mine"


async def test_undo_of_nothing_is_refused(browse, sql):
    office = await browse("office")
    path = (await upload(office, b"Name\nAnn\n")).location
    answer = await office.post(f"{path}/undo")
    assert answer.status_code == 422
    assert "nothing to undo" in await answer.get_data(as_text=True)
