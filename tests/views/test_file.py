"""Photos and documents: made harmless, kept, and shown to whom they may be shown."""

import io

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage

from crm import files
from tests.browser.pages import picture
from tests.conftest import CARL_VISITS_QUINN, PAT, QUINN, TESS_VISITS_PAT


def png(size: tuple[int, int] = (40, 30), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", size, (10, 200, 10, 128)).save(out, "PNG", **more)
    return out.getvalue()


async def send(browser, path: str, data: bytes, name: str = "gate.jpg"):
    """As a browser sends a form with a file."""
    await browser.get("/contacts")
    return await browser.client.post(
        path,
        form={"csrf": browser.token},
        files={"files": FileStorage(io.BytesIO(data), name)},
        headers=browser.HEADERS,
    )


async def fetch(browser, path: str):
    """Bytes, which no form stands in."""
    return await browser.client.get(path, headers=browser.HEADERS)


async def newest(run, contact_id=PAT):
    return (await run("office", "contact_files", contact_id=contact_id))[0]


async def test_photo_is_made_anew_without_what_the_camera_wrote(browse, run):
    tess = await browse("technician")
    sent = picture()
    assert Image.open(io.BytesIO(sent)).getexif()
    answer = await send(tess, f"/contacts/{PAT}/files", sent, "Photos/gate.jpg")
    assert answer.status_code == 303
    file = await newest(run)
    assert file.name == "gate.jpg"
    shown = await fetch(tess, f"/files/{file.id}")
    assert shown.content_type == "image/jpeg"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    kept = Image.open(io.BytesIO(await shown.get_data()))
    assert kept.size == (600, 400)
    assert not kept.getexif()
    small = Image.open(io.BytesIO(await (await fetch(tess, f"/files/{file.id}/thumbnail")).get_data()))
    assert max(small.size) == 320


async def test_photo_of_a_visit_is_on_its_page_and_its_contacts(browse, run):
    tess = await browse("technician")
    answer = await send(tess, f"/tickets/{TESS_VISITS_PAT}/files", png(), "roof.png")
    file = await newest(run)
    assert str(file.id) in await (await tess.get(answer.location)).get_data(as_text=True)
    assert str(file.id) in await (await tess.get(f"/contacts/{PAT}")).get_data(as_text=True)


async def test_document_is_offered_for_saving_only(browse, run):
    office = await browse("office")
    await send(office, f"/contacts/{PAT}/files", b"%PDF-1.7 <script>alert(1)</script>", "plan.pdf")
    file = await newest(run)
    answer = await fetch(office, f"/files/{file.id}")
    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"] == "attachment; filename=document.pdf"
    assert (await fetch(office, f"/files/{file.id}/thumbnail")).status_code == 404


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "The file is empty"), (b"MZ\x90 a program", "no photo that can be read"), (b"<svg onload='alert(1)'/>", "no photo that can be read"),
     (png()[:60], "no photo that can be read"), (b"\xff\xd8\xff" + bytes(2000), "no photo that can be read")],
    ids=["nothing", "a program", "a drawing with a script", "half a photo", "not a photo behind its first bytes"],
)  # fmt: skip
async def test_what_is_no_photo_is_refused_at_the_field(browse, run, data, said):
    before = len(await run("office", "contact_files", contact_id=PAT))
    answer = await send(await browse("office"), f"/contacts/{PAT}/files", data)
    assert answer.status_code == 422
    page = await answer.get_data(as_text=True)
    assert said in page
    assert 'id="e-files"' in page
    assert len(await run("office", "contact_files", contact_id=PAT)) == before


def test_photo_that_would_unpack_to_gigabytes_is_refused():
    bomb = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(bomb, "PNG")
    with pytest.raises(files.Unusable, match="more than 120 megapixels"):
        files.prepare(bomb.getvalue())


@pytest.mark.filterwarnings("error")
def test_photo_of_the_largest_cameras_is_taken_without_a_warning():
    out = io.BytesIO()
    Image.new("L", (12_000, 9_000)).save(out, "JPEG")
    assert files.prepare(out.getvalue()).width == files.SIDE


def test_drawing_that_unpacks_every_pixel_may_have_fewer():
    out = io.BytesIO()
    Image.new("1", (7_000, 7_000)).save(out, "PNG")
    with pytest.raises(files.Unusable, match="more than 25 megapixels"):
        files.prepare(out.getvalue())


def test_large_photo_is_made_smaller_and_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # lay on its side
    out = io.BytesIO()
    Image.new("RGB", (4000, 3000), "navy").save(out, "JPEG", exif=exif)
    made = files.prepare(out.getvalue())
    assert (made.width, made.height) == (1500, 2000)


