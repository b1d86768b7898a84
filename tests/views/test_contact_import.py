"""/imports: a file of customers is read and looked over; who may, and what is refused."""

import gzip
import io
import re
import zipfile

import pytest

from crm.book.mapping import FIELDS
from crm.book.preview import LABELS
from crm.book.writer import csv_bytes
from tests.views.moving_in import a_file, mapping_of, page, start, upload, word

MARK = "\ufeff"


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        ((MARK + "Name,Phone\r\nZoë Bom,256 555 0101\r\n").encode(), "Zoë Bom"),
        ("Name;Ort\nJürgen Groß;Köln\n".encode("windows-1252"), "Jürgen Groß"),
        (b'Name,Notes\nQuinta Quote,"two\nlines, ""quoted"""\n', "two"),
        (b"Name,Phone\nSusan Short,1.25655512E9\n", "1256555120"),
        (b"Name,Phone,Phone,Phone\nDora Double,256 555 0101,256 555 0102,256 555 0103\n", "Phone (3)"),
        (b"\n\nName,City\n\n,\nEmpty Emma,Madison\n ,\n\n", "Import 1 customer"),
        (b"BEGIN:VCARD\nVERSION:3.0\nFN:Vera Card\nTEL:256 555 0109\nEND:VCARD\n", "Vera Card"),
    ],
)
async def test_a_file_is_read_however_it_was_written(browse, data, shown):
    office = await browse("office")
    answer = await upload(office, data)
    assert answer.status_code == 303
    assert shown in await page(office, answer.location)


async def test_forty_columns_that_nobody_knows_become_facts(browse, sql):
    office = await browse("office")
    columns = ["Name", *(f"Thing {chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(39))]
    answer = await upload(office, csv_bytes(columns, [["Fay Facts", *("x" * 39)]]))
    row = mapping_of(sql, answer.location)
    assert row.mapping == ["name", *(f"attribute:{name.lower()}" for name in columns[1:])]
    html = await (await office.get(answer.location)).get_data(as_text=True)
    assert "Keep as a fact called “thing aa”" in html
    assert len(gzip.compress(html.encode(), 5)) < 8000


async def test_thirty_megabytes_are_read(browse, sql):
    office = await browse("office")
    note = "x" * 3000
    data = csv_bytes(["Name", "Notes"], ([f"Bulk {n}", note] for n in range(10_000)))
    assert len(data) > 30_000_000
    answer = await upload(office, data)
    assert mapping_of(sql, answer.location).total_rows == 10_000


def bomb():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("customers.csv", b"Name\n" * 4_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (bomb(), "This looks like a packed file (zip)."),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "This looks like a picture (PNG)."),
        (bytes(range(256)) * 200, "This is not a text file."),
        (b"", "The file is empty."),
        (b'Name\n"never closed\nAnn\n', "A quotation mark in line 2 is never closed."),
    ],
)
async def test_what_is_no_file_of_customers_is_refused_at_the_field_and_leaves_nothing(browse, sql, data, said):
    office = await browse("office")
    before = sql("select count(*) from crm.contact_import"), sql("select count(*) from crm.contact_import_row")
    answer = await upload(office, data)
    assert answer.status_code == 422
    html = await answer.get_data(as_text=True)
    assert said in html
    assert 'aria-describedby="h-file e-file"' in html
    assert (
        sql("select count(*) from crm.contact_import"),
        sql("select count(*) from crm.contact_import_row"),
    ) == before


async def test_too_much_is_refused_before_it_is_read(browse):
    answer = await upload(await browse("office"), b"Name\n" + b"x" * 41_000_000)
    assert answer.status_code == 413


async def test_other_forms_are_as_small_as_ever(browse):
    answer = await (await browse("office")).post("/contacts", name="x" * 2_000_000, kind="person")
    assert answer.status_code == 413


async def test_no_file_is_said_at_the_field(browse):
    answer = await (await browse("office")).post("/imports")
    assert answer.status_code == 422
    assert "Choose a file first." in await answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "wrong",
    [{"column-0": "na\0me"}, {"column-1": "attribute:pet\0"}, {"duplicates": "sk\0ip"}],
    ids=["column", "fact", "duplicates"],
)
async def test_a_choice_that_cannot_be_stored_is_refused_politely(browse, sql, wrong):
    office = await browse("office")
    name = word()
    path = (await upload(office, csv_bytes(["Name", "Pet"], [[name, "dog"]]))).location
    for action in (path, f"{path}/start"):
        answer = await office.post(action, **{"column-0": "name", "column-1": "", "duplicates": "skip"} | wrong)
        assert answer.status_code == 422
        shown = await answer.get_data(as_text=True)
        assert 'role="alert"' in shown
        assert "This has a character that cannot be stored." in shown
    assert mapping_of(sql, path).mapping[0] == "name"
    assert sql("select state from crm.contact_import where id = %s", path[-36:]) == [("mapping",)]


async def test_a_file_from_another_site_is_refused(browse):
    office = await browse("office")
    answer = await office.post("/imports", files=a_file(b"Name\nAnn\n"), csrf="forged")
    assert answer.status_code == 403


async def test_card_numbers_are_not_kept_in_cells_either(browse, sql):
    name = word()
    answer = await upload(await browse("office"), f"Name,Notes\n{name},card 4111 1111 1111 1111\n".encode())
    ((cells,),) = sql("select cells from crm.contact_import_row where contact_import_id = %s", answer.location[-36:])
    assert cells == [name, "card [REDACTED]"]


async def test_technicians_and_strangers_stay_outside(browse, sql):
    path = (await upload(await browse("office"), b"Name\nAnn\n")).location
    technician, stranger = await browse("technician"), await browse("stranger")
    assert (await upload(technician, b"Name\nAnn\n")).status_code == 403
    assert (await start(technician, sql, path)).status_code == 403
    assert (await technician.get("/imports/new")).status_code == 403
    assert (await stranger.get(path)).status_code == 404
    assert (await start(stranger, sql, path)).status_code == 404
    assert (await stranger.get(f"{path}/failures.csv")).status_code == 404


def test_each_field_of_a_file_has_its_words_and_is_known_to_the_database(sql):
    assert LABELS.keys() == set(FIELDS)
    assert sql("select internal.is_contact_mapping(%s)", [*FIELDS, "", "attribute:gate code"]) == [(True,)]
    for wrong in ("elsewhere", "attribute:", "attribute:Gate", "attribute:gate ", None):
        assert sql("select internal.is_contact_mapping(%s)", [wrong]) == [(False,)]


async def test_the_sample_is_a_file_that_is_understood(browse):
    office = await browse("office")
    data = await (await office.get("/imports/sample.csv")).get_data(as_text=False)
    answer = await upload(office, data)
    shown = await page(office, answer.location)
    assert "Ann Example" in shown
    assert re.search(r"Import 2 customers", shown)
