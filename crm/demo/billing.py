"""Two years of lines, invoices and payments: amounts by internal.line_amounts, numbers without a gap."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from crm.demo.book import Book, copy
from crm.demo.people import uuid7
from crm.demo.visit import Visit

STAGE = """
create temp table demo_invoice (id uuid primary key, ticket_id uuid, contact_id uuid, issued_at timestamptz, issued_on date,
    draft boolean, voided_at timestamptz, void_reason text, updated_at timestamptz) on commit drop;
create temp table demo_payment (id uuid, invoice_id uuid, at timestamptz, paid_on date, share numeric, method text,
    reference text) on commit drop
"""
LINES = """
insert into crm.line_item (business_id, id, ticket_id, service_id, position, name, pricing, unit_label, quantity, unit_price_minor,
    tax_basis_points, price_confirmed, net_minor, tax_minor, total_minor, created_at, updated_at)
select b.business_id, l.id, l.ticket_id, s.id, l.position, s.name, s.pricing, s.unit_label, l.quantity, p.price, p.tax,
    l.confirmed, a.net_minor, a.tax_minor, a.total_minor, l.at, l.at
from demo_line l
join crm.service s on s.id = l.service_id and s.business_id = %(business)s
join crm.business b on b.business_id = s.business_id
cross join lateral (select coalesce(l.price, s.price_minor) as price, coalesce(s.tax_basis_points, b.tax_basis_points) as tax) p
cross join lateral internal.line_amounts(l.quantity, p.price, p.tax, b.prices_include_tax) a
"""
INVOICE_LINES = """
insert into crm.line_item (business_id, invoice_id, service_id, position, name, pricing, unit_label, quantity, unit_price_minor,
    tax_basis_points, net_minor, tax_minor, total_minor, created_at, updated_at)
select l.business_id, i.id, l.service_id, l.position, l.name, l.pricing, l.unit_label, l.quantity, l.unit_price_minor,
    l.tax_basis_points, l.net_minor, l.tax_minor, l.total_minor, i.issued_at, i.issued_at
from demo_invoice i join crm.line_item l on l.business_id = %(business)s and l.ticket_id = i.ticket_id
"""
INVOICES = """
with owed as (
    select l.invoice_id, sum(l.net_minor) as net, sum(l.tax_minor) as tax, sum(l.total_minor) as total
    from crm.line_item l where l.business_id = %(business)s and l.invoice_id is not null group by l.invoice_id
), paid as (
    select o.invoice_id, coalesce(round(o.total * max(p.share)), 0) as paid
    from owed o left join demo_payment p on p.invoice_id = o.invoice_id group by o.invoice_id, o.total
)
insert into crm.invoice (business_id, id, contact_id, ticket_id, number, status, currency, prices_include_tax, net_minor, tax_minor,
    total_minor, paid_minor, issued_on, due_on, bill_to_name, bill_to_address, voided_at, void_reason, created_at, updated_at)
select b.business_id, i.id, i.contact_id, i.ticket_id,
    case when not i.draft then row_number() over (partition by i.draft order by i.issued_at, i.id) end,
    case when i.draft then 'draft' when i.voided_at is not null then 'void' when p.paid >= o.total then 'paid'
         when p.paid > 0 then 'partial' else 'sent' end,
    b.currency, b.prices_include_tax, o.net, o.tax, o.total, p.paid,
    case when not i.draft then i.issued_on end, case when not i.draft then i.issued_on + b.payment_terms_days end,
    case when not i.draft then c.name end, case when not i.draft then (
        select concat_ws(', ', a.street, a.city, a.region, a.postcode) from crm.ticket t
        join crm.address a on a.business_id = t.business_id and a.id = t.address_id
        where t.business_id = b.business_id and t.id = i.ticket_id) end,
    i.voided_at, i.void_reason, i.issued_at, i.updated_at
from demo_invoice i join crm.business b on b.business_id = %(business)s
join crm.contact c on c.business_id = b.business_id and c.id = i.contact_id
join owed o on o.invoice_id = i.id join paid p on p.invoice_id = i.id
"""
PAYMENTS = """
insert into crm.payment (business_id, id, invoice_id, amount_minor, method, paid_on, reference, member_id, created_at)
select i.business_id, p.id, p.invoice_id,
    round(i.total_minor * p.share) - coalesce(lag(round(i.total_minor * p.share)) over (partition by i.id order by p.share), 0),
    p.method, p.paid_on, p.reference, %(office)s, p.at
