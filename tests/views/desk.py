"""People of the office who type SQL, and what customers are mailed by them."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

from crm.auth import link
from tests.conftest import PANES, PEOPLE, become, text

HOURS = count()
START = datetime(2034, 6, 1, 9, 0, 0, 123456, UTC)
DAYS = count(400)


async def page_of(answer: Any) -> str:
    """The words of a page."""
    return text(await answer.get_data(as_text=True))


class Typist:
    """Types SQL as people of a business, and commits it."""

    def __init__(self, home: Any, signer: Any) -> None:
        self.home, self.signer = home, signer

    def __call__(self, who: str, statement: str, *values: Any, **more: Any) -> Any:
        with psycopg.connect(self.home.admin_url, row_factory=namedtuple_row) as connection:
            become(connection, self.signer, who, **more)
            return connection.execute(statement, values).fetchone()

    def events(self, kind: str) -> dict[Any, int]:
        """How many security events of a kind each business has."""
        with psycopg.connect(self.home.admin_url) as connection:
            return dict(
                connection.execute(
                    "select business_id, count(*) from crm.security_event where kind = %s group by 1", (kind,)
                ).fetchall()
            )


class Office(Typist):
    """Makes visits, and asks whether they suit."""

    def visit(self, email: str | None = "cleo@example.com") -> Any:
        """A visit of Tess's in a month, for somebody new."""
        at = START + timedelta(hours=3 * next(HOURS))
        contact = self("office", "select id from api.contact_create('person', 'Cleo Customer', null, %s)", email).id
        address = self(
            "office",
            "select id from api.address_create(%s, null, '5 Elm St', 'Madison', 'AL', '35758', 'key under the pot')",
            contact,
        ).id
        return self(
            "office", "select * from api.ticket_create(%s, %s, %s, %s, %s::uuid[], %s::uuid[], 'The dog bites.')", contact, address,
            at, at + timedelta(hours=1), [PEOPLE["technician"].member_id], [PANES],
        )  # fmt: skip

    def mail(self, ticket: Any) -> str:
        """Ask by mail, and take the mail as the worker does; the words of its link."""
        words = link.make()
        with psycopg.connect(self.home.admin_url, row_factory=namedtuple_row) as connection:
            become(connection, self.signer, "office")
            message = connection.execute(
                "insert into crm.message (contact_id, ticket_id, kind, asked, send_at, reason) "
                "select contact_id, id, 'confirmation', 1 + (select count(*) from crm.message m where m.ticket_id = t.id and m.kind = 'confirmation'), "
                "now(), 'A test.' from crm.ticket t where id = %s returning *",
                (ticket.id,),
            ).fetchone()
            connection.execute("update crm.message set status = 'sending' where id = %s", (message.id,))
            connection.execute("update crm.message set status = 'sent', sent_at = now() where id = %s", (message.id,))
            connection.execute(
                "select internal.ticket_link_make(m, %s) from crm.message m where id = %s",
                (words.token_hash, message.id),
            )
        return words.token

    def now(self, ticket: Any) -> Any:
        return self("owner", "select * from crm.ticket where id = %s", ticket.id)

    def tasks(self, ticket: Any) -> list[Any]:
        with psycopg.connect(self.home.admin_url, row_factory=namedtuple_row) as connection:
            return connection.execute(
                "select * from crm.task where ticket_id = %s order by id", (ticket.id,)
            ).fetchall()


class Desk(Typist):
    """Keeps the waitlist."""

    def contact(self, name: str = "Wanda Waiting", email: str | None = "wanda@example.com", who: str = "office") -> Any:
        return self(who, "select id from api.contact_create('person', %s, null, %s)", name, email).id

    def slot(self, who: str = "office", member: str = "technician") -> Any:
        """A time of an hour, in a distant year, that became free just now."""
        at = (datetime.now(UTC) + timedelta(days=next(DAYS))).replace(hour=16, minute=0, second=0, microsecond=0)
        ticket = self(
            who, "select id from api.ticket_create(%s, null, %s, %s, %s::uuid[])", self.contact("Vera Visited", None, who), at, at + timedelta(hours=1),
            [PEOPLE[member].member_id],
        ).id  # fmt: skip
        self(who, "select from api.ticket_cancel(%s, 'the ladder broke')", ticket)
        return self(who, "select * from crm.freed_slot where ticket_id = %s", ticket)

    def nobody_else_waits(self) -> None:
        """What other tests left behind would stand before what this one is about."""
        self(
            "office",
            "with gone as (update crm.waitlist_entry set status = 'ended', ended_at = now(), end_reason = 'a test' where status = 'waiting' returning 1) "
            "select count(*) from gone",
        )

    def nothing_else_is_free(self) -> None:
        """Times that other tests freed are long over: only so many are shown."""
        self(
            "owner",
            "with gone as (update crm.freed_slot set starts_at = starts_at - interval '20 years', ends_at = ends_at - interval '20 years' "
            "where business_id = %s and ends_at > now() returning 1) select count(*) from gone",
            PEOPLE["owner"].business_id,
        )

    def waits(self, contact: Any = None, services: Any = (PANES,), who: str = "office") -> Any:
        contact = contact or self.contact(who=who)
        address = self(
            who,
            "select id from api.address_create(%s, null, '5 Elm St', 'Madison', 'AL', '35758', 'key under the pot')",
            contact,
        ).id
        return self(
            who, "select * from api.waitlist_entry_create(%s, p_address_id => %s, p_service_ids => %s::uuid[], p_note => 'Rings twice.')",
            contact, address, list(services),
        )  # fmt: skip

    def offer(self, slot: Any = None, entry: Any = None, who: str = "office") -> tuple[Any, str]:
        """An offer whose mail was sent, by night too, and the words of its link."""
        slot = slot or self.slot()
        made = self(who, "select * from api.waitlist_offer_make(%s, %s)", slot.id, (entry or self.waits()).id)
        words = link.make()
        with psycopg.connect(self.home.admin_url) as connection:
            become(connection, self.signer, who)
            connection.execute("update crm.message set status = 'sending' where id = %s", (made.message_id,))
            connection.execute(
                "select internal.ticket_link_make(m, %s) from crm.message m where id = %s",
                (words.token_hash, made.message_id),
            )
            connection.execute(
                "update crm.message set status = 'sent', sent_at = now() where id = %s", (made.message_id,)
            )
        return made, words.token

    def now(self, offer: Any) -> Any:
        return self("owner", "select * from crm.waitlist_offer where id = %s", offer.id)

    def visits(self, entry: Any) -> int:
        return int(self("owner", "select count(*) as n from crm.ticket where contact_id = %s", entry.contact_id).n)
