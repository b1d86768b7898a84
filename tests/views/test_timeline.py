"""A contact's history: visits, invoices, payments, messages and notes as one, a page at a time."""

import re

from tests.conftest import PANES, RITA, become


def lived(home, signer):
    """A contact with a closed and paid visit, and notes enough for three pages."""
    import psycopg

    with psycopg.connect(home.admin_url) as connection:
        become(connection, signer, "owner")
        one = lambda sql, *values: connection.execute(sql, values).fetchone()[0]  # noqa: E731
        contact = one("select id from api.contact_create('person', 'Tilda Timeline')")
        ticket = one(
            "select id from api.ticket_create(%s, null, now() + '40 days', now() + '40 days 1 hour', %s::uuid[], %s::uuid[])",
            contact, [], [PANES],
        )  # fmt: skip
        one("select api.ticket_clock_in(%s)", ticket)
        for step in ("work", "note", "next"):
            one("select api.close_out_gap(%s, %s, 'why')", ticket, step)
        one("select api.ticket_complete(%s)", ticket)
        invoice = one("select id from api.invoice_create(%s)", ticket)
        one("select api.invoice_issue(%s)", invoice)
        one("select api.payment_record(%s, 433, 'cash', current_date, null)", invoice)
        for n in range(45):
            one("select api.note_add(%s, %s)", contact, f"Note number {n:02}.")
    return contact, ticket, invoice


async def test_history_is_one_and_complete_over_its_pages(browse, home, signer):
    contact, ticket, invoice = lived(home, signer)
    office = await browse("office")
    page = await (await office.get(f"/contacts/{contact}")).get_data(as_text=True)
    seen: list[str] = []
    for _ in range(4):
        seen += re.findall(
            r"Note number (\d\d)\.|(Paid by cash)|href=\"/(invoices/[^\"]+)\">Invoice|href=\"/(tickets/[^\"]+)\">Ext",
            page,
        )
        older = re.search(r'href="(/contacts/[^"]+/timeline\?before=[^"]+)"', page)
        if not older:
            break
        page = await (await office.get(older[1].replace("&amp;", "&"))).get_data(as_text=True)
    found = ["".join(each) for each in seen]
    assert sorted(f for f in found if f.isdigit()) == [f"{n:02}" for n in range(45)]
    assert len(found) == len(set(found)) == 48
    assert {f"invoices/{invoice}", f"tickets/{ticket}", "Paid by cash"} <= set(found)


async def test_page_that_cannot_be_read_is_the_first(browse, home, signer):
    contact, _, _ = lived(home, signer)
    for before in (
        "x",
        "9999-99-99|x",
        "2026-01-01T00:00:00+00:00|",
        "%00|%00",
        "0001-01-01T00:00:00+14:00|00000000-0000-0000-0000-000000000000",
    ):
        answer = await (await browse("office")).get(f"/contacts/{contact}/timeline?before={before}")
        assert answer.status_code == 200


async def test_of_another_business_there_is_nothing(browse):
    assert (await (await browse("owner")).get(f"/contacts/{RITA}/timeline")).status_code == 404
