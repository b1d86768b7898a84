"""Files of customers, and what becomes of them: what the tests of /imports have in common."""

import io
import uuid

import psycopg
from quart.datastructures import FileStorage

from crm import context
from crm.book.writer import csv_bytes
from crm.worker import Job, contact_import
from tests.conftest import TIDY, become, text


def a_file(data, name="customers.csv"):
    return {"file": FileStorage(io.BytesIO(data), filename=name, name="file", content_type="text/csv")}


async def upload(browser, data, name="customers.csv"):
    return await browser.post("/imports", files=a_file(data, name))


async def page(browser, path):
    return text(await (await browser.get(path)).get_data(as_text=True))


def mapping_of(sql, path):
    (row,) = sql(
        "select id, columns, mapping, total_rows from crm.contact_import where id = %s", path.rpartition("/")[2]
    )
    return row


async def start(browser, sql, path, duplicates="skip", **changed):
    """Press the button, with the guess as it is but for these columns."""
    row = mapping_of(sql, path)
    form = {
        f"column-{n}": changed.get(name, target)
        for n, (name, target) in enumerate(zip(row.columns, row.mapping, strict=True))
    }
    return await browser.post(f"{path}/start", duplicates=duplicates, **form)


async def work(path, handler=contact_import.apply, times=200):
    """What the worker does with an import, one job after the other until there is none."""
    before = context.current.get(None)
    context.current.set(context.worker(TIDY))
    job = Job(uuid.uuid4(), {"contact_import_id": path.rpartition("/")[2]}, "contact_import")
    try:
        for _ in range(times):
            await handler(job, None)
    finally:
        if before:
            context.current.set(before)


async def imported(browser, sql, data, duplicates="skip", times=3, **changed):
    """A whole import of a few rows. Its row, and where it is."""
    path = (await upload(browser, data)).location
    assert (await start(browser, sql, path, duplicates, **changed)).status_code == 303
    await work(path, times=times)
    (row,) = sql("select * from crm.contact_import where id = %s", path.rpartition("/")[2])
    return row, path


def named(sql, like):
    return sql(
        "select c.*, array(select key || '=' || value from crm.attribute a where a.contact_id = c.id order by 1) as facts, "
        "array(select street from crm.address a where a.contact_id = c.id order by 1) as streets "
        "from crm.contact c where c.business_id = %s and c.name like %s order by c.name, c.id", TIDY, like,
    )  # fmt: skip


def rows_of(sql, path):
    return sql(
        "select number, outcome, reason, contact_id from crm.contact_import_row where contact_import_id = %s order by number",
        path.rpartition("/")[2],
    )


def word():
    """Something that is in no other test's names."""
    return "".join(chr(97 + int(digit, 16)) for digit in uuid.uuid4().hex[:10]).capitalize()


def book_of(name):
    """Four ways to be known, and one to be new."""
    return csv_bytes(
        ["Name", "Phone", "Email", "Street", "Notes"],
        [
            [f"{name} Mail", "", f"{name}@EXAMPLE.com", "", "new words"],
            [f"{name} Phone", "+1 256 555 0188", "", "", "new words"],
            [f"{name.upper()} STREET", "", "", f"1 {name} Rd", "new words"],
            [f"{name} Only", "", "", "", ""],
            [f"{name} New", "", "", "", "new words"],
        ],
    )


async def known(sql, home, signer, name):
    with psycopg.connect(home.admin_url) as connection:
        become(connection, signer, "office")
        make = "select id from api.contact_create('person', %s, %s, %s, null, 'old words', %s)"
        for each, phone, email, e164 in (
            ("Mail", None, f"{name.lower()}@example.com", None), ("Phone", "(256) 555-0188", None, "+12565550188"), ("Only", None, None, None),
        ):  # fmt: skip
            connection.execute(make, (f"{name} {each}", phone, email, e164))
        street = connection.execute(make, (f"{name} Street", None, None, None)).fetchone()[0]
        connection.execute(
            "select api.address_create(%s, null, %s, 'Madison', null, null, null)", (street, f"1 {name} rd")
        )
        connection.execute("select api.contact_archive(%s, true)", (street,))
        # The phone number belongs to the others of this test's runs no more.
        connection.execute(
            "update crm.contact set phone = null, phone_e164 = null where phone_e164 = '+12565550188' and name not like %s "
            "and business_id = internal.current_business() and merged_into_id is null and erased_at is null",
            (f"{name}%",),
        )