from demo_payment p join crm.invoice i on i.business_id = %(business)s and i.id = p.invoice_id
"""
COUNTER = """
update crm.counter set value = (select count(number) from crm.invoice where business_id = %(business)s)
where business_id = %(business)s and name = 'invoice'
"""


@dataclass
class Invoice:
    id: UUID
    visit: Visit
    issued_at: datetime
    draft: bool = False
    voided_at: datetime | None = None
    void_reason: str | None = None
    payments: list[tuple[datetime, float, str, str | None]] = field(default_factory=list)  # share: paid so far


class Billing(Book):
    """Bills what was done, in the order it was done in."""

    def write(self, done: Sequence[Visit]) -> None:
        values = {"business": self.business, "office": self.office}
        invoices = self._bill(done)
        self.connection.execute(STAGE)
        self.stage_lines(self.diary.past)
        copy(
            self.connection, "demo_invoice",
            "id, ticket_id, contact_id, issued_at, issued_on, draft, voided_at, void_reason, updated_at",
            ((i.id, i.visit.id, i.visit.customer.id, i.issued_at, i.issued_at.astimezone(self.diary.zone).date(), i.draft,
              i.voided_at, i.void_reason, max([i.voided_at or i.issued_at, *(p[0] for p in i.payments)])) for i in invoices),
        )  # fmt: skip
        copy(
            self.connection, "demo_payment", "id, invoice_id, at, paid_on, share, method, reference",
            ((uuid7(at, self.chance), i.id, at, at.astimezone(self.diary.zone).date(), share, method, reference)
             for i in invoices for at, share, method, reference in i.payments),
        )  # fmt: skip
        self.connection.execute("analyze demo_line, demo_invoice, demo_payment, crm.contact, crm.address, crm.ticket")
        for statement in (LINES, INVOICE_LINES, INVOICES, PAYMENTS, COUNTER):
            self.connection.execute(statement, values)

    def _bill(self, done: Sequence[Visit]) -> list[Invoice]:
        """Most are paid; the last two are drafts still; five are overdue, one of them half paid; one was void."""
        chance, now = self.chance, self.diary.now

        def between(first: int, last: int) -> list[Visit]:
            return [visit for visit in done if first <= (now - visit.starts_at).days <= last and visit.customer is not self.diary.customers[0]
                    and not visit.customer.is_shop and any(line.price != 0 for line in visit.lines)]  # fmt: skip

        overdue = {visit.id for visit in chance.sample(between(24, 75), 5)}
        half_paid = min(overdue)
        mistaken = next(visit for visit in between(45, 120) if visit.id not in overdue)
        invoices = []
        for number, visit in enumerate(done):
            assert visit.closed_at
            at = min(visit.closed_at + timedelta(minutes=chance.randint(2, 200)), now - timedelta(seconds=50))
            invoice = Invoice(uuid7(at, chance), visit, at, draft=number >= len(done) - 2)
            invoices.append(invoice)
            if visit is mistaken:
                invoice.voided_at = at + timedelta(hours=20)
                invoice.void_reason = "Sent to the wrong address, made again"
                at = at + timedelta(hours=20, minutes=4)
                invoice = Invoice(uuid7(at, chance), visit, at)
                invoices.append(invoice)
            if invoice.draft or all(line.price == 0 for line in visit.lines):
                continue
            if visit.id not in overdue:
                invoice.payments = self._payments(visit, at)
            elif visit.id == half_paid:
                invoice.payments = [(at + timedelta(days=3), 0.5, "check", f"Check {chance.randint(1001, 6400)}")]
        return invoices

    def _payments(self, visit: Visit, at: datetime) -> list[tuple[datetime, float, str, str | None]]:
        """At the door, or within the terms; big ones in two halves. What would be paid later is not paid yet."""
        chance, organisation = self.chance, visit.customer.kind == "organisation"
        days = [chance.randint(4, 13)] if organisation else [0 if chance.random() < 0.6 else chance.randint(2, 13)]
        if organisation and not visit.customer.is_shop and chance.random() < 0.4:
            days = [2, chance.randint(8, 13)]
        payments = []
        for number, wait in enumerate(days, 1):
            method = chance.choices(
                ("check", "cash", "card_elsewhere", "bank_transfer"),
                (30, 2, 8, 60) if organisation else (42, 22, 28, 8),
            )[0]
            reference = {
                "check": f"Check {chance.randint(1001, 6400)}",
                "bank_transfer": f"ACH {chance.randint(10_000, 99_999)}",
            }.get(method)
            paid_at = at + timedelta(days=wait, minutes=chance.randint(1, 45))
            if paid_at < self.diary.now:
                payments.append((paid_at, number / len(days), method, reference))
        return payments
