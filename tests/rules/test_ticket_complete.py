"""Completing: once whatever happens, only with every step answered, with its follow-up and tasks."""

import json
import threading

import psycopg
import pytest

from tests.conftest import CARL_VISITS_QUINN, GUTTERS, PANES, PAT, PATS_HOUSE, PEOPLE, become, refused


def test_an_unanswered_step_is_refused(psql, visit):
    tess = psql("owner")
    ticket = visit(tess, "in_progress")
    with refused("close_out_work_is_answered"):
        tess.execute("select api.ticket_complete(%s)", (ticket.id,))


def test_a_gap_completes_and_makes_a_task(psql, visit):
    owner = psql("owner")
    ticket = visit(owner, "completed")
    assert ticket.status == "completed"
    details = {
        row.detail for row in owner.execute("select detail from crm.task where ticket_id = %s", (ticket.id,)).fetchall()
    }
    assert details == {"Note: phone was wet; Time and work: phone was wet"}


def test_an_accepted_proposal_becomes_a_fact_with_its_words(psql, visit):
    owner = psql("owner")
    ticket = visit(owner, "in_progress")
    owner.execute("select api.close_out_gap(%s, 'work', 'no clock')", (ticket.id,))
    owner.execute("select api.close_out_next(%s, 'none')", (ticket.id,))
    owner.execute("select api.close_out_note(%s, 'spaniel Pip, shut the side gate')", (ticket.id,))
    rows = owner.execute(
        "select * from api.proposal_replace(%s, %s)",
        (ticket.id, json.dumps([
            {"key": "pet", "value": "spaniel, Pip (try)", "words": "spaniel Pip", "starts_at": 0},
            {"key": "gate", "value": "shut it", "words": "shut the side gate", "starts_at": 13},
            {"key": "lie", "value": "a cat", "words": "a cat", "starts_at": 2},
        ])),
    ).fetchall()  # fmt: skip
    assert sorted(row.key for row in rows) == ["gate", "pet"]
    decisions = [{"id": str(row.id), "decision": "accepted" if row.key == "pet" else "rejected"} for row in rows]
    owner.execute("select api.ticket_complete(%s, %s)", (ticket.id, json.dumps(decisions)))
    facts = owner.execute(
        "select key, value, source, words from crm.attribute where contact_id = %s and ticket_id = %s", (PAT, ticket.id)
    ).fetchall()
    assert facts == [("pet", "spaniel, Pip (try)", "note", "spaniel Pip")]


def test_reaching_out_plans_a_message_at_ten_in_the_morning_there(psql, visit):
    owner = psql("owner")
    owner.execute("select set_config('app.now', '2031-03-04 20:00+00', true)")
    ticket = visit(owner, "in_progress")
    for step in ("work", "note"):
        owner.execute("select api.close_out_gap(%s, %s, 'why')", (ticket.id, step))
    owner.execute("select api.close_out_next(%s, 'message', 6)", (ticket.id,))
    owner.execute("select api.ticket_complete(%s)", (ticket.id,))
    message = owner.execute(
        "select send_at::text, reason from crm.message where ticket_id = %s", (ticket.id,)
    ).fetchone()
    assert message == ("2031-09-04 15:00:00+00", "Asked for at the visit of 4 Mar 2031: reach out in 6 months.")


def test_the_next_visit_has_the_same_people_and_work(psql, visit):
    owner = psql("owner")
    ticket = visit(owner, "in_progress")
    for step in ("work", "note"):
        owner.execute("select api.close_out_gap(%s, %s, 'why')", (ticket.id, step))
    owner.execute("select api.close_out_next(%s, 'visit', null, '2031-09-04 15:00+00')", (ticket.id,))
    owner.execute("select api.ticket_complete(%s)", (ticket.id,))
    row = owner.execute(
        "select l.name, a.member_id, t.ends_at::text from crm.ticket t join crm.assignment a on a.ticket_id = t.id "
        "join crm.line_item l on l.ticket_id = t.id where t.starts_at = '2031-09-04 15:00+00'"
    ).fetchone()
    assert row == ("Exterior windows", PEOPLE["technician"].member_id, "2031-09-04 16:00:00+00")


