"""Today and the weeks ahead, booked and worked like anybody's: through every trigger, by the people themselves."""

import json
from collections.abc import Sequence
from datetime import time, timedelta
from uuid import UUID

from crm.demo import words
from crm.demo.book import Book
from crm.demo.visit import Visit

LINES = """
insert into crm.line_item (id, ticket_id, service_id, position, name, pricing, unit_label, quantity, unit_price_minor, tax_basis_points,
    price_confirmed, created_at, updated_at)
select l.id, l.ticket_id, s.id, l.position, s.name, s.pricing, s.unit_label, l.quantity, coalesce(l.price, s.price_minor),
    coalesce(s.tax_basis_points, b.tax_basis_points), l.confirmed, l.at, l.at
from demo_line l
join crm.business b on b.business_id = %s
join crm.service s on s.business_id = b.business_id and s.id = l.service_id
"""
START = """
update crm.ticket set status = 'in_progress', clocked_in_at = %(clocked_in_at)s, note = %(note)s
where business_id = %(business)s and id = %(ticket)s
"""
COMPLETE = """
update crm.ticket set status = 'completed', clocked_out_at = %(clocked_out_at)s, clock_reason = %(clock_reason)s,
    completed_at = %(closed_at)s, completed_by = %(member)s
where business_id = %(business)s and id = %(ticket)s
"""


