"""The rows of a file on their way into the book: each once, whoever works on it, and only the bad ones fail."""

from uuid import UUID

import pytest

from crm import context, db
from crm.book.writer import csv_bytes
from crm.worker import contact_import
from tests.conftest import TIDY
from tests.views.moving_in import book_of, imported, known, mapping_of, named, page, rows_of, start, upload, word, work


async def test_start_takes_all_that_the_file_knows(browse, sql):
    name = word()
    data = csv_bytes(
        ["Name", "Phone", "Email", "Street", "City", "Notes", "Tags", "Ladder"],
        [
            [
                name,
                "907-555-0136",
                f"{name}@Example.com",
                "9 Wall St",
                "Madison",
                "Likes mornings",
                "vip, weekly",
                "the long one",
            ]
        ],
    )
    row, path = await imported(await browse("office"), sql, data)
    assert (row.state, row.created, row.failed) == ("done", 1, 0)
    (contact,) = named(sql, name)
    assert (contact.phone, contact.phone_e164, contact.email) == (
        "907-555-0136",
        "+19075550136",
        f"{name.lower()}@example.com",
    )
    assert (contact.note, contact.consent, contact.streets) == ("Likes mornings", "not_asked", ["9 Wall St"])
    assert contact.facts == ["ladder=the long one", "tags=vip, weekly"]
    assert sql("select kind from crm.attribute_key where business_id = %s and key = 'tags'", TIDY) == [("list",)]
    assert sql("select distinct source from crm.attribute where contact_id = %s", contact.id) == [("import",)]
    (change,) = sql("select distinct change_set_id from crm.audit_entry where row_id = %s", str(contact.id))
    assert change.change_set_id == row.change_set_id
    assert name in await page(await browse("owner"), f"/contacts?q={name}")
    assert "New customers 1" in await page(await browse("owner"), path)


async def test_a_column_goes_where_somebody_says(browse, sql):
    name = word()
    data = f"Name,Remark on the gate\n{name},shut it\n".encode()
    await imported(await browse("office"), sql, data, **{"Remark on the gate": "note"})
    assert named(sql, name)[0].note == "shut it"


async def test_start_without_a_name_is_refused_and_keeps_the_choice(browse, sql):
    office = await browse("office")
    path = (await upload(office, b"Name,City\nAnn,Madison\n")).location
    answer = await start(office, sql, path, "update", Name="")
    assert answer.status_code == 422
    html = await answer.get_data(as_text=True)
    assert "Choose which column holds the name" in html
    assert 'value="update" checked' in html
    assert mapping_of(sql, path).mapping == ["name", "city"]


async def test_update_keeps_the_choice_for_later(browse, sql):
    office = await browse("office")
    path = (await upload(office, b"Name,City\nAnn,Madison\n")).location
    form = {"column-0": "organisation", "column-1": ""}
    assert (await office.post(path, duplicates="create", **form)).status_code == 303
    assert mapping_of(sql, path).mapping == ["organisation", ""]


@pytest.mark.parametrize("form", [{"column-0": "elsewhere"}, {"column-0": "name", "column-1": "name"}, {}])
async def test_update_with_what_is_no_place_is_refused(browse, sql, form):
    office = await browse("office")
    path = (await upload(office, b"Name\nAnn\n")).location
    assert (await office.post(path, duplicates="skip", **form)).status_code == 422
    assert mapping_of(sql, path).mapping == ["name"]


