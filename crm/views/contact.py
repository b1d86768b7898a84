"""Contacts: the people and organisations that buy."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from quart import Blueprint, Response, g, request

from crm import db, forms, language, phones
from crm.auth.middleware import after
from crm.contact_filter import Filters, Part
from crm.forms import Form, refusals
from crm.render import render, wants_fragment
from crm.views import search, timeline

blueprint = Blueprint("contact", __name__)

PAGE = 20
METHODS = [("", "No preference"), ("call", "Call"), ("text", "Text message"), ("email", "E-mail")]
TIMES = [
    ("", "Any time"),
    ("morning", "Morning"),
    ("midday", "Midday"),
    ("afternoon", "Afternoon"),
    ("evening", "Evening"),
]
KINDS = [("person", "Person"), ("organisation", "Organisation")]
CONSENTS = [
    ("not_asked", "Not asked yet", "Reminders of booked visits are sent; outreach only with care."),
    ("given", "Said yes", "They like to hear from you when it is time again."),
    ("unsubscribed", "No messages", "Nothing unasked is sent, and what was planned is cancelled."),
]
LANGUAGES = [("", "They have not chosen"), *language.names()]
CHOICES = {"kinds": KINDS, "methods": METHODS, "times": TIMES, "languages": LANGUAGES}
FIELDS = (
    "kind",
    "name",
    "phone",
    "other_phone",
    "email",
    "preferred_method",
    "preferred_time",
    "language",
    "referred_by",
    "note",
)


@blueprint.get("/contacts")
async def index() -> Response:
    """The list by name, narrowed to what the address says, a page at a time; or who is found by what was typed."""
    filters = Filters.read(request.args)
    if not wants_fragment() and "" in request.args.values():  # a form without JavaScript sends its empty fields too
        return after(address(filters))
    return await listed(filters, request.args.get("after", ""))


async def listed(filters: Filters, start: str = "") -> Response:
    """The list of those who answer the filters, from a key on: the page, only the list, or only more rows."""
    role = g.session.role
    if not db.may(role, "invoice_list"):
        filters = replace(filters, owes="")
    after_key, _, after_id = start.rpartition("|")
    appended = wants_fragment() and after_id != ""
    only_list = wants_fragment() and request.headers.get("HX-Target", "").endswith("contacts")
    part = "_rows" if appended else "_list" if only_list else "index"
    shown: dict[str, Any] = {"services": [], "saved": [], "keys": []}
    calls = {"contacts": _page(filters, after_key=after_key.replace("\0", ""), after_id=_uuid(after_id))}
    if part == "index" or filters.service:
        calls["services"] = db.call("service_list", archived=True)
    if (part == "index" or filters.narrow) and db.may(role, "saved_list_names"):
        calls["saved"] = db.call("saved_list_names")
    if part == "index" and db.may(role, "attribute_keys"):
        calls["keys"] = db.call("attribute_keys")
    shown |= dict(zip(calls, await db.read(*calls.values()), strict=True))
    contacts, count = shown.pop("contacts"), 0
    if filters.narrow and not appended:
        count = len(contacts)
        if start or count > PAGE:
            count = await db.scalar("contact_filter_count", **filters.values())
    answer = await render(
        f"contact/{part}", **shown, contacts=contacts[:PAGE], filters=filters, count=count, appended=appended,
        more=f"{contacts[PAGE - 1].name_key}|{contacts[PAGE - 1].id}" if len(contacts) > PAGE else None,
        looser=await _looser(filters) if filters.narrow and not contacts else [],
    )  # fmt: skip
    if part == "_list":
        # Another filter is a step for Back; other words in the same one are not.
        before = Filters.of_query(urlsplit(request.headers.get("HX-Current-URL", "")).query)
        step = "Replace" if _names(before) == _names(filters) else "Push"
        answer.headers[f"HX-{step}-Url"] = address(filters)
    return answer


def address(filters: Filters) -> str:
    return f"/contacts?{filters.query}" if filters.query else "/contacts"


def _page(filters: Filters, **start: Any) -> db.Call:
    if filters.narrow:
        return db.call("contact_filter", **filters.values(), **start)
    if filters.q:
        return db.call("contact_search", q=filters.q, words=search.words(filters.q))
    return db.call("contact_list", **start)


async def _looser(filters: Filters) -> list[tuple[Part, int]]:
    """Which one filter to take away so that there is somebody, and how many there are then."""
    parts = filters.parts()
    without = [Filters.of_query(part.without).values() for part in parts]
    counts = await db.read(*(db.call("contact_filter_count", **values) for values in without))
    return [(part, count) for part, count in zip(parts, counts, strict=True) if count]


def _names(filters: Filters) -> list[str]:
    return [part.name for part in filters.parts() if part.name != "q"]


@blueprint.get("/contacts/<uuid:contact_id>")
async def show(contact_id: UUID) -> Response:
    desk = db.may(g.session.role, "contact_merges")
    contact, summary, addresses, attributes, keys, files, messages, entries, *of_the_desk = await db.read(
        db.call("contact_read", contact_id=contact_id),
        db.call("contact_summary", contact_id=contact_id),
        db.call("contact_addresses", contact_id=contact_id),
        db.call("contact_attributes", contact_id=contact_id),
        db.call("attribute_keys"),
        db.call("contact_files", contact_id=contact_id),
        db.call("contact_messages", contact_id=contact_id),
        db.call("contact_timeline", contact_id=contact_id, **timeline.start()),
        *(
            [db.call("contact_merges", contact_id=contact_id), db.call("contact_waitlist", contact_id=contact_id)]
            if desk
            else []
        ),
    )
    return await render(
        "contact/show", contact=contact, summary=summary, addresses=addresses, attributes=attributes, keys=keys,
        files=files, messages=messages, merges=of_the_desk[0] if desk else [], waiting=of_the_desk[1] if desk else [], **timeline.page(entries),
    )  # fmt: skip


@blueprint.get("/contacts/new")
async def new() -> Response:
    await db.require("contact_create")
    return await render("contact/new", form=Form(kind="person"), **CHOICES)


@blueprint.post("/contacts")
@refusals(new)
async def create() -> Response:
    """Add a contact and, when a street was given, the first address."""
    fields = await _fields()
    place = {name: await forms.text(name) for name in ("street", "city", "region", "postcode")}
    async with db.transaction() as tx:
        contact = await tx.run("contact_create", **fields)
        if any(place.values()):
            await tx.run("address_create", contact_id=contact.id, label=None, access_note=None, **place)
    return after(f"/contacts/{contact.id}", f"{contact.name} was added.")


@blueprint.get("/contacts/<uuid:contact_id>/edit")
async def edit(contact_id: UUID) -> Response:
    await db.require("contact_update")
    contact = await db.one("contact_read", contact_id=contact_id)
    return await render("contact/edit", contact=contact, form=Form(contact), **CHOICES)


@blueprint.post("/contacts/<uuid:contact_id>")
@refusals(edit)
async def update(contact_id: UUID) -> Response:
    contact = await db.one("contact_update", contact_id=contact_id, **await _fields())
    return after(f"/contacts/{contact_id}", f"{contact.name} was saved.")


@blueprint.post("/contacts/<uuid:contact_id>/archive")
async def archive(contact_id: UUID) -> Response:
    """Take the contact off the list, or put it back."""
    archived = await forms.flag("archived")
    contact = await db.one("contact_archive", contact_id=contact_id, archived=archived)
    return after(f"/contacts/{contact_id}", f"{contact.name} was {'archived' if archived else 'put back on the list'}.")


@blueprint.get("/contacts/<uuid:contact_id>/consent")
async def edit_consent(contact_id: UUID) -> Response:
    await db.require("contact_consent")
    contact = await db.one("contact_read", contact_id=contact_id)
    return await render("contact/consent", contact=contact, form=Form(contact), consents=CONSENTS)


@blueprint.post("/contacts/<uuid:contact_id>/consent")
@refusals(edit_consent)
async def update_consent(contact_id: UUID) -> Response:
    """Whether they want to hear from us unasked."""
    contact = await db.one("contact_consent", contact_id=contact_id, consent=await forms.text("consent"))
    return after(f"/contacts/{contact_id}", f"Noted for {contact.name}.")


async def _fields() -> dict[str, str | None]:
    fields = {name: await forms.text(name) for name in FIELDS}
    zone = g.session.time_zone
    return fields | {
        "phone_e164": phones.e164(fields["phone"], zone),
        "other_e164": phones.e164(fields["other_phone"], zone),
    }


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
