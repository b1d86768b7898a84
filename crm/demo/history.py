"""Two years, written in bulk while the triggers sleep: each row is just what they would have left."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from crm.demo import words
from crm.demo.billing import Billing
from crm.demo.book import Book
from crm.demo.people import uuid7
from crm.demo.visit import Visit


class History(Book):
    """The days before today."""

    def write(self) -> None:
        done = [visit for visit in self.diary.past if visit.status == "completed"]
        done.sort(key=lambda visit: visit.closed_at or visit.starts_at)
        self.connection.execute("set local session_replication_role = replica")
        self._customers()
        self._visits()
        self._answers(done)
        Billing(self.connection, self.business, self.staff, self.services, self.diary, self.chance).write(done)
        self._trail(next(visit for visit in reversed(done) if visit.customer is self.diary.customers[0]))
        self.connection.execute("set local session_replication_role = origin")
        # What is still planned gets its job from the trigger that slept.
        self.connection.execute(
            "update crm.message set send_at = send_at where business_id = %s and status = 'pending'", (self.business,)
        )
        self.connection.execute(
            "select internal.contact_search_refresh(array_agg(id)) from crm.contact where business_id = %s",
            (self.business,),
        )

    def _customers(self) -> None:
        customers = self.diary.customers
        self.copy(
            "crm.contact", "id, kind, name, phone, phone_e164, email, preferred_method, preferred_time, language, referred_by, consent, consent_at, "
            "note, archived_at, created_at, updated_at",
            ((c.id, c.kind, c.name, c.phone, c.phone_e164, c.email, c.preferred_method, c.preferred_time, c.language,
              c.referred_by, c.consent, None if c.consent == "not_asked" else c.made_at, c.note, c.archived_at, c.made_at,
              c.archived_at or c.made_at) for c in customers),
        )  # fmt: skip
        self.copy(
            "crm.attribute_key", "id, key, kind, section, created_at, updated_at",
            ((uuid7(self.diary.at(self.diary.first, 0), self.chance), key, *of, self.diary.now, self.diary.now)
             for key, of in words.KEYS.items()),
        )  # fmt: skip
        self.copy(
            "crm.saved_list", "id, name, query, made_by, created_at, updated_at",
            ((uuid7(self.diary.now, self.chance), name, query, self.office, self.diary.now, self.diary.now) for name, query in words.LISTS),
        )  # fmt: skip
        self.copy(
            "crm.note", "id, contact_id, body, member_id, created_at, updated_at",
            ((uuid7(at, self.chance), c.id, body, self.office, at, at) for c in customers for at, body in c.notes),
        )  # fmt: skip
        self.copy(
            "crm.address", "id, contact_id, label, street, city, region, postcode, access_note, created_at, updated_at",
            ((p.id, c.id, p.label, p.street, p.city, "AL", p.postcode, p.access_note, c.made_at, c.made_at)
             for c in customers for p in c.places),
        )  # fmt: skip

    def _visits(self) -> None:
        visits = self.diary.past
        self.copy(
            "crm.ticket",
            "id, contact_id, address_id, status, confirmation, starts_at, ends_at, busy_until, arrival_minutes, instructions, clocked_in_at, clocked_out_at, "
            "clock_reason, note, completed_at, completed_by, cancelled_at, cancelled_by, cancel_reason, created_at, updated_at",
            ((v.id, v.customer.id, v.place.id, v.status, v.confirmation, v.starts_at, v.ends_at, v.ends_at, 0, v.instructions,
              v.clocked_in_at, v.clocked_out_at, v.clock_reason, v.note,
              *((None, None, v.closed_at, self.office) if v.cancel_reason else (v.closed_at, self.crew[v.crew[0]], None, None)),
              v.cancel_reason, v.made_at, v.closed_at) for v in visits),
        )  # fmt: skip
        self.copy(
            "crm.assignment", "ticket_id, member_id, contact_id, starts_at, busy_until, blocks_time, clocked_in_at, clocked_out_at, created_at",
            ((v.id, self.crew[who], v.customer.id, v.starts_at, v.ends_at, not v.cancel_reason, v.clocked_in_at, v.clocked_out_at, v.made_at) for v in visits for who in v.crew),
        )  # fmt: skip

    def _answers(self, done: Sequence[Visit]) -> None:
        """What was answered at the kerb: close-outs, the facts read out of notes, the messages planned."""
        self.close_outs(done)
        self.messages(done)
        self.copy(
            "crm.gap", "ticket_id, step, reason, member_id, created_at",
            ((v.id, "note", v.gap, self.crew[v.crew[0]], v.closed_at) for v in done if v.gap),
        )  # fmt: skip
        self.copy(
            "crm.proposal", "id, ticket_id, key, value, words, starts_at_char, decision, created_at",
            ((uuid7(f.at, self.chance), v.id, f.key, f.value, f.words, (v.note or "").index(f.words or ""), "accepted", f.at)
             for v in done for f in v.facts),
        )  # fmt: skip
        self.copy(
            "crm.attribute", "id, contact_id, key, kind, value, source, words, ticket_id, created_at, updated_at",
            ((f.id, c.id, f.key, words.KEYS[f.key][0], f.value, "note" if f.words else "typed", f.words, f.visit_id, f.at, f.at)
             for c in self.diary.customers for f in c.facts),
        )  # fmt: skip

    def _trail(self, visit: Visit) -> None:
        """A few entries of the audit, as the trigger words them: a price rise, one visit from booking to close-out."""
        raised = self.diary.at(self.diary.raised, 9 * 60 + 5)
        booked = {"starts_at": visit.starts_at, "ends_at": visit.ends_at, "busy_until": visit.ends_at}
        moved = {name: at + timedelta(days=1) for name, at in booked.items()}
        marcus, number = self.crew[visit.crew[0]], self.diary.customers[0]
        prices = {key: cents for key, _, _, _, cents, *_ in words.SERVICES}
        entries: list[tuple[datetime | None, UUID, str, str, UUID, Mapping[str, object], Mapping[str, object]]] = [
            *((raised, self.owner, "owner", "service", self.services[key], {"price_minor": before}, {"price_minor": prices[key]})
              for key, before in words.PRICE_BEFORE.items()),
            (raised + timedelta(days=31), self.office, "office", "contact", number.id, {"phone": "256-555-0191"}, {"phone": number.phone}),
            (visit.starts_at - timedelta(days=2), self.office, "office", "ticket", visit.id, moved, booked),
            (visit.clocked_in_at, marcus, "technician", "ticket", visit.id,
             {"status": "scheduled", "clocked_in_at": None}, {"status": "in_progress", "clocked_in_at": visit.clocked_in_at}),
            (visit.closed_at, marcus, "technician", "ticket", visit.id,
             {"status": "in_progress", "clocked_out_at": None, "completed_at": None, "completed_by": None},
             {"status": "completed", "clocked_out_at": visit.clocked_out_at, "completed_at": visit.closed_at, "completed_by": marcus}),
        ]  # fmt: skip
        self.copy(
            "crm.audit_entry", "at, member_id, role, kind, source, request_id, table_name, row_id, operation, old, new, contact_id",
            ((at, member, role, "person", "web", "", table, str(row), "update", _words(old), _words(new), None if table == "service" else number.id)
             for at, member, role, table, row, old, new in entries),
        )  # fmt: skip


def _words(columns: Mapping[str, object]) -> str:
    """Column values as the audit keeps them: all text, times in UTC."""

    def word(value: object) -> str | None:
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat(" ").removesuffix(":00")
        return None if value is None else str(value)

    return json.dumps({name: word(value) for name, value in columns.items()})
