"""A service that is archived is not put on a visit, by nobody; where it was before it stays."""

import pytest

from tests.conftest import GUTTERS, PANES, become, refused, savepoint

RULE = "line_item_service_is_on_the_list"
PUT = "insert into crm.line_item (ticket_id, service_id, name, unit_price_minor) values (%s, %s, 'Gutters', 100)"


@pytest.fixture
def owner(admin, signer):
    """An administrator with the owner's context: rules hold for them too."""
    become(admin, signer, "owner")
    return admin


def test_archived_service_is_not_put_on_a_visit(owner, visit):
    ticket = visit(owner)
    owner.execute("select api.service_archive(%s, true)", (GUTTERS,))
    for statement in (PUT, "select api.line_item_add(%s, %s)"):
        with refused(RULE), savepoint(owner):
            owner.execute(statement, (ticket.id, GUTTERS))
    with refused(RULE), savepoint(owner):
        owner.execute("update crm.line_item set service_id = %s where ticket_id = %s", (GUTTERS, ticket.id))
    owner.execute("select api.service_archive(%s, false)", (GUTTERS,))
    owner.execute(PUT, (ticket.id, GUTTERS))


def test_where_it_was_before_it_stays_and_is_invoiced(owner, visit):
    ticket = visit(owner, "in_progress")
    owner.execute("select api.service_archive(%s, true)", (PANES,))
    owner.execute("update crm.line_item set service_id = service_id, quantity = 2 where ticket_id = %s", (ticket.id,))
    for step in ("work", "note"):
        owner.execute("select api.close_out_gap(%s, %s, 'phone was wet')", (ticket.id, step))
    owner.execute("select api.close_out_next(%s, 'visit', null, now() + interval '1 month')", (ticket.id,))
    owner.execute("select api.ticket_complete(%s)", (ticket.id,))
    # The next visit is booked without it.
    following = owner.execute(
        "select array(select l.service_id from crm.line_item l where l.ticket_id = t.id) as services from crm.ticket t "
        "where t.contact_id = %s and t.id > %s", (ticket.contact_id, ticket.id),
    ).fetchall()  # fmt: skip
    assert [row.services for row in following] == [[]]
    invoice = owner.execute("select id from api.invoice_create(%s)", (ticket.id,)).fetchone()
    lines = owner.execute(
        "select service_id, quantity from crm.line_item where invoice_id = %s", (invoice.id,)
    ).fetchall()
    assert [(line.service_id, line.quantity) for line in lines] == [(PANES, 2)]