async def test_only_the_row_that_a_rule_refuses_fails(browse, sql):
    name = word()
    rows = [[f"{name} {n}", f"{name}{n}@example.com", ""] for n in range(20)]
    rows[7][1] = "nobody@"
    rows[12][0] = "x" * 121
    rows[15][0] = ""
    office = await browse("office")
    row, path = await imported(office, sql, csv_bytes(["Name", "Email", "Street"], rows))
    assert (row.created, row.failed, row.skipped) == (17, 3, 0)
    assert len(named(sql, f"{name}%")) == 17
    assert {r.number: r.reason for r in rows_of(sql, path) if r.outcome == "failed"} == {
        8: "Enter one e-mail address, such as name@example.com, or leave it empty.",
        13: "Enter a name of at most 120 characters.",
        16: "This row has no name: neither of a person nor of an organisation.",
    }
    answer = await office.get(f"{path}/failures.csv")
    failures = await answer.get_data(as_text=False)
    assert failures.decode("utf-8-sig").splitlines()[1].startswith(f'"{name} 7","nobody@","","Enter one e-mail')
    mended = failures.replace(b"nobody@", f"{name}7@example.com".encode())
    again, _ = await imported(office, sql, mended)
    assert (again.created, again.failed, again.mapping[-1]) == (1, 2, "")


async def test_a_fact_of_another_kind_fails_with_its_sentence(browse, sql, run):
    name, key = word(), word().lower()
    await run("office", "attribute_set", contact_id=(await run("office", "contact_list", after_key="", after_id=UUID(int=0)))[0].id,
              key=key, value="24", kind="number")  # fmt: skip
    row, path = await imported(await browse("office"), sql, f'Name,{key}\n{name} A,many\n{name} B,"1,50"\n'.encode())
    assert (row.created, row.failed) == (1, 1)
    assert rows_of(sql, path)[0].reason.startswith(f"“{key}” is a number")
    assert named(sql, f"{name} B")[0].facts == [f"{key}=1.5"]


async def test_duplicates_are_skipped(browse, sql, home, signer):
    name = word()
    await known(sql, home, signer, name)
    row, path = await imported(await browse("office"), sql, book_of(name), "skip")
    assert (row.created, row.skipped, row.updated, row.failed) == (1, 4, 0, 0)
    assert [r.reason and r.reason.partition("(")[2] for r in rows_of(sql, path)] == [
        "the same e-mail address).", "the same phone number).", "the same name at the same street).",
        "the same name, and no more is known).", None,
    ]  # fmt: skip
    assert {c.note for c in named(sql, f"{name}%")} == {"old words", "new words"}


async def test_duplicates_are_updated_with_what_the_file_has(browse, sql, home, signer):
    name = word()
    await known(sql, home, signer, name)
    row, _ = await imported(await browse("office"), sql, book_of(name), "update")
    assert (row.created, row.skipped, row.updated, row.failed) == (1, 1, 3, 0)
    mail, new, only, phone = named(sql, f"{name} %")[:4]
    assert (mail.note, phone.note, only.note, new.note) == ("new words", "new words", "old words", "new words")
    assert (phone.phone, phone.phone_e164) == (
        "(256) 555-0188",
        "+12565550188",
    )  # the same number stays as it was typed
    (street,) = named(sql, f"{name.upper()}%")
    assert (street.note, street.streets) == ("new words", [f"1 {name} rd"])


async def test_duplicates_are_added_once_more(browse, sql, home, signer):
    name = word()
    await known(sql, home, signer, name)
    row, _ = await imported(await browse("office"), sql, book_of(name), "create")
    assert (row.created, row.skipped) == (5, 0)


@pytest.mark.parametrize(("duplicates", "counts"), [("skip", (2, 4, 0)), ("update", (2, 0, 4)), ("create", (6, 0, 0))])
async def test_who_stands_in_the_file_twice_is_known_from_the_second_time_on(browse, sql, duplicates, counts):
    name = word()
    data = csv_bytes(
        ["Name", "Email", "Street", "Pet"],
        [[f"{name} One", f"{name}@example.com", "1 Elm St", "dog"], [f"{name} One", f"{name}@example.com", "1 Elm St", "dog"],
         [f"{name} One", f"{name}@example.com", "2 Elm St", "cat"], [f"{name} One", "", "1 elm st", "parrot"],
         [f"{name} Two", "", "", "fish"], [f"{name} Two", "", "", "snake"]],
    )  # fmt: skip
    row, _ = await imported(await browse("office"), sql, data, duplicates)
    assert (row.created, row.skipped, row.updated, row.failed) == (*counts, 0)
    if duplicates == "update":
        one, two = named(sql, f"{name}%")
        assert (one.streets, one.facts, two.facts) == (["1 Elm St", "2 Elm St"], ["pet=parrot"], ["pet=snake"])


