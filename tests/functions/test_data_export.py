"""Everything a business owns, written out by the worker in parts and taken away as one file."""

import csv
import io
import json
import zipfile

import pytest
import pytest_asyncio

from crm import context, db
from crm.worker import Job, Tools, data_export
from tests.conftest import PAT, RIVAL, TIDY, refused
from tests.views.test_file import fetch, png, send


@pytest_asyncio.fixture(loop_scope="session")
async def export(app, run, settings):
    """Makes an export, all of it, as the worker would; returns its id."""
    for old in await run("owner", "data_export_list"):
        await run("owner", "data_export_remove", data_export_id=old.id)

    async def make(most: int = 1000) -> object:
        made = await run("owner", "data_export_create")
        for _ in range(most):
            before = context.current.set(context.worker(TIDY, "test"))
            try:
                await data_export.write(
                    Job(made.id, {"data_export_id": str(made.id)}, "data_export"), Tools(settings, None)
                )
            finally:
                context.current.reset(before)
            if (await run("owner", "data_export_read", data_export_id=made.id)).state == "done":
                break
        return made.id

    yield make
    for old in await run("owner", "data_export_list"):
        await run("owner", "data_export_remove", data_export_id=old.id)


async def opened(browser, made) -> zipfile.ZipFile:
    answer = await fetch(browser, f"/exports/{made}/file")
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(await answer.get_data()))


async def test_holds_every_contact_as_csv_and_as_json_and_nobody_elses(browse, run, export, monkeypatch, admin):
    monkeypatch.setattr(data_export, "PAGE", 1000)
    await run("office", "note_add", contact_id=PAT, body="=cmd|' /C calc'!A0", ticket_id=None)
    await send(await browse("office"), f"/contacts/{PAT}/files", png())
    archive = await opened(await browse("owner"), await export())
    assert archive.testzip() is None
    contacts = json.loads(archive.read("contact.json"))
    ids = {
        row.id for row in admin.execute("select id::text from crm.contact where business_id = %s", (TIDY,)).fetchall()
    }
    assert {contact["id"] for contact in contacts} == ids
    rows = list(csv.DictReader(io.StringIO(archive.read("contact.csv").decode("utf-8-sig"))))
    assert {row["id"] for row in rows} == ids
    assert "name" in rows[0]
    assert "business_id" not in rows[0]
    notes = list(csv.DictReader(io.StringIO(archive.read("note.csv").decode("utf-8-sig"))))
    assert "'=cmd|' /C calc'!A0" in {row["body"] for row in notes}
    assert "=cmd|' /C calc'!A0" in {note["body"] for note in json.loads(archive.read("note.json"))}
    assert any(name.startswith("files/") for name in archive.namelist())
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Rita Rival" not in everything
    assert str(RIVAL).encode() not in everything


async def test_goes_on_where_it_stopped_and_writes_nothing_twice(browse, run, export, settings):
    made = await export(most=3)
    work = await run("owner", "data_export_read", data_export_id=made)
    assert work.state == "running"
    again = Job(made, {"data_export_id": str(made)}, "data_export")
    before = context.current.set(context.worker(TIDY, "test"))
    try:
        stands = await db.find("data_export_work", data_export_id=made)
        rows = {"rows": 0, "last_id": None, "csv": b"", "json": b"", "more": False}
        # A worker that was slow comes back with a part that another wrote meanwhile.
        await db.find("data_export_part_add", data_export_id=made, number=stands.number - 1, **rows)
        assert (await db.find("data_export_work", data_export_id=made)).number == stands.number
        while await db.find("data_export_work", data_export_id=made):
            await data_export.write(again, Tools(settings, None))
        await data_export.write(again, Tools(settings, None))
    finally:
        context.current.reset(before)
    contacts = json.loads((await opened(await browse("owner"), made)).read("contact.json"))
    assert len({contact["id"] for contact in contacts}) == len(contacts)


async def test_one_at_a_time(run, export, psql):
    await export(most=1)
    with refused("data_export_is_one_at_a_time"):
        psql("owner").execute("select api.data_export_create()")


async def test_is_not_taken_away_before_it_is_ready(browse, export):
    made = await export(most=1)
    owner = await browse("owner")
    answer = await owner.get(f"/exports/{made}/file")
    assert answer.status_code == 303
    page = await (await owner.get(f"/exports/{made}")).get_data(as_text=True)
    assert "<progress" in page


@pytest.mark.parametrize(("who", "status"), [("office", 403), ("technician", 403), ("stranger", 404)])
async def test_is_the_owners_alone(browse, export, who, status):
    made = await export()
    browser = await browse(who)
    assert (await browser.get(f"/exports/{made}/file")).status_code == status
    assert (await browser.post(f"/exports/{made}/removal")).status_code == status


async def test_is_thrown_away_after_a_week(run, export, admin, settings):
    made = await export()
    row = admin.execute("select q.run_at > now() + interval '6 days' as later from internal.job_queue q join crm.job j on j.id = q.job_id "
                        "where j.kind = 'data_export_removal' and j.key = %s", (str(made),)).fetchone()  # fmt: skip
    assert row.later
    for _ in range(2):
        before = context.current.set(context.worker(TIDY, "test"))
        try:
            await data_export.remove(
                Job(made, {"data_export_id": str(made)}, "data_export_removal"), Tools(settings, None)
            )
        finally:
            context.current.reset(before)
    assert admin.execute("select from crm.data_export_part where data_export_id = %s", (made,)).fetchall() == []
