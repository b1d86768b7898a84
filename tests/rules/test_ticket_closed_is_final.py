"""A completed or cancelled visit, its parts and its issued invoice: no role changes them, psql included."""

import pytest

from tests.conftest import PANES, become, refused

PARTS = [
    ("update crm.line_item set quantity = 1 where ticket_id = %s", "line_item_of_a_closed_ticket_is_final"),
    ("delete from crm.line_item where ticket_id = %s", "line_item_of_a_closed_ticket_is_final"),
    (
        "update crm.assignment set book_anyway_reason = 'x' where ticket_id = %s",
        "assignment_of_a_closed_ticket_is_final",
    ),
    ("update crm.close_out set follow_up = 'none' where ticket_id = %s", "close_out_of_a_closed_ticket_is_final"),
    ("delete from crm.gap where ticket_id = %s", "gap_of_a_closed_ticket_is_final"),
]


@pytest.mark.parametrize("status", ["completed", "cancelled"])
def test_the_visit_is_final_for_a_superuser(admin, signer, visit, status):
    become(admin, signer, "owner")
    ticket = visit(admin, status)
    with refused("ticket_closed_is_final"):
        admin.execute("update crm.ticket set instructions = 'too late' where id = %s", (ticket.id,))


def test_a_visit_is_never_deleted(admin, signer, visit):
    become(admin, signer, "owner")
    with refused("ticket_is_never_deleted"):
        admin.execute("delete from crm.ticket where id = %s", (visit(admin).id,))


@pytest.mark.parametrize(("statement", "rule"), PARTS)
def test_its_parts_are_final_for_a_superuser(admin, signer, visit, statement, rule):
    become(admin, signer, "owner")
    ticket = visit(admin, "completed")
    with refused(rule):
        admin.execute(statement, (ticket.id,))


def test_a_line_cannot_be_moved_onto_it(admin, signer, visit):
    become(admin, signer, "owner")
    done, other = visit(admin, "completed"), visit(admin, at="2031-03-05 15:00+00")
    with refused("line_item_of_a_closed_ticket_is_final"):
        admin.execute("update crm.line_item set ticket_id = %s where ticket_id = %s", (done.id, other.id))


@pytest.mark.parametrize(
    "call",
    [
        "select api.line_item_add(%s, '{panes}')",
        "select api.ticket_cancel(%s, 'no')",
        "select api.ticket_clock_in(%s)",
        "select api.close_out_note(%s, 'more')",
        "select api.close_out_gap(%s, 'work', 'why')",
    ],
)
def test_no_action_changes_it(psql, visit, call):
    owner = psql("owner")
    ticket = visit(owner, "completed")
    with refused("ticket_closed_is_final"):
        owner.execute(call.format(panes=PANES), (ticket.id,))


@pytest.mark.parametrize("role", ["crm_app", "crm_support"])
def test_neither_role_may_even_try(psql, visit, role):
    owner = psql("owner", role=role)
    ticket = visit(owner, "completed")
    with refused(None, "42501"):
        owner.execute("update crm.ticket set note = 'too late' where id = %s", (ticket.id,))


def test_an_issued_invoice_and_its_lines_are_final(admin, signer, visit):
    become(admin, signer, "owner")
    ticket = visit(admin, "completed")
    invoice = admin.execute("select * from api.invoice_create(%s)", (ticket.id,)).fetchone()
    admin.execute("select api.invoice_issue(%s)", (invoice.id,))
    for statement, rule in (
        ("update crm.invoice set total_minor = 1, net_minor = 1 where id = %s", "invoice_issued_is_final"),
        ("update crm.invoice set number = 99 where id = %s", "invoice_issued_is_final"),
        ("delete from crm.invoice where id = %s", "invoice_is_never_deleted"),
        ("update crm.line_item set quantity = 1 where invoice_id = %s", "line_item_of_an_issued_invoice_is_final"),
        ("delete from crm.line_item where invoice_id = %s", "line_item_of_an_issued_invoice_is_final"),
    ):
        with refused(rule), admin.transaction():
            admin.execute(statement, (invoice.id,))
