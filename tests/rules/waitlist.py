"""A little business on one day, and somebody who waits: what the tests of the waitlist begin with."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

from crm.auth import link
from crm.context import Signer
from tests.conftest import PANES, PEOPLE, TIDY, become

NOW = datetime(2033, 3, 1, 16, tzinfo=UTC)  # a Tuesday, ten in the morning in Chicago
DAY = datetime(2033, 3, 3, tzinfo=UTC)  # the Thursday after
WORK = f'[{{"id": "{PANES}"}}]'
TESS, CARL = PEOPLE["technician"].member_id, PEOPLE["colleague"].member_id


def at(hour: float, day: int = 0) -> datetime:
    """An hour of that Thursday, by the clock in Chicago."""
    return DAY + timedelta(days=day, hours=hour + 6)


class Desk:
    """Types SQL as people of the business at a time of its own, in one transaction."""

    def __init__(self, connection: psycopg.Connection[Any], signer: Signer) -> None:
        self.connection, self.signer = connection, signer
        connection.row_factory = namedtuple_row  # type: ignore[assignment]
        self.clock(NOW)
        become(connection, signer, "owner")
        connection.execute(
            "select from api.working_hours_set(null, '{1,2,3,4,5}', array_fill('08:00'::time, '{5}'), array_fill('17:00'::time, '{5}'))"
        )

    def clock(self, now: datetime) -> None:
        self.connection.execute("select set_config('app.now', %s, true)", (now.isoformat(),))

    def one(self, statement: str, *values: Any, who: str = "office") -> Any:
        become(self.connection, self.signer, who)
        return self.connection.execute(statement, values).fetchone()  # type: ignore[arg-type]

    def all(self, statement: str, *values: Any, who: str = "office") -> list[Any]:
        become(self.connection, self.signer, who)
        return self.connection.execute(statement, values).fetchall()  # type: ignore[arg-type]

    def contact(
        self, name: str, postcode: str | None = "35758", city: str = "Madison", email: str | None = "wanda@example.com"
    ) -> tuple[Any, Any]:
        """Somebody new, and their house."""
        contact = self.one("select id from api.contact_create('person', %s, null, %s)", name, email).id
        return contact, self.one(
            "select id from api.address_create(%s, null, '1 Elm St', %s, 'AL', %s, null)", contact, city, postcode
        ).id  # fmt: skip

    def visit(
        self,
        start: float,
        end: float,
        *,
        who: Any = TESS,
        contact: tuple[Any, Any] | None = None,
        day: int = 0,
        reason: str | None = None,
    ) -> Any:
        contact_id, address_id = contact or self.contact("Vera Visited")
        return self.one(
            "select * from api.ticket_create(%s, %s, %s, %s, %s::uuid[], '{}', null, %s)", contact_id, address_id, at(start, day), at(end, day),
            [each for each in (who if isinstance(who, list) else [who]) if each], reason,
        )  # fmt: skip

    def repeat(self, count: int = 3) -> tuple[Any, list[Any]]:
        """A series of Tess's on Thursdays at ten, and its visits."""
        contact, address = self.contact("Sella Series")
        made = "select id from api.series_create(%s, %s, %s, '10:00', 60, p_rrule => %s, p_member_ids => %s::uuid[], p_services => %s)"
        series = self.one(made, contact, address, at(10).date(), f"FREQ=WEEKLY;COUNT={count}", [TESS], WORK).id
        return series, self.all("select * from crm.ticket where series_id = %s order by starts_at", series)

    def change(self, series: Any, clock: str, day: int = 0, count: int = 3) -> Any:
        """So many visits at another time, from that day on; the change set."""
        return self.one(
            "select change_set_id from api.series_update(%s, null, 'all', %s, %s, 60, 'week', 1, null, null, null, null, %s, null, null, %s::uuid[], %s, null)",
            series, at(10, day).date(), clock, count, [TESS], WORK,
        ).change_set_id  # fmt: skip

    def cancel(self, ticket: Any) -> None:
        self.one("select from api.ticket_cancel(%s, 'rain')", ticket.id)

    def waits(
        self, contact: tuple[Any, Any] | None = None, *, minutes: int | None = 60, services: Any = (), **wish: Any
    ) -> Any:
        """An entry of somebody new, or of this contact, with these wishes."""
        contact_id, address_id = contact or self.contact("Wanda Waiting")
        if "ticket_id" in wish:
            address_id = minutes = None
        names = {
            "contact_id": contact_id,
            "address_id": address_id,
            "minutes": minutes,
            "service_ids": list(services),
            "from_on": NOW.date(),
            **wish,
        }
        casts = {"service_ids": "::uuid[]", "weekdays": "::smallint[]"}
        arguments = ", ".join(f"p_{name} => %s{casts.get(name, '')}" for name in names)
        return self.one(f"select * from api.waitlist_entry_create({arguments})", *names.values())

    def slots(self) -> list[Any]:
        return self.all("select * from crm.freed_slot where business_id = %s order by starts_at, member_id", TIDY)

    def slot(self, start: float = 10, end: float = 12) -> Any:
        """A time of Tess's that became free just now: its visit was cancelled."""
        self.cancel(self.visit(start, end))
        return self.one("select * from crm.freed_slot where starts_at = %s and ends_at = %s", at(start), at(end))

    def fits(self, slot: Any) -> list[Any]:
        become(self.connection, self.signer, "worker")
        return self.connection.execute(
            "select f.*, c.name from crm.freed_slot s cross join lateral internal.waitlist_fits(s) f "
            "join crm.waitlist_entry e on e.id = f.waitlist_entry_id join crm.contact c on c.id = e.contact_id where s.id = %s order by f.place", (slot.id,)
        ).fetchall()  # fmt: skip

    def offer(self, slot: Any, entry: Any) -> Any:
        return self.one("select * from api.waitlist_offer_make(%s, %s)", slot.id, entry.id)

    def now(self, offer: Any) -> Any:
        return self.one("select * from crm.waitlist_offer where id = %s", offer.id)

    def live(self, slot: Any) -> Any:
        return self.one(
            "select * from crm.waitlist_offer where freed_slot_id = %s and status in ('planned', 'held')", slot.id
        )

    def mail(self, offer: Any) -> Any:
        return self.one("select * from crm.message where id = %s", offer.message_id)

    def send(self, offer: Any) -> bytes | None:
        """What the worker does when the mail is due; the hash of the link's words, None when it was not sent."""
        mail, words = self.mail(offer), link.make()
        ready = self.one(
            "select * from api.message_begin(%s, %s, %s, 'https://link')",
            mail.id,
            mail.send_at,
            words.token_hash,
            who="worker",
        )
        if ready is None:
            return None
        self.body = ready.body
        self.one("select from api.message_sent(%s, %s)", mail.id, mail.send_at, who="worker")
        return words.token_hash

    def claim(self, token_hash: bytes) -> str:
        return str(self.one("select api.waitlist_link_claim(%s) as outcome", token_hash, who="visitor").outcome)

    def decline(self, token_hash: bytes) -> str:
        return str(self.one("select api.waitlist_link_decline(%s) as outcome", token_hash, who="visitor").outcome)

    def opened(self, token_hash: bytes) -> Any:
        return self.one("select * from api.waitlist_link_open(%s)", token_hash, who="visitor")

    def asked_next(self, slot: Any) -> Any:
        return self.one("select * from api.waitlist_offer_next(%s)", slot.id, who="worker")

    def jobs(self, kind: str) -> list[Any]:
        return self.all(
            "select j.key, j.payload, q.run_at from crm.job j join internal.job_queue q on q.job_id = j.id where j.kind = %s and j.business_id = %s order by j.id",
            kind, TIDY,
        )  # fmt: skip
