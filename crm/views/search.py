"""Everything, found by what is typed: people, visits, invoices, the catalogue, and what one may do."""

from typing import Any, NamedTuple
from uuid import UUID

from quart import Blueprint, Response, g, request

from crm import db
from crm.render import render, wants_fragment

blueprint = Blueprint("search", __name__)


class Action(NamedTuple):
    """A place to go to by its name; `action` is what one must be allowed to do."""

    label: str
    icon: str
    url: str
    action: str
    also: str = ""  # other words for it


ACTIONS = (
    Action("New contact", "user-plus", "/contacts/new", "contact_create", "add customer client person"),
    Action("Book a visit", "calendar-plus", "/tickets/new", "ticket_create", "new ticket appointment job"),
    Action("Write a note", "file-text", "/notes/new", "note_add", "add note"),
    Action("Facts about contacts", "tag", "/settings/attributes", "attribute_key_list", "attributes fields"),
    Action("Today's visits", "calendar", "/calendar/day", "calendar_day", "calendar board schedule"),
    Action("This week", "calendar-days", "/calendar/week", "calendar_week", "calendar board schedule technicians"),
    Action("This month", "calendar-days", "/calendar/month", "calendar_month", "calendar overview"),
    Action("My day", "calendar", "/day", "ticket_day", "today visits clock in route"),
    Action("All contacts", "users", "/contacts", "contact_list", "customers clients people"),
    Action("Duplicate contacts", "users", "/duplicates", "duplicate_pairs", "merge twice double same"),
    Action("Import customers", "upload", "/imports", "contact_import_list", "contacts csv vcard file upload move in spreadsheet"),
    Action("Waitlist", "inbox", "/waitlist", "waitlist_list", "who waits free times cancelled sooner offer"),
    Action("Put somebody on the waitlist", "inbox", "/waitlist/new", "waitlist_entry_create", "add new wait sooner"),
    Action("Invoices", "receipt", "/invoices", "invoice_list", "money unpaid bills"),
    Action("Overdue invoices", "triangle-alert", "/invoices?status=overdue", "invoice_list", "unpaid late money"),
    Action("Services and prices", "list-checks", "/services", "service_create", "catalogue catalog products"),
    Action("New service", "plus", "/services/new", "service_create", "add catalogue product price"),
    Action("Invite somebody", "user-plus", "/settings/members/new", "member_invite", "new member technician office team"),
    Action("Working hours", "clock", "/settings/hours", "working_hours_set", "week opening time off holiday vacation"),
    Action("Time off", "sun-dim", "/time-off/new", "time_off_add", "holiday vacation sick away closed"),
    Action("People", "user", "/settings/members", "member_list", "members team technicians staff"),
    Action("Export everything", "inbox", "/exports", "data_export_create", "download backup take away csv json"),
    Action("Settings", "settings", "/settings", "business_update", "business tax zone name"),
    Action("Calendar on your phone", "calendar-days", "/settings/feeds", "feed_make", "feed ical ics webcal subscribe google apple outlook"),
    Action("My sign-in", "key-round", "/auth/business", "member_arrive", "sign out account business switch"),
)  # fmt: skip


def typed() -> str:
    """What is in the box, as far as it can be looked for."""
    return request.args.get("q", "").replace("\0", "").strip()[:100]


def words(q: str) -> list[str]:
    """The words by which a result shows why it was found."""
    return [word for word in q.lower().replace(":", " ").split() if len(word) > 1][:6]


def contacts_for(q: str) -> db.Call:
    """The contacts to choose from: those who are found, or the first of the list while nothing is typed."""
    if q:
        return db.call("contact_search", q=q, words=words(q))
    return db.call("contact_list", after_key="", after_id=UUID(int=0))


@blueprint.get("/search")
async def index() -> Response:
    """Whatever has these words; for an empty box, what one may do."""
    q = typed()
    role = g.session.role
    found: dict[str, list[Any]] = {"contacts": [], "visits": [], "notes": [], "invoices": [], "services": []}
    if q:
        calls = {"contacts": db.call("contact_search", q=q, words=words(q))}
        if len(q) > 2 and words(q):
            calls["visits"] = db.call("ticket_search", q=q, words=words(q))
            calls["notes"] = db.call("note_search", q=q, words=words(q))
        number = q.lower().removeprefix("invoice").lstrip(" #").strip()
        if number.isascii() and number.isdigit() and len(number) < 10 and db.may(role, "invoice_search"):
            calls["invoices"] = db.call("invoice_search", number=int(number))
        if db.may(role, "service_search"):
            calls["services"] = db.call("service_search", q=q)
        found |= dict(zip(calls, await db.read(*calls.values()), strict=True))
    actions = [each for each in ACTIONS if db.may(role, each.action) and _means(each, q.lower())]
    target = request.headers.get("HX-Target", "").rpartition("#")[2] if wants_fragment() else ""
    part = {"palette": "_palette", "palette-results": "_results", "search-results": "_results"}.get(target, "index")
    results = "palette-results" if target.startswith("palette") else "search-results"
    return await render(f"search/{part}", results=results, q=q, actions=actions[:4] if q else actions, **found)


def _means(action: Action, q: str) -> bool:
    """Whether every word that was typed begins a word of the action."""
    known = f"{action.label} {action.also}".lower().split()
    return all(any(word.startswith(part) for word in known) for part in q.split())
