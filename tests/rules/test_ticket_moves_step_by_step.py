"""scheduled → in_progress → completed; scheduled or in_progress → cancelled; nothing else, even in psql."""

import pytest

from tests.conftest import become, refused

COLUMNS = {
    "scheduled": "",
    "in_progress": ", clocked_in_at = now()",
    "completed": ", clocked_out_at = now() + interval '1 minute', completed_at = now(), completed_by = '00000000-0000-7000-8000-000000000013'",
    "cancelled": ", cancelled_at = now(), cancel_reason = 'rain'",
}


@pytest.mark.parametrize(("status", "to"), [("scheduled", "completed"), ("in_progress", "scheduled")])
def test_a_skipped_or_backward_step_is_refused(admin, signer, visit, status, to):
    become(admin, signer, "owner")
    ticket = visit(admin, status)
    with refused("ticket_moves_step_by_step"):
        admin.execute(f"update crm.ticket set status = %s {COLUMNS[to]} where id = %s", (to, ticket.id))


@pytest.mark.parametrize(
    ("status", "to"),
    [
        ("scheduled", "in_progress"),
        ("scheduled", "cancelled"),
        ("in_progress", "completed"),
        ("in_progress", "cancelled"),
    ],
)
def test_a_step_forward_is_allowed(admin, signer, visit, status, to):
    become(admin, signer, "owner")
    ticket = visit(admin, status)
    if to == "completed":
        for step in ("work", "note", "next"):
            admin.execute("select api.close_out_gap(%s, %s, 'why')", (ticket.id, step))
    row = admin.execute(
        f"update crm.ticket set status = %s {COLUMNS[to]} where id = %s returning status", (to, ticket.id)
    ).fetchone()
    assert row.status == to


def test_a_visit_starts_as_scheduled(admin, signer):
    become(admin, signer, "owner")
    with refused("ticket_starts_as_scheduled"):
        admin.execute(
            "insert into crm.ticket (contact_id, status, starts_at, ends_at, busy_until, completed_at, completed_by) "
            "select id, 'completed', now(), now() + interval '1 hour', now() + interval '1 hour', now(), %s from crm.contact limit 1",
            ("00000000-0000-7000-8000-000000000013",),
        )


def test_a_visit_is_not_completed_past_its_close_out(admin, signer, visit):
    become(admin, signer, "owner")
    ticket = visit(admin, "in_progress")
    with refused("close_out_work_is_answered"):
        admin.execute(f"update crm.ticket set status = 'completed' {COLUMNS['completed']} where id = %s", (ticket.id,))