async def test_more_than_ten_megabytes_are_refused(browse):
    answer = await send(await browse("office"), f"/contacts/{PAT}/files", b"%PDF-" + bytes(files.MOST_BYTES))
    assert answer.status_code == 422
    assert "more than 10 megabytes" in await answer.get_data(as_text=True)


async def test_other_forms_stay_small(browse):
    answer = await (await browse("office")).post("/contacts", name="N" * 2_000_000)
    assert answer.status_code == 413


async def test_of_a_colleagues_visit_and_another_business_there_is_nothing(browse, run):
    assert (await send(await browse("office"), f"/contacts/{QUINN}/files", png())).status_code == 303
    file = await newest(run, QUINN)
    for who in ("technician", "stranger"):
        browser = await browse(who)
        for path in (
            f"/files/{file.id}",
            f"/files/{file.id}/thumbnail",
            f"/files/{file.id}/edit",
            f"/contacts/{QUINN}/files",
        ):
            assert (await browser.get(path)).status_code == 404, (who, path)
        assert (await browser.post(f"/files/{file.id}/removal")).status_code == 404
        assert (await send(browser, f"/tickets/{CARL_VISITS_QUINN}/files", png())).status_code == 404


async def test_technician_removes_their_own_and_nobody_elses(browse, run):
    tess = await browse("technician")
    await send(await browse("office"), f"/contacts/{PAT}/files", png())
    others = await newest(run)
    await send(tess, f"/contacts/{PAT}/files", png())
    own = await newest(run)
    for file, removable in ((others, False), (own, True)):
        page = await (await tess.get(f"/files/{file.id}/edit")).get_data(as_text=True)
        assert (f"/files/{file.id}/removal" in page) == removable
    assert (await tess.post(f"/files/{others.id}/removal")).status_code == 422
    assert (await tess.post(f"/files/{own.id}/removal")).status_code == 303
    assert (await fetch(tess, f"/files/{own.id}")).status_code == 404


async def test_audit_keeps_no_bytes(browse, run, admin):
    await send(await browse("office"), f"/contacts/{PAT}/files", png())
    file = await newest(run)
    rows = admin.execute(
        "select new from crm.audit_entry where table_name = 'file_content' and new ->> 'file_id' = %s", (str(file.id),)
    ).fetchall()
    assert [(row.new["content"], row.new["thumbnail"]) for row in rows] == [("[MASKED]", "[MASKED]")]


async def test_folder_keeps_what_the_database_then_does_not(app, browse, run, tmp_path, admin):
    database = app.config["FILES"]
    office = await browse("office")
    await send(office, f"/contacts/{PAT}/files", png(), "before.png")
    before = await newest(run)
    app.config["FILES"] = files.store(str(tmp_path))
    try:
        await send(office, f"/contacts/{PAT}/files", png(), "after.png")
        file = await newest(run)
        (kept,) = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)
        assert await (await fetch(office, f"/files/{file.id}")).get_data() == kept.read_bytes()
        assert (
            admin.execute("select content from crm.file_content where file_id = %s", (file.id,)).fetchone().content
            is None
        )
        assert (await fetch(office, f"/files/{before.id}")).status_code == 200
        await office.post(f"/files/{file.id}/removal")
        assert not kept.exists()
    finally:
        app.config["FILES"] = database


@pytest.mark.filterwarnings("ignore:Tag data larger than file")  # which is what is damaged
def test_photo_whose_notes_are_damaged_is_still_a_photo():
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(out, "JPEG", exif=exif)
    sent = out.getvalue()
    place = sent.index(b"Exif") + 20  # the type of its first entry
    for damage in (b"\x00\x05", b"\x05\x00", b"\xff\xff", b"\x00\x00"):
        made = files.prepare(sent[:place] + damage + sent[place + 2 :])
        assert made.kind == "photo"


async def test_photo_is_asked_for_each_time_and_sent_once(browse, run):
    office = await browse("office")
    await send(office, f"/contacts/{PAT}/files", png())
    file = await newest(run)
    first = await fetch(office, f"/files/{file.id}")
    assert first.headers["Cache-Control"] == "private, no-cache"
    headers = office.HEADERS | {"If-None-Match": first.headers["ETag"]}
    again = await office.client.get(f"/files/{file.id}", headers=headers)
    assert (again.status_code, await again.get_data()) == (304, b"")
    await office.post("/auth/logout")
    gone = await office.client.get(f"/files/{file.id}", headers=headers)
    assert gone.status_code == 303
