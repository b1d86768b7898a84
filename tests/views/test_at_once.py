"""Double taps, replays and two phones: many posts of one thing at once, through the whole application."""

import asyncio

import psycopg
import pytest

from tests.conftest import PANES, PAT, PATS_HOUSE, PEOPLE, become


@pytest.fixture
def hand(home, signer):
    """Runs a statement as somebody and commits it; returns its first column."""

    def call(who, statement, *values):
        with psycopg.connect(home.admin_url) as connection:
            become(connection, signer, who)
            return connection.execute(statement, values).fetchone()[0]

    return call


async def test_twenty_posts_of_one_close_out_give_one_completed_visit_and_one_invoice(browse, hand):
    ticket = hand(
        "office", "select id from api.ticket_create(%s, %s, now() + interval '33 days', now() + interval '793 hours', %s::uuid[], %s::uuid[])",
        PAT, PATS_HOUSE, [PEOPLE["technician"].member_id], [PANES],
    )  # fmt: skip
    hand("technician", "select id from api.ticket_clock_in(%s)", ticket)
    for step in ("work", "note", "next"):
        hand("technician", "select api.close_out_gap(%s, %s, 'phone was wet')", ticket, step)
    phones = [await browse("technician") for _ in range(20)]
    confirmed = await asyncio.gather(*(phone.post(f"/tickets/{ticket}/close-out/confirm") for phone in phones))
    assert {answer.status_code for answer in confirmed} == {303}
    invoiced = await asyncio.gather(*(phone.post(f"/tickets/{ticket}/invoice") for phone in phones))
    assert len({answer.location for answer in invoiced}) == 1
    assert (
        hand(
            "owner",
            "select count(*) from crm.audit_entry where row_id = %s and new ->> 'status' = 'completed'",
            str(ticket),
        )
        == 1
    )
    assert hand("owner", "select count(*) from crm.invoice where ticket_id = %s", ticket) == 1


async def test_fifty_posts_for_one_slot_give_one_visit(browse, hand):
    desks = [await browse("office") for _ in range(50)]
    form = {
        "contact_id": str(PAT), "starts_at": "2033-04-05T09:00", "hours": "1:00", "member_ids": str(PEOPLE["technician"].member_id),
    }  # fmt: skip
    answers = await asyncio.gather(*(desk.post(f"/tickets/new?contact={PAT}", **form) for desk in desks))
    assert sorted(answer.status_code for answer in answers) == [303] + [422] * 49
    refusal = next(answer for answer in answers if answer.status_code == 422)
    assert "already has a visit then" in await refusal.get_data(as_text=True)
    assert hand("owner", "select count(*) from crm.ticket where starts_at = '2033-04-05 14:00+00'") == 1
