"""Visits to try rules on, made fresh in a transaction that is rolled back."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import PANES, PAT, PATS_HOUSE, PEOPLE
from tests.rules.waitlist import Desk

NEXT = "2031-03-04 15:00+00"


@pytest.fixture
def visit(psql) -> Callable[..., Any]:
    """visit(connection) books Tess for Pat in March 2031; `status` takes it as far as that."""

    def book(connection: Any, status: str = "scheduled", *, at: str = NEXT, member: str = "technician") -> Any:
        one = lambda sql, *values: connection.execute(sql, values).fetchone()  # noqa: E731
        ticket = one(
            "select * from api.ticket_create(%s, %s, %s::timestamptz, %s::timestamptz + interval '1 hour', %s::uuid[], %s::uuid[])",
            PAT, PATS_HOUSE, at, at, [PEOPLE[member].member_id], [PANES],
        )  # fmt: skip
        if status == "cancelled":
            return one("select * from api.ticket_cancel(%s, 'rain')", ticket.id)
        if status in ("in_progress", "completed"):
            ticket = one("select * from api.ticket_clock_in(%s)", ticket.id)
        if status == "completed":
            for step in ("work", "note"):
                one("select * from api.close_out_gap(%s, %s, 'phone was wet')", ticket.id, step)
            one("select * from api.close_out_next(%s, 'none')", ticket.id)
            ticket = one("select * from api.ticket_complete(%s)", ticket.id)
        return ticket

    return book


@pytest.fixture
def desk(admin, signer) -> Desk:
    """The office on a Tuesday of March 2033, rolled back at the end."""
    return Desk(admin, signer)


@pytest.fixture
def slot(desk: Desk) -> Any:
    """Two hours of Tess's that became free just now."""
    return desk.slot(10, 12)
