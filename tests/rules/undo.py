"""A visit moved from the calendar, and what a move could touch: for the tests of its undo."""

from typing import Any

from tests.rules.waitlist import TESS, Desk, at

MOVE = "select * from api.ticket_move(%s, %s, %s, %s, %s, %s)"
UNDO = "select * from api.ticket_move_undo(%s)"


def move(desk: Desk, ticket: Any, start: float, end: float, *, whose: Any = TESS, to: Any = TESS, reason: str | None = None) -> Any:  # fmt: skip
    """Move it as the calendar does; what the office can take back then."""
    desk.one(MOVE, ticket.id, at(start), at(end), whose, to, reason)
    return desk.one("select * from api.ticket_move_last(%s)", ticket.id)


def whole(desk: Desk, ticket: Any) -> tuple[Any, ...]:
    """All that a move could touch, but for when it was touched."""
    return (
        desk.one("select to_jsonb(t) - '{updated_at,revision}'::text[] as row from crm.ticket t where id = %s", ticket.id).row,
        desk.all("select to_jsonb(a) - 'updated_at' as row from crm.assignment a where ticket_id = %s order by member_id", ticket.id),
        desk.all("select kind, status, send_at, ticket_starts_at, cancel_reason from crm.message where ticket_id = %s order by kind, asked", ticket.id),
        desk.all("select member_id, starts_at, ends_at from crm.freed_slot order by 1, 2"),
        desk.all("select expires_at, revoked_at from crm.ticket_link where ticket_id = %s order by id", ticket.id),
    )  # fmt: skip


def told(desk: Desk, ticket: Any) -> Any:
    """The customer is asked by mail, and the mail goes out."""
    mail = desk.one("select * from api.ticket_confirmation_ask(%s)", ticket.id)
    sent(desk, mail)
    return mail


def sent(desk: Desk, mail: Any) -> None:
    due = desk.one("select * from crm.message where id = %s", mail.id).send_at
    desk.clock(due)
    ready = desk.one("select * from api.message_begin(%s, %s, %s, 'https://link')", mail.id, due, mail.id.bytes * 2, who="worker")  # fmt: skip
    assert ready is not None, desk.one("select * from crm.message where id = %s", mail.id)
    desk.one("select from api.message_sent(%s, %s)", mail.id, due, who="worker")


def mails(desk: Desk, ticket: Any) -> list[Any]:
    return desk.all("select * from crm.message where ticket_id = %s and kind = 'confirmation' order by asked", ticket.id)  # fmt: skip
