"""Today and the weeks ahead, booked and worked like anybody's: through every trigger, by the people themselves."""

from collections.abc import Sequence
from datetime import timedelta
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
        for number, member in enumerate(self.crew):
            self._act_as(member, "technician")
            self._work([visit for visit in self.diary.today if visit.crew == (number,) and visit.clocked_in_at], member)
        self._act_as(self.office, "office")
        self._bill()
        self._act_as(self.owner, "owner")
        self._tasks()

    def _act_as(self, member: UUID, role: str) -> None:
        self.connection.execute("select internal.act_as(%s, %s, %s, 'web')", (self.business, member, role))

    def _book(self, visits: Sequence[Visit]) -> None:
        self.copy(
            "crm.ticket",
            "id, contact_id, address_id, confirmation, starts_at, ends_at, busy_until, instructions, created_at, updated_at",
            [(v.id, v.customer.id, v.place.id, v.confirmation, v.starts_at, v.ends_at, v.ends_at, v.instructions, v.made_at, v.made_at)
             for v in visits],
        )  # fmt: skip
        self.copy(
            "crm.assignment", "ticket_id, member_id, starts_at, busy_until, blocks_time, created_at",
            [(v.id, self.crew[who], v.starts_at, v.ends_at, True, v.made_at) for v in visits for who in v.crew],
        )  # fmt: skip
        self.stage_lines(visits)
        self.connection.execute(LINES, (self.business,))

    def _work(self, visits: Sequence[Visit], member: UUID) -> None:
        """Clock in, answer, complete: the rules would have it in no other order."""
        done = [visit for visit in visits if visit.status == "completed"]
        for statement, some in ((START, visits), (COMPLETE, done)):
            for visit in some:
                self.connection.execute(
                    statement,
                    {"business": self.business, "ticket": visit.id, "member": member, "note": visit.note, "closed_at": visit.closed_at,
                     "clocked_in_at": visit.clocked_in_at, "clocked_out_at": visit.clocked_out_at, "clock_reason": visit.clock_reason},
                )  # fmt: skip
            if statement is START:
                self.close_outs(visits)
                self.messages(done)

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
        now = self.diary.now
        complex_ = next(c for c in self.diary.customers if c.name == "Longleaf Apartments")
        move = next(visit for visit in self.diary.ahead if visit.confirmation == "reschedule_requested")
        gaps = [visit for visit in self.diary.past if visit.gap]
        rows: list[tuple[object, ...]] = [
            (
                "A visit was closed with a gap",
                f"Note: {v.gap}",
                v.id,
                v.customer.id,
                None,
                None,
                v.closed_at,
                v.closed_at,
            )
            for v in gaps
        ]
        day, hours = timedelta(days=1), timedelta(hours=3)
        rows += [
            (*words.TASKS[0], None, complex_.id, None, None, now - 4 * day, now - 4 * day),
            ("Find another day", "The customer answered the confirmation: afternoons only that week.", move.id, move.customer.id,
             None, None, now - hours, now - hours),
            (*words.TASKS[1], None, None, now - day, self.office, now - 6 * day, now - day),
        ]  # fmt: skip
        self.copy("crm.task", "title, detail, ticket_id, contact_id, done_at, done_by, created_at, updated_at", rows)
