"""Invoices: from a completed visit to paid."""

from datetime import date
from uuid import UUID

from quart import Blueprint, Response, g, request

from crm import db, forms, money, timezone
from crm.auth.middleware import after
from crm.forms import Form, refusals
from crm.render import render

blueprint = Blueprint("invoice", __name__)

PAGE = 50
LAST = UUID(int=2**128 - 1)
STATUSES = ("", "draft", "open", "overdue", "paid", "void")
METHODS = [
    ("check", "Check"),
    ("cash", "Cash"),
    ("card_elsewhere", "Card, on a reader"),
    ("bank_transfer", "Bank transfer"),
    ("other", "Other"),
]


@blueprint.get("/invoices")
async def index() -> Response:
    status = request.args.get("status", "")
    status = status if status in STATUSES else ""
    try:
        before = UUID(request.args.get("before", ""))
    except ValueError:
        before = LAST
    today = timezone.today(g.session.time_zone)
    invoices = await db.many("invoice_list", status=status, before=before, today=today)
    more = invoices[PAGE - 1].id if len(invoices) > PAGE else None
    return await render("invoice/index", invoices=invoices[:PAGE], status=status, statuses=STATUSES, more=more)


@blueprint.get("/invoices/<uuid:invoice_id>")
async def show(invoice_id: UUID) -> Response:
    invoice, lines, payments = await db.read(
        db.call("invoice_read", invoice_id=invoice_id),
        db.call("invoice_lines", invoice_id=invoice_id),
        db.call("invoice_payments", invoice_id=invoice_id),
    )
    today = timezone.today(g.session.time_zone)
    return await render(
        "invoice/show", invoice=invoice, lines=lines, payments=payments, today=today, methods=dict(METHODS)
    )


@blueprint.post("/tickets/<uuid:ticket_id>/invoice")
async def create(ticket_id: UUID) -> Response:
    """The draft of a completed visit; a second tap finds the first one's."""
    invoice = await db.one("invoice_create", ticket_id=ticket_id)
    return after(f"/invoices/{invoice.id}", "The draft is ready." if invoice.status == "draft" else None)


@blueprint.post("/invoices/<uuid:invoice_id>/issue")
async def issue(invoice_id: UUID) -> Response:
    invoice = await db.one("invoice_issue", invoice_id=invoice_id)
    return after(f"/invoices/{invoice_id}", f"Invoice {invoice.number} is issued.")


@blueprint.get("/invoices/<uuid:invoice_id>/void/new")
async def new_void(invoice_id: UUID) -> Response:
    await db.require("invoice_void")
    return await render("invoice/void", invoice=await db.one("invoice_read", invoice_id=invoice_id), form=Form())


@blueprint.post("/invoices/<uuid:invoice_id>/void")
@refusals(new_void)
async def void(invoice_id: UUID) -> Response:
    await db.one("invoice_void", invoice_id=invoice_id, reason=await forms.text("reason"))
    return after(f"/invoices/{invoice_id}", "The invoice is void.")


@blueprint.get("/invoices/<uuid:invoice_id>/payments/new")
async def new_payment(invoice_id: UUID) -> Response:
    await db.require("payment_record")
    invoice = await db.one("invoice_read", invoice_id=invoice_id)
    open_minor = invoice.total_minor - invoice.paid_minor
    form = Form(
        amount=money.plain(open_minor, g.session.currency), paid_on=timezone.today(g.session.time_zone), method="check"
    )
    return await render("invoice/payment", invoice=invoice, form=form, methods=METHODS)


@blueprint.post("/invoices/<uuid:invoice_id>/payments")
@refusals(new_payment)
async def create_payment(invoice_id: UUID) -> Response:
    amount = await forms.amount("amount")
    if amount is None:
        raise forms.refuse("amount", "Enter an amount.")
    try:
        paid_on = date.fromisoformat(await forms.text("paid_on") or "")
    except ValueError:
        raise forms.refuse("paid_on", "Enter a date such as 2026-11-23.") from None
    await db.one(
        "payment_record", invoice_id=invoice_id, amount_minor=amount, method=await forms.text("method"), paid_on=paid_on,
        reference=await forms.text("reference"),
    )  # fmt: skip
    return after(
        f"/invoices/{invoice_id}",
        f"{'A refund of ' if amount < 0 else ''}{money.show(abs(amount), g.session.currency)} was recorded.",
    )