class Today(Book):
    """From today on."""

    def write(self) -> None:
        self._act_as(self.office, "office")
        self._book([*self.diary.today, *self.diary.ahead])
        self._ask()
        for number, member in enumerate(self.crew):
            self._act_as(member, "technician")
            self._work([visit for visit in self.diary.today if visit.crew == (number,) and visit.clocked_in_at], member)
        self._act_as(self.office, "office")
        self._repeat()
        self._wait()
        self._bill()
        self._act_as(self.owner, "owner")
        self._tasks()

    def _act_as(self, member: UUID, role: str) -> None:
        self.connection.execute("select internal.act_as(%s, %s, %s, 'web')", (self.business, member, role))

    def _book(self, visits: Sequence[Visit]) -> None:
        self.copy(
            "crm.ticket",
            "id, contact_id, address_id, confirmation, starts_at, ends_at, busy_until, arrival_minutes, instructions, created_at, updated_at",
            [(v.id, v.customer.id, v.place.id, v.confirmation, v.starts_at, v.ends_at, v.ends_at, 0, v.instructions, v.made_at, v.made_at)
             for v in visits],
        )  # fmt: skip
        self.copy(
            "crm.assignment", "ticket_id, member_id, contact_id, starts_at, busy_until, blocks_time, created_at",
            [(v.id, self.crew[who], v.customer.id, v.starts_at, v.ends_at, True, v.made_at) for v in visits for who in v.crew],
        )  # fmt: skip
        self.stage_lines(visits)
        self.connection.execute(LINES, (self.business,))

    def _ask(self) -> None:
        """Three who have not answered are asked by mail; everybody with an address is reminded by itself."""
        silent = [v for v in self.diary.ahead if v.confirmation == "pending" and v.customer.email]
        for visit in silent[-3:]:
            self.connection.execute("select api.ticket_confirmation_ask(%s)", (visit.id,))

    def _work(self, visits: Sequence[Visit], member: UUID) -> None:
        """Clock in, answer, complete: the rules would have it in no other order."""
        done = [visit for visit in visits if visit.status == "completed"]
        for visit in visits:
            self.connection.execute(START, self._clock(visit, member))
        self.close_outs(visits)
        self.messages(done)
        for visit in done:
            self.connection.execute(COMPLETE, self._clock(visit, member))

    def _clock(self, visit: Visit, member: UUID) -> dict[str, object]:
        columns = ("note", "clocked_in_at", "clocked_out_at", "clock_reason", "closed_at")
        return {name: getattr(visit, name) for name in columns} | {
            "business": self.business,
            "ticket": visit.id,
            "member": member,
        }

    def _repeat(self) -> None:
        """Three shops that come round by themselves, once what is booked is over; one visit was moved by hand."""
        shops = [customer for customer in self.diary.customers if customer.is_shop and not customer.archived_at][:3]
        rules = (
            ("FREQ=WEEKLY", "06:30", 0),
            ("FREQ=WEEKLY;INTERVAL=2", "07:15", 1),
            ("FREQ=MONTHLY;BYDAY=-1FR", "06:15", 2),
        )
        later = self.diary.date + timedelta(days=31)
        first = later - timedelta(days=(later.weekday() - 1) % 7)  # a Tuesday
        for shop, (rule, at, who) in zip(shops, rules, strict=True):
            work = json.dumps([{"id": str(self.services["storefront"]), "quantity": 1, "unit_price_minor": shop.price}])
            self.connection.execute(
                "select from api.series_create(p_contact_id => %s, p_address_id => %s, p_first_on => %s, p_starts_at => %s, p_minutes => 45, "
                "p_rrule => %s, p_member_ids => %s::uuid[], p_services => %s)",
                (shop.id, shop.places[0].id, first, at, rule, [self.crew[who]], work),
            )
        self.connection.execute(
            "update crm.ticket t set starts_at = t.starts_at + interval '1 day', ends_at = t.ends_at + interval '1 day' "
            "where t.id = (select o.id from crm.ticket o where o.business_id = %s and o.series_id is not null order by o.starts_at offset 3 limit 1)",
            (self.business,),
        )

    def _wait(self) -> None:
        """Three who would come sooner, or at all, and a time that became free: it is offered to the first of them."""
        ahead = [
            v for v in self.diary.ahead
            if len(v.crew) == 1 and v.confirmation == "confirmed" and v.starts_at.astimezone(self.diary.zone).weekday() < 5
            and v.starts_at > self.diary.now + timedelta(days=2)
        ]  # fmt: skip
        # Within the hours of the house: nobody is offered a time at which the technician is not at work.
        given_up = next(
            v for v in ahead if v.minutes >= 60 and v.starts_at.astimezone(self.diary.zone).time() >= time(7, 30)
        )
        later = ahead[-1]
        coming = {v.customer.id for v in (*self.diary.today, *self.diary.ahead)}
        people = [
            c
            for c in self.diary.customers
            if c.email and c.id not in coming and c.kind == "person" and not c.archived_at
        ]
        for customer, wish, values in (
            (people[0], "p_service_ids => %s::uuid[], p_note => 'Guests at the weekend, any day would do.'", [[self.services["hard_water"]]]),
            (people[1], "p_member_id => %s, p_service_ids => %s::uuid[], p_day_part => 'morning', p_weekdays => '{2,4}'",
             [self.crew[1], [self.services["gutters"], self.services["skylights"]]]),
            (later.customer, "p_ticket_id => %s, p_until_on => %s", [later.id, later.starts_at.astimezone(self.diary.zone).date()]),
        ):  # fmt: skip
            place = {} if customer is later.customer else {"p_address_id": customer.places[0].id}
            self.connection.execute(
                f"select from api.waitlist_entry_create(%s, {''.join(f'{name} => %s, ' for name in place)}{wish})",
                (customer.id, *place.values(), *values),
            )
        self.connection.execute("select api.ticket_cancel(%s, 'They are away that week.')", (given_up.id,))
        self.connection.execute(
            "select api.waitlist_offer_make(s.id, e.id) from crm.freed_slot s, crm.waitlist_entry e where s.ticket_id = %s and e.contact_id = %s",
            (given_up.id, people[0].id),
        )

    def _bill(self) -> None:
        """The first was paid at the door, the second has its invoice, the third a draft; the rest is still to do."""
        done = sorted(
            (v for v in self.diary.today if v.status == "completed"), key=lambda v: v.closed_at or v.starts_at
        )
        for visit, steps in zip(done, (3, 2, 1), strict=False):
            (invoice,) = self.connection.execute(
                "select id, total_minor from api.invoice_create(%s)", (visit.id,)
            ).fetchall()
            if steps > 1:
                self.connection.execute("select api.invoice_issue(%s)", (invoice.id,))
            if steps > 2:
                self.connection.execute(
                    "select api.payment_record(%s, %s, 'check', %s, 'Check 2217')",
                    (invoice.id, invoice.total_minor, self.diary.date),
                )

    def _tasks(self) -> None:
        now, day = self.diary.now, timedelta(days=1)
        estate = next(customer for customer in self.diary.customers if customer.name == "Longleaf Apartments")
        move = next(visit for visit in self.diary.ahead if visit.confirmation == "reschedule_requested")
        gap = next(visit for visit in self.diary.past if visit.gap)
        self.copy(
            "crm.task", "title, detail, ticket_id, contact_id, done_at, done_by, created_at, updated_at",
            (("A visit was closed with a gap", f"Note: {gap.gap}", gap.id, gap.customer.id, None, None, gap.closed_at, gap.closed_at),
             (*words.TASKS[0], None, estate.id, None, None, now - 4 * day, now - 4 * day),
             (*words.TASKS[1], None, None, now - day, self.office, now - 6 * day, now - day),
             (*words.TASKS[2], move.id, move.customer.id, None, None, now - day / 8, now - day / 8)),
        )  # fmt: skip
