"""A visit as the demo thinks of it, and how long one takes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from crm.demo.people import Customer, Fact, Place

QUARTER = 15  # visits start and end on the quarter of an hour
PACE = {"exterior": 1.9, "inside_out": 3.4, "screens": 0.9, "skylights": 7, "gutters": 60, "driveway": 65,
        "hard_water": 30, "storefront": 28, "kit": 0}  # fmt: skip


@dataclass
class Line:
    service: str  # the key in words.SERVICES
    quantity: int = 1
    price: int | None = None  # cents; None takes the catalogue's
    confirmed: bool = True


@dataclass
class Visit:
    id: UUID
    customer: Customer
    place: Place
    crew: tuple[int, ...]  # of the technicians
    starts_at: datetime
    ends_at: datetime
    made_at: datetime
    lines: list[Line]
    status: str = "scheduled"
    confirmation: str = "pending"
    instructions: str | None = None
    clocked_in_at: datetime | None = None
    clocked_out_at: datetime | None = None
    clock_reason: str | None = None
    note: str | None = None
    closed_at: datetime | None = None  # completed or cancelled
    cancel_reason: str | None = None
    follow_up: str | None = None
    months: int | None = None  # until the message
    next_at: datetime | None = None  # the visit booked at this one
    next_made_at: datetime | None = None  # a visit booked later, on the phone
    gap: str | None = None  # why there is no note
    facts: list[Fact] = field(default_factory=list)  # read out of the note

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


def minutes_of(customer: Customer, lines: Sequence[Line]) -> int:
    size = (customer.price or 3500) / 3500
    return max(30, quarters(10 + size * sum(PACE[line.service] * line.quantity for line in lines)))


def quarters(minutes: float) -> int:
    """Up to the next quarter of an hour."""
    return -int(-minutes // QUARTER) * QUARTER


def next_quarter(moment: datetime) -> datetime:
    hour = moment.replace(minute=0, second=0, microsecond=0)
    return hour + timedelta(minutes=quarters((moment - hour).total_seconds() / 60))
