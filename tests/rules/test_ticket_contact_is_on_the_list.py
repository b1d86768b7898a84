"""Who is archived is not booked, by nobody; what was booked before goes on, and comes back from a merge that is undone."""

import pytest

from tests.conftest import PAT, QUINN, become, refused, savepoint

RULE = "ticket_contact_is_on_the_list"
BOOK = (
    "insert into crm.ticket (contact_id, starts_at, ends_at, busy_until) values "
    "(%s, '2031-05-06 15:00+00', '2031-05-06 16:00+00', '2031-05-06 16:00+00') returning id"
)


@pytest.fixture
def owner(admin, signer):
    """An administrator with the owner's context: rules hold for them too."""
    become(admin, signer, "owner")
    return admin


def test_archived_contact_is_not_booked(owner):
    owner.execute("select api.contact_archive(%s, true)", (PAT,))
    with refused(RULE), savepoint(owner):
        owner.execute(BOOK, (PAT,))
    with refused(RULE), savepoint(owner):
        owner.execute("select api.ticket_create(%s, null, now(), now() + interval '1 hour')", (PAT,))
    owner.execute("select api.contact_archive(%s, false)", (PAT,))
    assert owner.execute(BOOK, (PAT,)).fetchone().id


def test_visit_is_not_given_to_an_archived_contact(owner, visit):
    ticket = visit(owner)
    owner.execute("select api.contact_archive(%s, true)", (QUINN,))
    with refused(RULE):
        owner.execute("update crm.ticket set contact_id = %s, address_id = null where id = %s", (QUINN, ticket.id))


def test_what_was_booked_before_goes_on_to_its_end(owner, visit):
    ticket = visit(owner, "in_progress")
    owner.execute("select api.contact_archive(%s, true)", (PAT,))
    owner.execute(
        "update crm.ticket set contact_id = contact_id, instructions = 'Ring twice' where id = %s", (ticket.id,)
    )
    for step in ("work", "note"):
        owner.execute("select api.close_out_gap(%s, %s, 'phone was wet')", (ticket.id, step))
    with refused(RULE), savepoint(owner):
        owner.execute("select api.close_out_next(%s, 'visit', null, now() + interval '1 month')", (ticket.id,))
    owner.execute("select api.close_out_next(%s, 'none')", (ticket.id,))
    assert owner.execute("select status from api.ticket_complete(%s)", (ticket.id,)).fetchone().status == "completed"


def test_next_visit_that_was_chosen_is_not_booked_once_they_are_archived(owner, visit):
    ticket = visit(owner, "in_progress")
    for step in ("work", "note"):
        owner.execute("select api.close_out_gap(%s, %s, 'phone was wet')", (ticket.id, step))
    owner.execute("select api.close_out_next(%s, 'visit', null, now() + interval '1 month')", (ticket.id,))
    owner.execute("select api.contact_archive(%s, true)", (PAT,))
    with refused(RULE):
        owner.execute("select api.ticket_complete(%s)", (ticket.id,))


def test_undone_merge_gives_a_visit_back_to_who_was_archived_before(owner, visit):
    ticket = visit(owner)
    owner.execute("select api.contact_archive(%s, true)", (PAT,))
    merge = owner.execute("select * from api.contact_merge(%s, %s)", (QUINN, PAT)).fetchone()
    whose = "select contact_id from crm.ticket where id = %s"
    assert owner.execute(whose, (ticket.id,)).fetchone().contact_id == QUINN
    owner.execute("select api.contact_merge_undo(%s)", (merge.change_set_id,))
    assert owner.execute(whose, (ticket.id,)).fetchone().contact_id == PAT
