"""What every writer of the demo holds: the connection, the people, the catalogue and the diary."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from crm.demo.diary import Diary
from crm.demo.people import uuid7
from crm.demo.visit import Visit

Connection = psycopg.Connection[Any]
Row = Sequence[object]

STAGE = """
create temp table demo_line (id uuid, ticket_id uuid, service_id uuid, position smallint, quantity numeric,
    price bigint, confirmed boolean, at timestamptz) on commit drop
"""


def copy(connection: Connection, table: str, columns: str, rows: Iterable[Row]) -> None:
    with connection.cursor().copy(f"copy {table} ({columns}) from stdin".encode()) as into:
        for row in rows:
            into.write_row(row)


@dataclass
class Book:
    connection: Connection
    business: UUID
    staff: Sequence[UUID]  # owner, office, then the technicians
    services: dict[str, UUID]
    diary: Diary
    chance: random.Random

    def __post_init__(self) -> None:
        self.owner, self.office, *self.crew = self.staff

    def copy(self, table: str, columns: str, rows: Iterable[Row]) -> None:
        copy(self.connection, table, f"business_id, {columns}", ((self.business, *row) for row in rows))

    def stage_lines(self, visits: Iterable[Visit]) -> None:
        """The lines of these visits, alone, into demo_line."""
        self.connection.execute("truncate demo_line")
        copy(
            self.connection, "demo_line", "id, ticket_id, service_id, position, quantity, price, confirmed, at",
            ((uuid7(v.made_at, self.chance), v.id, self.services[line.service], position, line.quantity, line.price, line.confirmed, v.made_at)
             for v in visits for position, line in enumerate(v.lines, 1)),
        )  # fmt: skip

    def close_outs(self, visits: Iterable[Visit]) -> None:
        self.copy(
            "crm.close_out",
            "ticket_id, work_answered_at, note_answered_at, next_answered_at, follow_up, follow_up_months, follow_up_starts_at, updated_at",
            ((v.id, v.clocked_out_at, None if v.gap else v.clocked_out_at, v.closed_at, v.follow_up, v.months, v.next_at,
              v.closed_at or v.clocked_in_at) for v in visits),
        )  # fmt: skip

    def messages(self, visits: Iterable[Visit]) -> None:
        """Planned at the close-out; cancelled when the customer called first."""
        self.copy(
            "crm.message",
            "contact_id, ticket_id, ticket_starts_at, id, kind, status, send_at, reason, sent_at, cancelled_at, created_at, updated_at",
            (self._message(visit) for visit in visits if visit.follow_up == "message"),
        )  # fmt: skip

    def _message(self, visit: Visit) -> Row:
        assert visit.closed_at
        send_at, called_at = self.diary.message_at(visit), visit.next_made_at
        cancelled_at = called_at if called_at and called_at < send_at else None
        status = "cancelled" if cancelled_at else "sent" if send_at <= self.diary.now else "pending"
        start = visit.starts_at.astimezone(self.diary.zone)
        months = f"{visit.months} month{'' if visit.months == 1 else 's'}"
        reason = f"Asked for at the visit of {start.day} {start:%b %Y}: reach out in {months}."
        settled_at = cancelled_at or (send_at if status == "sent" else visit.closed_at)
        return (visit.customer.id, visit.id, visit.starts_at, uuid7(visit.closed_at, self.chance), "outreach", status, send_at, reason,
                send_at if status == "sent" else None, cancelled_at, visit.closed_at, settled_at)  # fmt: skip
