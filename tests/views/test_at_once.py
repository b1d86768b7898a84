"""Double taps, replays and two phones: many posts of one thing at once, through the whole application."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest

from tests.conftest import PANES, PAT, PATS_HOUSE, PEOPLE, Browser, become
from tests.views.desk import Desk

CHICAGO = ZoneInfo("America/Chicago")


async def insists(browser: Browser, path: str, **form: str) -> Any:
    """Post until there is an answer: with so many at once a part of us may not answer in time, and the page says that nothing was saved."""
    while (answer := await browser.post(path, **form)).status_code == 503:
        await asyncio.sleep(0.5)
    return answer


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
    confirmed = await asyncio.gather(*(insists(phone, f"/tickets/{ticket}/close-out/confirm") for phone in phones))
    assert {answer.status_code for answer in confirmed} == {303}
    invoiced = await asyncio.gather(*(insists(phone, f"/tickets/{ticket}/invoice") for phone in phones))
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
    answers = await asyncio.gather(*(insists(desk, f"/tickets/new?contact={PAT}", **form) for desk in desks))
    assert sorted(answer.status_code for answer in answers) == [303] + [422] * 49
    refusal = next(answer for answer in answers if answer.status_code == 422)
    assert "already has a visit then" in await refusal.get_data(as_text=True)
    assert hand("owner", "select count(*) from crm.ticket where starts_at = '2033-04-05 14:00+00'") == 1


async def test_a_hundred_at_one_slot_by_the_desk_by_the_api_and_by_series_give_it_to_one(browse, hand, home, signer):
    """Nobody holds it beforehand: sixty forms, thirty calls and ten repeating visits at the same moment."""
    tess = PEOPLE["technician"].member_id
    at = (datetime.now(CHICAGO) + timedelta(days=200)).replace(
        hour=9, minute=0, second=0, microsecond=0
    )  # within the horizon of a series
    desks = [await browse("office") for _ in range(60)]
    form = {"contact_id": str(PAT), "starts_at": f"{at:%Y-%m-%dT%H:%M}", "hours": "1:00", "member_ids": str(tess)}

    def call(number: int) -> str:
        with psycopg.connect(home.admin_url) as connection:
            become(connection, signer, "office")
            if number < 30:
                statement = (
                    "select id from api.ticket_create(%s, %s, %s, %s::timestamptz + interval '1 hour', %s::uuid[])"
                )
                values = (PAT, PATS_HOUSE, at, at, [tess])
            else:
                statement = "select id from api.series_create(%s, %s, %s, '09:00', 60, p_count => 1, p_member_ids => %s::uuid[])"
                values = (PAT, PATS_HOUSE, at.date(), [tess])
            try:
                connection.execute(statement, values)
            except psycopg.Error as error:
                return error.diag.constraint_name or ""
        return "done"

    async with asyncio.TaskGroup() as group:
        forms = [group.create_task(insists(desk, f"/tickets/new?contact={PAT}", **form)) for desk in desks]
        calls = [group.create_task(asyncio.to_thread(call, number)) for number in range(40)]
    answers, outcomes = [task.result() for task in forms], [task.result() for task in calls]
    assert {answer.status_code for answer in answers} <= {303, 422}
    assert set(outcomes) <= {"done", "assignment_is_not_double_booked"}
    # The desk is told who has it; a repeating visit is made all the same, for somebody else to go to.
    for answer in answers:
        assert answer.status_code == 303 or "already has a visit then" in await answer.get_data(as_text=True)
    assert outcomes[30:] == ["done"] * 10
    assert hand("owner", "select count(*) from crm.assignment where member_id = %s and starts_at = %s", tess, at) == 1
    booked = sum(answer.status_code == 303 for answer in answers) + outcomes[:30].count("done")
    by_series = hand("owner", "select count(*) from crm.assignment a join crm.ticket t on t.id = a.ticket_id and t.series_id is not null where a.starts_at = %s", at)  # fmt: skip
    assert booked + by_series == 1
    tasks = hand(
        "owner", "select count(*) from crm.task k join crm.ticket t on t.id = k.ticket_id where t.starts_at = %s", at
    )
    assert tasks == 10 - by_series


async def test_a_hundred_at_a_slot_that_is_held_give_it_to_whom_it_is_held_for(browse, hand, app, signer, home):
    """Fifty taps on the link of the offer, forty forms and ten calls: one visit, and it is the customer's."""
    waitlist = Desk(home, signer)
    slot = waitlist.slot()
    offer, token = waitlist.offer(slot)
    tess = PEOPLE["technician"].member_id
    desks = [await browse("office") for _ in range(40)]
    wall = slot.starts_at.astimezone(CHICAGO)
    form = {"contact_id": str(PAT), "starts_at": f"{wall:%Y-%m-%dT%H:%M}", "hours": "1:00", "member_ids": str(tess)}
    phones = [Browser(app.test_client()) for _ in range(50)]

    def call() -> str:
        try:
            hand(
                "office",
                "select id from api.ticket_create(%s, null, %s, %s, %s::uuid[])",
                PAT,
                slot.starts_at,
                slot.ends_at,
                [tess],
            )
        except psycopg.Error as error:
            return error.diag.constraint_name or ""
        return "done"

    async with asyncio.TaskGroup() as group:
        taps = [group.create_task(insists(phone, f"/w/{token}/answer", answer="yes")) for phone in phones]
        forms = [group.create_task(insists(desk, f"/tickets/new?contact={PAT}", **form)) for desk in desks]
        calls = [group.create_task(asyncio.to_thread(call)) for _ in range(10)]
    assert {task.result().status_code for task in taps} <= {303, 409, 429}
    assert 303 in {task.result().status_code for task in taps}
    assert {task.result().status_code for task in forms} == {422}
    assert {task.result() for task in calls} <= {"assignment_time_is_held", "assignment_is_not_double_booked"}
    rows = hand("owner", "select array_agg(contact_id) from crm.assignment where member_id = %s and starts_at = %s and blocks_time", tess, slot.starts_at)  # fmt: skip
    assert rows == [hand("owner", "select contact_id from crm.waitlist_entry where id = %s", offer.waitlist_entry_id)]
    assert waitlist.now(offer).status == "claimed"