async def test_a_worker_that_dies_goes_on_where_it_stopped(browse, sql, monkeypatch):
    monkeypatch.setattr(contact_import, "PARTS", 1)
    name = word()
    data = csv_bytes(["Name"], [[f"{name} {n}"] for n in range(600)])
    office = await browse("office")
    path = (await upload(office, data)).location
    await start(office, sql, path)
    await work(path, times=1)
    (half,) = sql("select state, done_rows from crm.contact_import where id = %s", path[-36:])
    assert (half.state, half.done_rows) == ("running", 250)
    assert "250 of 600" in await page(office, path)
    part = await (await office.get(path, fragment=True, headers={"HX-Target": "section#import"})).get_data(as_text=True)
    assert part.lstrip().startswith("<section")
    assert 'hx-trigger="every 2s"' in part
    assert len(part.encode()) < 3000
    # The same job again, as after a worker that died before it could say that it was done, and then once too often.
    await work(path, times=4)
    (row,) = sql("select state, created, done_rows from crm.contact_import where id = %s", path[-36:])
    assert (row.state, row.created, row.done_rows) == ("done", 600, 600)
    assert len(named(sql, f"{name} %")) == 600


async def test_two_workers_with_one_job_take_each_row_once(browse, sql):
    name = word()
    office = await browse("office")
    path = (await upload(office, csv_bytes(["Name"], [[f"{name} {n}"] for n in range(5)]))).location
    await start(office, sql, path)
    context.current.set(context.worker(TIDY))
    people = contact_import.people_of(
        sql("select number, cells from crm.contact_import_row where contact_import_id = %s", path[-36:]),
        ["name"],
        "UTC",
    )
    for _ in range(2):
        await db.one("contact_import_apply", contact_import_id=UUID(path[-36:]), people=people, asks=True)
    assert len(named(sql, f"{name} %")) == 5


async def test_jobs_are_asked_for_once(browse, sql):
    office = await browse("office")
    path = (await upload(office, csv_bytes(["Name"], [[f"{word()}"]]))).location
    for _ in range(2):
        assert (await start(office, sql, path)).status_code == 303  # a double tap
    assert sql("select count(*) from crm.job where kind = 'contact_import' and key like %s", f"{path[-36:]}%") == [(1,)]


async def test_imported_twice_nothing_is_there_twice(browse, sql):
    name = word()
    data = csv_bytes(["Name", "Street"], [[f"{name} {n}", "" if n % 2 else f"{n} Elm St"] for n in range(6)])
    office = await browse("office")
    first, _ = await imported(office, sql, data)
    second, _ = await imported(office, sql, data)
    assert (first.created, second.created, second.skipped) == (6, 0, 6)


async def test_cancel_keeps_nothing_of_a_file_that_nobody_imported(browse, sql):
    office = await browse("office")
    path = (await upload(office, b"Name\nAnn\n")).location
    assert (await office.post(f"{path}/cancellation")).location == "/imports"
    assert rows_of(sql, path) == []
    assert (await start(office, sql, path)).status_code == 422


async def test_cancel_stops_at_the_rows_that_are_done(browse, sql, monkeypatch):
    monkeypatch.setattr(contact_import, "PARTS", 1)
    name = word()
    office = await browse("office")
    path = (await upload(office, csv_bytes(["Name"], [[f"{name} {n}"] for n in range(300)]))).location
    await start(office, sql, path)
    await work(path, times=1)
    assert (await office.post(f"{path}/cancellation")).status_code == 303
    await work(path, times=1)
    assert len(named(sql, f"{name} %")) == 250
    assert "Stopped" in await page(office, path)