def test_an_estimate_has_to_be_confirmed(psql, visit):
    owner = psql("owner")
    ticket = visit(owner, "in_progress")
    line = owner.execute("select * from api.line_item_add(%s, %s)", (ticket.id, GUTTERS)).fetchone()
    work = "select api.close_out_work(%s, now(), now(), null, %s)"
    with refused("line_item_estimate_is_confirmed"), owner.transaction():
        owner.execute(work, (ticket.id, "[]"))
    confirmed = [{"id": str(line.id), "quantity": 1, "unit_price_minor": 14500, "price_confirmed": True}]
    owner.execute(work, (ticket.id, json.dumps(confirmed)))
    row = owner.execute("select total_minor, price_confirmed from crm.line_item where id = %s", (line.id,)).fetchone()
    assert row == (15696, True)  # 145.00 and 8.25 % tax


def test_other_times_than_the_clocks_need_a_reason(psql, visit):
    owner = psql("owner")
    ticket = visit(owner, "in_progress")
    times = "select api.close_out_work(%s, now() - interval '2 hours', now(), %s)"
    with refused("ticket_clock_edit_has_a_reason"), owner.transaction():
        owner.execute(times, (ticket.id, None))
    owner.execute(times, (ticket.id, "started before I had signal"))
    owner.execute(times, (ticket.id, None))  # the same times again: the reason stands
    again = "select api.close_out_work(%s, now() - interval '3 hours', now(), null)"
    with refused("ticket_clock_edit_has_a_reason"):
        owner.execute(again, (ticket.id,))


def test_work_is_not_clocked_before_it_happens(psql, visit):
    owner = psql("owner")
    ticket = visit(owner, "in_progress")
    with refused("ticket_clock_is_not_ahead"):
        owner.execute("select api.close_out_work(%s, now(), now() + interval '23 hours', 'because')", (ticket.id,))


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("line_item_quantity_is_given", {"quantity": None, "unit_price_minor": 100}),
        ("line_item_price_is_given", {"quantity": 1, "unit_price_minor": None}),
        ("line_item_quantity_is_sane", {"quantity": 0, "unit_price_minor": 100}),
        ("line_item_service_costs_nothing_less", {"quantity": 1, "unit_price_minor": -400}),
    ],
)
def test_a_refused_line_is_named(psql, visit, rule, line):
    owner = psql("owner")
    ticket = visit(owner, "in_progress")
    item = owner.execute("select id, name from crm.line_item where ticket_id = %s", (ticket.id,)).fetchone()
    lines = json.dumps([{"id": str(item.id), **line}])
    with pytest.raises(psycopg.errors.CheckViolation, match=f"^{item.name}: Enter ") as caught:
        owner.execute("select api.close_out_work(%s, now(), now(), null, %s)", (ticket.id, lines))
    assert (caught.value.diag.constraint_name, caught.value.diag.column_name) == (rule, str(item.id))


def test_twenty_at_once_complete_it_once(home, signer):
    """Twenty connections: all are told it is completed, one completed it, one invoice exists."""
    with psycopg.connect(home.url()) as connection:
        become(connection, signer, "office")
        (ticket_id,) = connection.execute(
            "select id from api.ticket_create(%s, %s, now() + interval '41 days', now() + interval '985 hours', %s::uuid[], %s::uuid[])",
            (PAT, PATS_HOUSE, [PEOPLE["technician"].member_id], [PANES]),
        ).fetchone()
        connection.execute("select api.ticket_clock_in(%s)", (ticket_id,))
        for step in ("work", "note", "next"):
            connection.execute("select api.close_out_gap(%s, %s, 'why')", (ticket_id, step))
    outcomes, start = [], threading.Barrier(20)

    def complete() -> None:
        with psycopg.connect(home.url()) as connection:
            start.wait()
            become(connection, signer, "technician")
            (status,) = connection.execute("select (api.ticket_complete(%s)).status", (ticket_id,)).fetchone()
            connection.execute("select api.invoice_create(%s)", (ticket_id,))
            outcomes.append(status)

    threads = [threading.Thread(target=complete) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == ["completed"] * 20
    with psycopg.connect(home.url()) as connection:
        become(connection, signer, "owner")
        count = "select count(*) from crm.audit_entry where table_name = 'ticket' and row_id = %s and new ->> 'status' = 'completed'"
        assert connection.execute(count, (str(ticket_id),)).fetchone() == (1,)
        assert connection.execute("select count(*) from crm.invoice where ticket_id = %s", (ticket_id,)).fetchone() == (
            1,
        )
        assert connection.execute("select count(*) from crm.task where ticket_id = %s", (ticket_id,)).fetchone() == (1,)


def test_a_technician_cannot_complete_a_colleagues_visit(psql):
    with refused("ticket_is_not_found", "P0002"):
        psql("technician").execute("select api.ticket_complete(%s)", (CARL_VISITS_QUINN,))
