"""Invoices: gapless numbers, one for a visit, final from issue on, paid by what the ledger says."""

import threading

import psycopg

from tests.conftest import PANES, PAT, PEOPLE, become, refused


def issued(connection, visit, **options):
    invoice = connection.execute(
        "select * from api.invoice_create(%s)", (visit(connection, "completed", **options).id,)
    ).fetchone()
    return connection.execute("select * from api.invoice_issue(%s)", (invoice.id,)).fetchone()


def test_a_visit_under_way_has_no_invoice(psql, visit):
    owner = psql("owner")
    with refused("invoice_is_for_a_completed_visit"):
        owner.execute("select api.invoice_create(%s)", (visit(owner, "in_progress").id,))


def test_the_draft_copies_the_lines_and_their_total(psql, visit):
    owner = psql("owner")
    ticket = visit(owner, "completed")
    invoice = owner.execute("select * from api.invoice_create(%s)", (ticket.id,)).fetchone()
    assert (invoice.status, invoice.number, invoice.net_minor, invoice.tax_minor, invoice.total_minor) == (
        "draft",
        None,
        400,
        33,
        433,
    )
    assert owner.execute("select id from api.invoice_create(%s)", (ticket.id,)).fetchone().id == invoice.id


def test_issuing_takes_one_number_and_a_second_tap_takes_none(psql, visit):
    owner = psql("owner")
    invoice = issued(owner, visit)
    again = owner.execute("select * from api.invoice_issue(%s)", (invoice.id,)).fetchone()
    assert (again.number, again.issued_on) == (invoice.number, invoice.issued_on)
    assert (invoice.due_on - invoice.issued_on).days == 14


def test_payments_add_up_to_partial_and_paid(psql, visit):
    owner = psql("owner")
    invoice = issued(owner, visit)
    pay = "select api.payment_record(%s, %s, 'check', current_date)"
    state = "select status, paid_minor from crm.invoice where id = %s"
    owner.execute(pay, (invoice.id, 100))
    assert owner.execute(state, (invoice.id,)).fetchone() == ("partial", 100)
    with refused("payment_is_not_more_than_is_owed"), owner.transaction():
        owner.execute(pay, (invoice.id, 334))
    owner.execute(pay, (invoice.id, 333))
    assert owner.execute(state, (invoice.id,)).fetchone() == ("paid", 433)
    with refused("payment_is_for_an_open_invoice"):
        owner.execute(pay, (invoice.id, 1))


def test_a_void_invoice_makes_room_for_another(psql, visit):
    owner = psql("owner")
    invoice = issued(owner, visit)
    owner.execute("select api.invoice_void(%s, 'wrong house')", (invoice.id,))
    another = owner.execute("select * from api.invoice_create(%s)", (invoice.ticket_id,)).fetchone()
    assert another.id != invoice.id


def test_an_invoice_with_payments_is_not_voided(psql, visit):
    owner = psql("owner")
    invoice = issued(owner, visit)
    owner.execute("select api.payment_record(%s, 1, 'cash', current_date)", (invoice.id,))
    with refused("invoice_void_has_no_payments"):
        owner.execute("select api.invoice_void(%s, 'no')", (invoice.id,))


def test_numbers_have_no_gaps_when_many_issue_and_some_fail(home, signer):
    """Twenty invoices issued at once by twenty connections, every fourth rolled back: the numbers are consecutive."""
    ids = []
    with psycopg.connect(home.url()) as connection:
        become(connection, signer, "office")
        # Twenty of Pat's own would fill the page on which other tests look for a note.
        (whose,) = connection.execute("select id from api.contact_create('person', 'Ivy Invoiced')").fetchone()
        for number in range(20):
            at = f"2033-01-{number + 1:02} 15:00+00"
            (ticket_id,) = connection.execute(
                "select id from api.ticket_create(%s, null, %s::timestamptz, %s::timestamptz + interval '30 minutes', %s::uuid[], %s::uuid[])",
                (whose, at, at, [PEOPLE["colleague"].member_id], [PANES]),
            ).fetchone()
            connection.execute("select api.ticket_clock_in(%s)", (ticket_id,))
            for step in ("work", "note", "next"):
                connection.execute("select api.close_out_gap(%s, %s, 'why')", (ticket_id, step))
            connection.execute("select api.ticket_complete(%s)", (ticket_id,))
            ids.append(connection.execute("select id from api.invoice_create(%s)", (ticket_id,)).fetchone()[0])
    start = threading.Barrier(20)

    def issue(number: int) -> None:
        with psycopg.connect(home.url()) as connection:
            start.wait()
            become(connection, signer, "office")
            connection.execute("select api.invoice_issue(%s)", (ids[number],))
            if number % 4 == 0:
                connection.rollback()

    threads = [threading.Thread(target=issue, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with psycopg.connect(home.url()) as connection:
        become(connection, signer, "office")
        numbers = [
            n
            for (n,) in connection.execute(
                "select number from crm.invoice where number is not null order by 1"
            ).fetchall()
        ]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 15


def test_a_payment_is_recorded_when_it_was_made(psql, visit):
    owner = psql("owner")
    invoice = issued(owner, visit)
    owner.execute("select api.payment_record(%s, 100, 'check', current_date - 400)", (invoice.id,))
    with refused("payment_paid_on_is_not_ahead"):
        owner.execute("select api.payment_record(%s, 100, 'check', current_date + 3)", (invoice.id,))


def test_an_issued_invoice_keeps_the_name_and_address_of_its_day(psql, visit):
    owner = psql("owner")
    invoice = issued(owner, visit)
    assert (invoice.bill_to_name, invoice.bill_to_address) == ("Pat Pane", "1 Oak Ridge Dr, Madison, AL, 35758")
    owner.execute("select api.contact_update(%s, 'person', 'Mallory', null, null, null, null)", (PAT,))
    row = owner.execute("select bill_to_name from crm.invoice where id = %s", (invoice.id,)).fetchone()
    assert row.bill_to_name == "Pat Pane"


def test_the_invoice_means_prices_as_the_visit_did(psql, visit):
    owner = psql("owner")
    ticket = visit(owner, "completed")
    seen = owner.execute(
        "select sum(total_minor)::bigint as total from crm.line_item where ticket_id = %s", (ticket.id,)
    ).fetchone()
    owner.execute("select api.business_update('Tidy', 'America/Chicago', 825, true, 14, 0::smallint)")
    invoice = owner.execute("select * from api.invoice_create(%s)", (ticket.id,)).fetchone()
    assert invoice.total_minor == seen.total


def test_a_visit_has_no_more_lines_than_a_page_shows(psql, visit):
    owner = psql("owner")
    ticket = visit(owner)
    add = "select api.line_item_add(%s, %s)"
    for _ in range(59):
        owner.execute(add, (ticket.id, PANES))
    with refused("line_item_is_one_of_60"):
        owner.execute(add, (ticket.id, PANES))
