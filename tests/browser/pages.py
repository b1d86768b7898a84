"""Every page of the application, in each of its states: who opens it, at which address, with what in the form.

`stage` makes what the addresses name, as people would: by calling the functions of the API.
"""

import io
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from PIL import Image
from playwright.async_api import BrowserContext

from crm import files
from crm.auth import link
from crm.auth.session import Sessions
from crm.clients import valkey
from crm.clients.email import Mail, Outbox
from crm.context import Signer
from tests.conftest import GUTTERS, PANES, PEOPLE, RIVAL, STOREFRONT, TIDY, Person, become

ZONES = {TIDY: ("Tidy Windows", "America/Chicago", "USD"), RIVAL: ("Rival Panes", "Europe/London", "GBP")}
BROWSER = "a-browser-that-has-been-here-before-and-asked-for-a-code"  # the cookie of visitors
ELSEWHERE = "the words of a link that was asked for in another browser"
LONG = "x" * 301

# Run in every page: what the content security policy refuses is said in the console.
WATCH = """addEventListener("securitypolicyviolation", event =>
  console.error(`Content Security Policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`))"""

# What a GET may answer with that nobody looks at.
NOT_PAGES = {
    "feed.show",
    "file.show",
    "file.thumbnail",
    "data_export.download",
    "calendar.version",
    "free_slot.index",
    "static.show",
    "static.favicon",
    "static.worker",
    "offline.token",
    "health.live",
    "health.ready",
    "health.show",
    "metrics.show",
    "home.index",
    "contact_import.sample",
    "contact_import.failures",
    "customer.calendar",
    "waitlist_link.calendar",
}


@dataclass(frozen=True)
class Page:
    """`name` is the endpoint, then the state. With a form it is the answer to a POST."""

    name: str
    who: str | None
    path: str
    status: int = 200
    form: dict[str, str] = field(default_factory=dict)
    before: str = ""  # a script that opens something

    @property
    def endpoint(self) -> str:
        return self.name.partition(":")[0]

    def url(self, made: dict[str, Any]) -> str:
        return self.path.format(**made)

    def filled(self, made: dict[str, Any]) -> dict[str, str]:
        return {name.format(**made): value.format(**made) for name, value in self.form.items()}


def refused(name: str, who: str | None, path: str, /, **form: str) -> Page:
    """A form that a rule sends back."""
    return Page(name, who, path, 422, form or {"nothing": "at all"})


def _times(starts_at: str = "{soon}", hours: str = "1:00", **more: str) -> dict[str, str]:
    return {"starts_at": starts_at, "hours": hours, **more}


SERVICE = {"kind": "service", "name": "Skylights", "pricing": "fixed", "price": "10", "duration_minutes": "10"}
BUSINESS = {"name": "Tidy Windows", "time_zone": "America/Chicago", "tax": "8.25", "payment_terms_days": "14", "travel_buffer_minutes": "0", "language": "en"}  # fmt: skip
SIGN_UP = {"business_name": "Bright", "name": "Bea", "email": "bea@bright.test", "time_zone": "Europe/London", "currency": "GBP"}  # fmt: skip
SERIES = {"scope": "all", "starts_at": "{soon}", "hours": "1:00", "unit": "week", "every": "4", "member_ids": "{tess}"}
CLOCK = {"clocked_in_at": "{clocked_in}", "clocked_out_at": "{clocked_out}"}
MORE = "document.querySelector('#more').showPopover()"
SORRY = "dispatchEvent(new CustomEvent('toast', {detail: {text: 'No connection. Nothing was saved.', kind: 'bad'}}))"

PAGES = (
    # Signing in
    Page("sign_in.new", None, "/login"),
    refused("sign_in.new: not an address", None, "/auth/request", email="nobody"),
    Page("sign_in.new_business", None, "/signup"),
    refused("sign_in.new_business: not an address", None, "/signup", **SIGN_UP | {"email": "bea"}),
    refused("sign_in.new_business: no name", None, "/signup", **SIGN_UP | {"name": ""}),
    refused("sign_in.new_business: a nameless business", None, "/signup", **SIGN_UP | {"business_name": ""}),
    refused("sign_in.new_business: nowhere", None, "/signup", **SIGN_UP | {"time_zone": "Nowhere"}),
    refused("sign_in.new_business: no money", None, "/signup", **SIGN_UP | {"currency": "gold"}),
    Page("sign_in.code", None, "/auth/code"),
    refused("sign_in.code: wrong", None, "/auth/verify", code="000000"),
    Page("sign_in.verify", None, "/auth/verify?token=unspent"),
    Page("sign_in.verify: too late", None, "/auth/verify", form={"token": "spent"}),
    Page("sign_in.verify: in another browser", None, "/auth/verify", form={"token": ELSEWHERE}),
    Page("session.edit", "technician", "/auth/business"),
    Page("feed.index", "colleague", "/settings/feeds"),
    Page("feed.index: just made", "technician", "/settings/feeds", form={"nothing": "at all"}),
    Page("feed.index: to the desk", "office", "/settings/feeds"),
    Page("feed.index: just made for the business", "owner", "/settings/feeds/business", form={"nothing": "at all"}),
    Page("outbox.index", None, "/outbox"),
    Page("outbox.index: as a member", "owner", "/outbox"),
    # The day
    Page("day.show", "technician", "/day"),
    Page("day.show: one under way", "technician", "/day?date={busy_day}"),
    Page("day.show: one to start", "technician", "/day?date={next_day}"),
    Page("day.show: nothing", "technician", "/day?date=2031-01-01"),
    Page("day.show: with more open", "technician", "/day?date={busy_day}", before=MORE),
    Page("calendar.day", "office", "/calendar/day"),
    Page("calendar.day: a full day", "office", "/calendar/day?date={busy_day}"),
    Page("calendar.day: nothing", "office", "/calendar/day?date=2031-01-01"),
    Page("calendar.day: narrowed", "office", "/calendar/day?date={busy_day}&status=scheduled&city=Madison"),
    Page("calendar.day: just moved", "office", "/calendar/day?date={slip_day}&moved={slipped}"),
    Page("calendar.week: just moved", "office", "/calendar/week?date={slip_day}&moved={slipped}"),
    Page("calendar.sheet", "office", "/calendar/sheet?date={busy_day}"),
    Page("calendar.sheet: nothing", "owner", "/calendar/sheet?date=2031-01-01"),
    Page("calendar.week", "office", "/calendar/week?date={busy_day}"),
    Page("calendar.week: nothing", "office", "/calendar/week?date=2031-01-01"),
    Page("calendar.month", "office", "/calendar/month?date={busy_day}"),
    Page("move.edit", "office", "/tickets/{planned}/move"),
    refused("move.edit: no such time", "office", "/tickets/{planned}/move", date="1000-01-01", time="25:00"),
    Page("working_hours.index", "office", "/settings/hours"),
    Page("working_hours.edit", "office", "/settings/hours/edit"),
    refused("working_hours.edit: backwards", "office", "/settings/hours/edit", **{"works-1": "1", "from-1": "17:00", "until-1": "08:00"}),
    Page("working_hours.edit_member", "office", "/settings/hours/{technician}"),
    Page("time_off.new", "office", "/time-off/new"),
    refused("time_off.new: backwards", "office", "/time-off", first_on="2031-01-02", last_on="2031-01-01"),
    Page("calendar.day: with more open", "owner", "/calendar/day", before=MORE),
    Page("calendar.day: with bad news", "owner", "/calendar/day", before=SORRY),
    Page("offline.show", "technician", "/offline"),
    Page("offline.index", "technician", "/offline/queue"),
    # Contacts
    Page("contact.index", "office", "/contacts"),
    Page("contact.index: of a technician", "technician", "/contacts"),
    Page("search.index", "office", "/search"),
    Page("search.index: found", "office", "/search?q=featherston"),
    Page("search.index: by digits", "technician", "/search?q=0142"),
    Page("search.index: nothing found", "office", "/search?q=zzzz"),
    Page("duplicate.index", "office", "/contacts/duplicates?name=Margaret+Featherstonehaugh-Montgomery&phone=2565550142"),
    Page("duplicate.review", "office", "/duplicates"),
    Page("duplicate.review: the end", "office", "/duplicates?after=0|00000000-0000-7000-8000-000000000000|00000000-0000-7000-8000-000000000000"),
    Page("merge.who", "office", "/contacts/{contact}/merge"),
    Page("merge.who: nobody", "office", "/contacts/{contact}/merge?q=zzzz"),
    refused("merge.who: no choice", "office", "/contacts/{contact}/merges", other_id=""),
    Page("merge.new", "office", "/contacts/{contact}/merge/{twin}"),
    Page("merge.new: the other way round, alike", "office", "/contacts/{bare}/merge/{archived}"),
    Page("merge.new: said to be two", "office", "/contacts/{bare}/merge/{denied}"),
    refused("merge.new: not known", "office", "/contacts/{contact}/merges", other_id="{twin}", age="that"),
    Page("merge.show", "office", "/merges/{merge}"),
    Page("merge.show: undone", "office", "/merges/{undone}"),
    refused("merge.show: undone already", "office", "/merges/{undone}/undo"),
    Page("merge.show: changed since", "office", "/merges/{changed}"),
    refused("merge.show: refused to undo", "office", "/merges/{changed}/undo"),
    Page("ticket.new: who is it for", "office", "/tickets/new?date=2026-12-01"),
    Page("contact.index: nobody found", "office", "/contacts?q=zzzz"),
    Page("contact.index: narrowed", "office", "/contacts?place=35758&fact=pet:+cat&quiet=60&kind=person&q=marg"),
    Page("contact.index: narrowed to some", "office", "/contacts?place=madison&fact=pet&service={panes}&visited_from=2020-01-01"),
    Page("contact.index: narrowed, to a technician", "technician", "/contacts?place=madison"),
    Page("contact.index: narrowed to nobody", "office", "/contacts?place=35758&fact=pet:+zebra&owes=overdue"),
    Page("contact.index: a saved list", "office", "/contacts?place=35758&owes=1"),
    Page("saved_list.new", "office", "/contacts/lists/new?place=35758&fact=pet:+cat&quiet=6&visited_to=2026-01-31&service={panes}"),
    refused("saved_list.new: no name", "office", "/contacts/lists", name="", query="place=35758"),
    refused("saved_list.new: a long name", "office", "/contacts/lists", name=LONG, query="place=35758"),
    refused("saved_list.new: everybody", "office", "/contacts/lists", name="Everybody", query=""),
    Page("contact.show", "office", "/contacts/{contact}"),
    Page("contact.show: to a technician", "technician", "/contacts/{contact}"),
    Page("contact.show: on the waitlist", "office", "/contacts/{vera}"),
    Page("contact.show: with little known", "office", "/contacts/{bare}"),
    Page("contact.show: archived", "office", "/contacts/{archived}"),
    Page("contact.show: merged with another", "office", "/contacts/{stays}"),
    Page("contact.show: merged into another", "office", "/contacts/{gone}"),
    Page("contact.show: merged into another, to a technician", "technician", "/contacts/{gone}"),
    Page("contact.new", "office", "/contacts/new"),
    refused("contact.new: no name", "office", "/contacts", name="", kind="person"),
    refused("contact.new: not a phone", "office", "/contacts", name="Nell", phone="none", kind="person"),
    refused("contact.new: not an address", "office", "/contacts", name="Nell", email="nell", kind="person"),
    refused("contact.new: a long note", "office", "/contacts", name="Nell", note="x" * 9000, kind="person"),
    Page("contact.edit", "office", "/contacts/{contact}/edit"),
    refused("contact.edit: no name", "office", "/contacts/{contact}", name=""),
    refused("contact.edit: merged into another", "office", "/contacts/{gone}", name="Another", kind="person"),
    Page("address.new", "office", "/contacts/{contact}/addresses/new"),
    refused("address.new: no street", "office", "/contacts/{contact}/addresses", street=""),
    refused("address.new: a long way in", "office", "/contacts/{contact}/addresses", street="1 Elm", access_note="x" * 9000),
    Page("address.edit", "office", "/addresses/{address}/edit"),
    refused("address.edit: no street", "office", "/addresses/{address}", street=""),
    Page("attribute.new", "technician", "/contacts/{contact}/attributes/new"),
    refused("attribute.new: nothing", "technician", "/contacts/{contact}/attributes", key="", value=""),
    refused("attribute.new: not true", "technician", "/contacts/{contact}/attributes", key="pet", value=""),
    refused("attribute.new: not a word", "technician", "/contacts/{contact}/attributes", key="?", value="a cat"),
    refused("attribute.new: no such kind", "technician", "/contacts/{contact}/attributes", key="colour", value="red", kind="shade"),
    Page("attribute.edit", "technician", "/attributes/{fact}/edit"),
    Page("attribute.edit: a number", "office", "/attributes/{number}/edit"),
    Page("attribute.edit: yes or no", "office", "/attributes/{yes_no}/edit"),
    Page("attribute.edit: a date", "office", "/attributes/{date}/edit"),
    Page("attribute.edit: a list", "office", "/attributes/{list}/edit"),
    refused("attribute.edit: not a number", "office", "/contacts/{contact}/attributes", key="panes", value="many", attribute_id="{number}"),
    Page("attribute.show", "office", "/attributes/{fact}"),
    Page("attribute.show: from a note", "office", "/attributes/{confirmed}"),
    Page("attribute_key.index", "office", "/settings/attributes"),
    Page("attribute_key.edit", "office", "/settings/attributes/{pet_key}"),
    refused("attribute_key.edit: not a name", "office", "/settings/attributes/{pet_key}", key="?", kind="text", section="people"),
    refused("attribute_key.edit: not of that kind", "office", "/settings/attributes/{pet_key}", key="pet", kind="number", section="people"),
    refused("attribute_key.edit: no such heading", "office", "/settings/attributes/{pet_key}", key="pet", kind="text", section="attic"),
    Page("note.who", "technician", "/notes/new"),
    Page("note.who: nobody", "technician", "/notes/new?q=zzzz"),
    Page("note.new", "technician", "/contacts/{contact}/notes/new"),
    refused("note.new: no words", "technician", "/contacts/{contact}/notes", body=" "),
    Page("note.new_for_ticket", "technician", "/tickets/{closed}/notes/new"),
    refused("note.new_for_ticket: too many words", "technician", "/tickets/{closed}/notes/new", body="x" * 4001),
    Page("note.edit", "technician", "/notes/{note}/edit"),
    Page("note.edit: with its history", "office", "/notes/{edited}/edit"),
    refused("note.edit: no words", "office", "/notes/{note}", body=""),
    refused("note.edit: somebody else's", "technician", "/notes/{edited}", body="Mine now"),
    Page("timeline.index", "technician", "/contacts/{contact}/timeline"),
    Page("timeline.index: the end", "office", "/contacts/{bare}/timeline"),
    Page("file.index", "technician", "/contacts/{contact}/files"),
    Page("file.index: none", "office", "/contacts/{bare}/files"),
    refused("file.index: none chosen", "office", "/contacts/{contact}/files"),
    refused("file.index: none chosen at a visit", "technician", "/tickets/{closed}/files"),
    Page("file.edit", "technician", "/files/{photo}/edit"),
    Page("file.edit: a document", "office", "/files/{document}/edit"),
    Page("privacy.show", "owner", "/contacts/{contact}/privacy"),
    Page("privacy.show: to the office", "office", "/contacts/{contact}/privacy"),
    refused("privacy.show: another name", "owner", "/contacts/{contact}/erasure", name="Somebody else"),
    refused("privacy.show: a visit ahead", "owner", "/contacts/{contact}/erasure", name="Margaret Featherstonehaugh-Montgomery"),
    Page("contact.show: erased", "office", "/contacts/{erased}"),
    Page("contact.edit_consent", "office", "/contacts/{contact}/consent"),
    refused("contact.edit_consent: no choice", "office", "/contacts/{contact}/consent", consent="perhaps"),
    # Moving in
    Page("contact_import.index", "office", "/imports"),
    Page("contact_import.new", "office", "/imports/new"),
    refused("contact_import.new: no file", "office", "/imports"),
    Page("contact_import.show: to look over", "office", "/imports/{moving}"),
    Page("contact_import.show: forty columns", "office", "/imports/{wide_file}"),
    refused("contact_import.show: no name", "office", "/imports/{moving}/start", **{"column-0": "", "column-1": "phone", "column-2": "", "column-3": ""}, duplicates="skip"),
    refused("contact_import.show: no such place", "office", "/imports/{moving}", **{"column-0": "attic"}, duplicates="skip"),
    refused("contact_import.show: no choice", "office", "/imports/{moving}", **{"column-0": "name", "column-1": "", "column-2": "", "column-3": ""}, duplicates="perhaps"),
    Page("contact_import.show: on its way", "office", "/imports/{moving_now}"),
    Page("contact_import.show: done", "office", "/imports/{moved}"),
    Page("contact_import.show: undone", "office", "/imports/{moved_back}"),
    Page("contact_import.new_undo", "owner", "/imports/{moved}/undo"),
    refused("contact_import.new_undo: nothing to undo", "office", "/imports/{moving}/undo"),
    # Visits
    Page("ticket.new", "office", "/tickets/new?contact={contact}"),
    Page("ticket.new: for somebody who waits", "office", "/tickets/new?contact={waits}"),
    refused("ticket.new: double booked", "office", "/tickets/new?contact={contact}", contact_id="{contact}", member_ids="{tess}", **_times()),
    refused("ticket.new: no time", "office", "/tickets/new?contact={contact}", contact_id="{contact}", **_times("")),
    refused("ticket.new: not an hour", "office", "/tickets/new?contact={contact}", contact_id="{contact}", **_times(hours="long")),
    refused("ticket.new: over before it begins", "office", "/tickets/new?contact={contact}", contact_id="{contact}", **_times(hours="0:00")),
    refused("ticket.new: days long", "office", "/tickets/new?contact={contact}", contact_id="{contact}", **_times(hours="48")),
    refused("ticket.new: long words", "office", "/tickets/new?contact={contact}", contact_id="{contact}", **_times(instructions="x" * 2001)),
    refused("ticket.new: a long excuse", "office", "/tickets/new?contact={contact}", contact_id="{contact}", member_ids="{tess}", **_times(book_anyway_reason=LONG)),
    refused("ticket.new: archived", "office", "/tickets/new?contact={archived}", contact_id="{archived}", **_times()),
    refused("ticket.new: repeats too rarely", "office", "/tickets/new?contact={contact}", contact_id="{contact}", repeats="custom", every="400", unit="week", **_times()),
    refused("ticket.new: a rule that is none", "office", "/tickets/new?contact={contact}", contact_id="{contact}", repeats="custom", unit="week", rrule="FREQ=SECONDLY", **_times()),
    Page("series.show", "office", "/series/{series}"),
    Page("series.show: just changed", "office", "/series/{changed_series}?change={series_change}"),
    Page("series.show: paused", "office", "/series/{paused_series}"),
    Page("series.show: ended", "office", "/series/{ended_series}"),
    refused("series.show: a pause behind us", "office", "/series/{series}/pause", paused_from="2020-01-01"),
    refused("series.show: a pause that ends first", "office", "/series/{series}/pause", paused_from="2031-01-02", paused_until="2031-01-01"),
    refused("series.show: ended behind us", "office", "/series/{series}/end", ended_on="2020-01-01"),
    refused("series.show: no pause to end", "office", "/series/{series}/resumption"),
    Page("series.edit", "office", "/series/{series}/edit"),
    Page("series.edit: from a visit", "office", "/series/{series}/edit?ticket={series_visit}"),
    refused("series.edit: never", "office", "/series/{series}/preview", **SERIES | {"every": "0"}),
    refused("series.edit: no scope", "office", "/series/{series}/preview", **SERIES | {"scope": ""}),
    refused("series.edit: behind us", "office", "/series/{series}", **SERIES | {"starts_at": "{long_ago}"}),
    refused("series.edit: not a weekday", "office", "/series/{series}/preview", **SERIES | {"weekdays": "9"}),
    Page("series.edit: what changes", "office", "/series/{series}/preview", form=SERIES),
    Page("series.edit: what changes in another rhythm", "office", "/series/{series}/preview", form=SERIES | {"unit": "month", "monthly_by": "day"}),
    Page("series.show_change", "office", "/series-changes/{series_change}"),
    Page("series.show_change: undone", "office", "/series-changes/{undone_change}"),
    Page("series.show_change: changed since", "office", "/series-changes/{stuck_change}"),
    refused("series.show_change: cannot be undone", "office", "/series-changes/{stuck_change}/undo"),
    Page("ticket.show: one of a series", "office", "/tickets/{series_visit}"),
    Page("ticket.show: planned", "office", "/tickets/{planned}"),
    Page("ticket.show: planned, to a technician", "technician", "/tickets/{planned}"),
    Page("ticket.show: under way", "technician", "/tickets/{under_way}"),
    Page("ticket.show: closed", "technician", "/tickets/{closed}"),
    Page("ticket.show: closed with gaps", "office", "/tickets/{gappy}"),
    Page("ticket.show: invoiced", "office", "/tickets/{invoiced}"),
    Page("ticket.show: cancelled", "office", "/tickets/{cancelled}"),
    Page("ticket.show: booked over another", "office", "/tickets/{booked_over}"),
    Page("ticket.edit", "office", "/tickets/{planned}/edit"),
    refused("ticket.edit: over before it begins", "office", "/tickets/{planned}", **_times(hours="0:00")),
    refused("ticket.edit: double booked", "office", "/tickets/{other}", member_ids="{tess}", **_times()),
    Page("ticket.new_cancellation", "office", "/tickets/{planned}/cancellation/new"),
    refused("ticket.new_cancellation: no reason", "office", "/tickets/{planned}/cancellation", reason=""),
    Page("line_item.new", "technician", "/tickets/{planned}/line-items/new"),
    refused("line_item.new: of nothing", "technician", "/tickets/{planned}/line-items", service_id=""),
    refused("line_item.new: none of it", "technician", "/tickets/{planned}/line-items", service_id="{panes}", quantity="0"),
    refused("line_item.new: not money", "technician", "/tickets/{planned}/line-items", service_id="{panes}", price="much"),
    refused("line_item.new: archived", "technician", "/tickets/{planned}/line-items", service_id="{retired}", quantity="1"),
    Page("line_item.edit", "technician", "/line-items/{line}/edit"),
    Page("line_item.edit: an estimate", "office", "/line-items/{estimate}/edit"),
    refused("line_item.edit: not money", "technician", "/line-items/{line}", quantity="1", price="much"),
    # Closing out
    Page("close_out.work", "technician", "/tickets/{under_way}/close-out/work"),
    refused("close_out.work: an estimate", "technician", "/tickets/{under_way}/close-out/work", **CLOCK),
    refused("close_out.work: other times", "technician", "/tickets/{under_way}/close-out/work", **{"confirmed-{under_way_line}": "1"}, **CLOCK | {"clocked_in_at": "{long_ago}"}),
    refused("close_out.work: no times", "technician", "/tickets/{under_way}/close-out/work", **{"confirmed-{under_way_line}": "1"}),
    refused("close_out.work: backwards", "technician", "/tickets/{under_way}/close-out/work", **{"confirmed-{under_way_line}": "1", "reason": "so"}, **CLOCK | {"clocked_out_at": "{long_ago}"}),
    refused("close_out.work: none of it", "technician", "/tickets/{under_way}/close-out/work", **{"quantity-{under_way_line}": "0", "confirmed-{under_way_line}": "1"}, **CLOCK),
    refused("close_out.work: not money", "technician", "/tickets/{under_way}/close-out/work", **{"price-{under_way_line}": "much"}, **CLOCK),
    refused("close_out.work: a long excuse", "technician", "/tickets/{under_way}/close-out/work", gap_reason=LONG),
    Page("close_out.work: a gap", "technician", "/tickets/{all_gaps}/close-out/work"),
    Page("close_out.note", "technician", "/tickets/{under_way}/close-out/note"),
    refused("close_out.note: no words", "technician", "/tickets/{under_way}/close-out/note", note=""),
    refused("close_out.note: too many words", "technician", "/tickets/{under_way}/close-out/note", note="x" * 4001),
    refused("close_out.note: a long excuse", "technician", "/tickets/{under_way}/close-out/note", gap_reason=LONG),
    Page("close_out.next_step", "technician", "/tickets/{under_way}/close-out/next"),
    refused("close_out.next_step: no choice", "technician", "/tickets/{under_way}/close-out/next", follow_up=""),
    refused("close_out.next_step: no months", "technician", "/tickets/{under_way}/close-out/next", follow_up="message"),
    refused("close_out.next_step: many months", "technician", "/tickets/{under_way}/close-out/next", follow_up="message", follow_up_months="99"),
    refused("close_out.next_step: no date", "technician", "/tickets/{under_way}/close-out/next", follow_up="visit"),
    refused("close_out.next_step: behind us", "technician", "/tickets/{under_way}/close-out/next", follow_up="visit", follow_up_starts_at="{long_ago}"),
    refused("close_out.next_step: a long excuse", "technician", "/tickets/{under_way}/close-out/next", gap_reason=LONG),
    Page("close_out.confirm: nothing answered", "technician", "/tickets/{under_way}/close-out/confirm"),
    refused("close_out.confirm: unanswered", "technician", "/tickets/{under_way}/close-out/confirm"),
    Page("close_out.confirm: with proposals", "technician", "/tickets/{answered}/close-out/confirm"),
    refused("close_out.confirm: a long fact", "technician", "/tickets/{answered}/close-out/confirm", **{"decision-{proposal}": "edit", "value-{proposal}": LONG}),
    Page("close_out.confirm: with gaps", "technician", "/tickets/{all_gaps}/close-out/confirm"),
    Page("close_out.done", "technician", "/tickets/{closed}/close-out/done"),
    Page("close_out.done: invoiced", "technician", "/tickets/{invoiced}/close-out/done"),
    # Money
    Page("invoice.index", "office", "/invoices"),
    Page("invoice.index: overdue", "office", "/invoices?status=overdue"),
    Page("invoice.show: draft", "office", "/invoices/{draft}"),
    Page("invoice.show: draft, to a technician", "technician", "/invoices/{draft}"),
    Page("invoice.show: sent", "office", "/invoices/{sent}"),
    Page("invoice.show: overdue", "office", "/invoices/{overdue}"),
    Page("invoice.show: partly paid", "office", "/invoices/{partial}"),
    Page("invoice.show: paid", "office", "/invoices/{paid}"),
    Page("invoice.show: void", "office", "/invoices/{void}"),
    Page("invoice.new_void", "office", "/invoices/{sent}/void/new"),
    refused("invoice.new_void: no reason", "office", "/invoices/{sent}/void", reason=""),
    Page("invoice.new_payment", "office", "/invoices/{sent}/payments/new"),
    refused("invoice.new_payment: no amount", "office", "/invoices/{sent}/payments", amount="", method="cash", paid_on="2026-11-23"),
    refused("invoice.new_payment: too much", "office", "/invoices/{sent}/payments", amount="99999", method="cash", paid_on="2026-11-23"),
    refused("invoice.new_payment: no date", "office", "/invoices/{sent}/payments", amount="1", method="cash", paid_on=""),
    refused("invoice.new_payment: long ago", "office", "/invoices/{sent}/payments", amount="1", method="cash", paid_on="1066-10-14"),
    refused("invoice.new_payment: no method", "office", "/invoices/{sent}/payments", amount="1", method="", paid_on="2026-11-23"),
    # The catalogue, the people, the business
    Page("service.index", "office", "/services"),
    Page("service.index: with archived", "technician", "/services?archived=1"),
    Page("service.new", "office", "/services/new"),
    refused("service.new: no name", "office", "/services", **SERVICE | {"name": ""}),
    refused("service.new: not money", "office", "/services", **SERVICE | {"price": "much"}),
    refused("service.new: no unit", "office", "/services", **SERVICE | {"pricing": "per_unit"}),
    refused("service.new: no pricing", "office", "/services", **SERVICE | {"pricing": ""}),
    refused("service.new: days long", "office", "/services", **SERVICE | {"duration_minutes": "9999"}),
    refused("service.new: all tax", "office", "/services", **SERVICE | {"tax": "101"}),
    refused("service.new: a second one", "office", "/services", **SERVICE | {"name": "Storefront"}),
    Page("service.edit", "office", "/services/{panes}"),
    Page("service.edit: archived", "office", "/services/{retired}"),
    refused("service.edit: no name", "office", "/services/{panes}", **SERVICE | {"name": ""}),
    Page("member.index", "owner", "/settings/members"),
    Page("member.index: to the office", "office", "/settings/members"),
    Page("member.new", "owner", "/settings/members/new"),
    refused("member.new: no name", "owner", "/settings/members", name="", email="mia@tidy.test", role="office"),
    refused("member.new: not an address", "owner", "/settings/members", name="Mia", email="mia", role="office"),
    refused("member.new: known already", "owner", "/settings/members", name="Tess", email="tess@tidy.test", role="office"),
    refused("member.new: no role", "owner", "/settings/members", name="Mia", email="mia@tidy.test", role=""),
    Page("member.edit", "owner", "/settings/members/{tess}/edit"),
    refused("member.edit: the last owner", "owner", "/settings/members/{olive}", name="Olive", role="office"),
    Page("business.edit", "owner", "/settings"),
    refused("business.edit: no name", "owner", "/settings", **BUSINESS | {"name": ""}),
    refused("business.edit: not a number", "owner", "/settings", **BUSINESS | {"tax": "some"}),
    refused("business.edit: all tax", "owner", "/settings", **BUSINESS | {"tax": "101"}),
    refused("business.edit: nowhere", "owner", "/settings", **BUSINESS | {"time_zone": "Nowhere"}),
    refused("business.edit: years to pay", "owner", "/settings", **BUSINESS | {"payment_terms_days": "9999"}),
    refused("business.edit: days to travel", "owner", "/settings", **BUSINESS | {"travel_buffer_minutes": "9999"}),
    Page("data_export.index", "owner", "/exports"),
    Page("data_export.show: being made", "owner", "/exports/{running_export}"),
    Page("data_export.show: ready", "owner", "/exports/{export}"),
    # Customers, by their links
    Page("customer.show", None, "/c/{link}"),
    Page("customer.show: to somebody who is signed in", "office", "/c/{link}"),
    Page("customer.show: accepted", None, "/c/{link_confirmed}"),
    Page("customer.show: declined", None, "/c/{link_declined}"),
    Page("customer.show: another time", None, "/c/{link_reschedule_requested}"),
    Page("customer.show: moved since", None, "/c/{link_moved}"),
    Page("customer.show: cancelled", None, "/c/{link_cancelled}"),
    Page("customer.show: in German", None, "/c/{link_german}"),
    Page("customer.show: in German, a long reason", None, "/c/{link_german}/answer", 422, {"answer": "declined", "reason": "x" * 501}),
    Page("customer.show: no link", None, "/c/nothing", 404),
    refused("customer.show: a long reason", None, "/c/{link}/answer", starts_at="{link_seen}", answer="declined", reason="x" * 501),
    refused("customer.show: a long wish", None, "/c/{link}/answer", starts_at="{link_seen}", answer="reschedule_requested", wish="x" * 501),
    refused("customer.show: a time that is over", None, "/c/{link}/answer", starts_at="{link_seen}", answer="reschedule_requested", wished_at="2020-01-01T00:00:00+00:00"),
    Page("customer.show: answered too late", None, "/c/{link_cancelled}/answer", 409, {"starts_at": "{link_seen}", "answer": "confirmed"}),
    Page("customer.show: moved meanwhile", None, "/c/{link_moved}/answer", 409, {"starts_at": "{link_seen}", "answer": "confirmed"}),
    Page("customer.edit_unsubscribe", None, "/c/{link_outreach}/unsubscribe"),
    Page("customer.edit_unsubscribe: done", None, "/c/{link_unsubscribed}/unsubscribe"),
    Page("waitlist_link.show", None, "/w/{offer_open}"),
    Page("waitlist_link.show: instead of a visit", None, "/w/{offer_moves}"),
    Page("waitlist_link.show: claimed", None, "/w/{offer_claimed}"),
    Page("waitlist_link.show: declined", None, "/w/{offer_declined}"),
    Page("waitlist_link.show: too late", None, "/w/{offer_late}"),
    Page("waitlist_link.show: taken", None, "/w/{offer_taken}"),
    Page("waitlist_link.show: cancelled since", None, "/w/{offer_cancelled}"),
    Page("waitlist_link.show: no link", None, "/w/nothing", 404),
    Page("waitlist_link.show: claimed too late", None, "/w/{offer_late}/answer", 409, {"answer": "yes"}),
    Page("waitlist_link.show: claimed when it was taken", None, "/w/{offer_taken}/answer", 409, {"answer": "yes"}),
    refused("waitlist_link.show: neither yes nor no", None, "/w/{offer_open}/answer", answer="perhaps"),
    # The waitlist
    Page("waitlist.index", "office", "/waitlist"),
    Page("waitlist.index: the end", "owner", "/waitlist?after=2199-01-01|00000000-0000-7000-8000-000000000001"),
    refused("waitlist.index: offered to somebody already", "office", "/freed-slots/{slot_open}/offers", waitlist_entry_id="{waiting}"),
    refused("waitlist.index: stopped already", "office", "/waitlist-offers/{over}/withdrawal"),
    Page("waitlist.new: who waits", "office", "/waitlist/new"),
    Page("waitlist.new", "office", "/waitlist/new?contact={contact}"),
    Page("waitlist.new: without an address for mails", "office", "/waitlist/new?contact={bare}"),
    Page("waitlist.new: for a visit", "office", "/waitlist/new?ticket={planned}"),
    refused("waitlist.new: past", "office", "/waitlist/new?contact={contact}", contact_id="{contact}", from_on="2020-01-01", until_on="2020-01-02"),
    refused("waitlist.new: backwards", "office", "/waitlist/new?contact={contact}", contact_id="{contact}", from_on="2031-01-02", until_on="2031-01-01"),
    refused("waitlist.new: no such part of the day", "office", "/waitlist/new?contact={contact}", contact_id="{contact}", day_part="night"),
    refused("waitlist.new: no such day", "office", "/waitlist/new?contact={contact}", contact_id="{contact}", weekdays="9"),
    refused("waitlist.new: not an hour", "office", "/waitlist/new?contact={contact}", contact_id="{contact}", hours="long"),
    refused("waitlist.new: days long", "office", "/waitlist/new?contact={contact}", contact_id="{contact}", hours="48"),
    refused("waitlist.new: a long note", "office", "/waitlist/new?contact={contact}", contact_id="{contact}", note="x" * 1001),
    refused("waitlist.new: the same visit twice", "office", "/waitlist/new?ticket={sooner}", contact_id="{vera}", ticket_id="{sooner}"),
    Page("waitlist.edit", "office", "/waitlist/{waiting}"),
    Page("waitlist.edit: a visit that would come sooner", "office", "/waitlist/{waiting_sooner}"),
    Page("waitlist.edit: booked", "office", "/waitlist/{entry_claimed}"),
    Page("waitlist.edit: ended", "office", "/waitlist/{waited}"),
    refused("waitlist.edit: no reason", "office", "/waitlist/{waiting}/end", reason=""),
    refused("waitlist.edit: waits no longer", "office", "/waitlist/{waited}", day_part="any"),
    refused("waitlist.edit: past", "office", "/waitlist/{waiting}", from_on="2020-01-01", until_on="2020-01-02"),
    Page("ticket.show: with the time it gave up", "office", "/tickets/{gave_up}"),
    Page("ticket.show: would come sooner", "office", "/tickets/{sooner}"),
    refused("ticket.new: offered to somebody", "office", "/tickets/new?contact={contact}", contact_id="{contact}", member_ids="{carl}", **_times("{held_at}")),
    # Mails
    Page("message.index", "office", "/messages"),
    Page("message.show: an offer of the waitlist", "office", "/messages/{mail_offer}"),
    Page("message.index: the end", "owner", "/messages?after=2199-01-01T00:00:00%2B00:00|00000000-0000-7000-8000-000000000001"),
    Page("message.show: planned", "office", "/messages/{mail_planned}"),
    Page("message.show: sent", "office", "/messages/{mail_sent}"),
    Page("message.show: failed", "office", "/messages/{mail_failed}"),
    Page("message.show: cancelled", "office", "/messages/{mail_cancelled}"),
    Page("ticket.show: accepted", "office", "/tickets/{ticket_confirmed}"),
    Page("ticket.show: declined", "technician", "/tickets/{ticket_declined}"),
    Page("ticket.show: another time", "office", "/tickets/{ticket_reschedule_requested}"),
    Page("ticket.show: asked about another time", "office", "/tickets/{ticket_moved}"),
    refused("error: a mail to somebody without an address", "office", "/tickets/{no_address}/confirmation-mail"),
    # What is refused altogether
    Page("error: not allowed", "technician", "/contacts/new", 403),
    Page("error: a form of nobody's", "office", "/contacts", 403, form={"csrf": "forged"}),
    Page("error: nothing here", "office", "/contacts/00000000-0000-7000-8000-000000000033", 404),
    Page("error: no such page", None, "/nowhere", 404),
    Page("error: the wrong method", "office", "/auth/logout", 405),
    Page("error: a rule about no form", "office", "/tickets/{cancelled}/clock-in", 422, form={"nothing": "at all"}),
)  # fmt: skip
# These need a hand on the services, so they are looked at alone.
TOO_OFTEN = Page("error: too often", None, "/auth/verify", 429, form={"code": "1"})
UNAVAILABLE = Page("error: unavailable", "office", "/contacts", 503)


# ---- somebody's browser -------------------------------------------------------------------------------


async def session_of(valkey_url: str, person: Person) -> str:
    """The cookie of a session, as signing in makes it; no link is spent and no limit is touched."""
    business, zone, currency = ZONES.get(person.business_id, ZONES[TIDY])
    store = valkey.connect(valkey_url)
    try:
        return await Sessions(store).start(
            person.account_id, person.business_id, person.member_id, person.role, name=person.name,
            business=business, time_zone=zone, currency=currency,
        )  # fmt: skip
    finally:
        await store.aclose()


def zone_of(who: str) -> ZoneInfo:
    return ZoneInfo(ZONES[PEOPLE[who].business_id][1])


async def become_in(context: BrowserContext, url: str, cookies: dict[str | None, str], who: str | None) -> None:
    """Go on in this browser as somebody, or as a visitor."""
    await context.clear_cookies(name="session")
    if who is not None:
        await context.add_cookies([{"name": "session", "value": cookies[who], "url": url}])


async def forget_limits(valkey_url: str) -> None:
    """As if nobody had tried to sign in for an hour: tests sign in more often than people."""
    store = valkey.connect(valkey_url)
    try:
        if keys := await store.keys("limit:*"):
            await store.delete(*keys)
    finally:
        await store.aclose()


def ask_for_links(admin_url: str) -> None:
    """A code that the visitor's browser asked for, and a link that another one did."""
    insert = "insert into crm.sign_in_link (email, token_hash, code_hash, browser_hash) values (%s, %s, %s, %s)"
    with psycopg.connect(admin_url) as connection:
        connection.execute("delete from crm.sign_in_link where token_hash = %s", (link.digest(ELSEWHERE),))
        connection.execute(insert, ("olive@tidy.test", link.digest(ELSEWHERE), None, link.digest("another")))
        connection.execute(insert, ("omar@tidy.test", None, link.digest("123456"), link.digest(BROWSER)))


async def fill_outbox(valkey_url: str) -> None:
    store = valkey.connect(valkey_url)
    try:
        text = (
            "Your code: 123456\n\nOr open this link in the same browser:\n\nhttp://localhost/auth/verify?token=spent\n"
        )
        await Outbox(store).send(Mail("olive@tidy.test", "123456 is your Roundbook code", text, "1"))
    finally:
        await store.aclose()


# ---- what the pages show ------------------------------------------------------------------------------

NOTE = "retired couple, chatty; spaniel Pip, shut the side gate; long ladder for the stairwell"
PROPOSALS = [("people", "retired couple, chatty"), ("pet", "spaniel Pip"), ("gate", "shut the side gate")]


def picture() -> bytes:
    """A photo as a phone would send it: with the place where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "A phone"
    exif.get_ifd(0x8825)[2] = (34.0, 43.0, 49.0)
    out = io.BytesIO()
    Image.new("RGB", (600, 400), (90, 130, 170)).save(out, "JPEG", exif=exif)
    return out.getvalue()


class Hand:
    """Types SQL as people of a business would, at any time of theirs."""

    def __init__(self, connection: psycopg.Connection[Any], signer: Signer) -> None:
        self.connection, self.signer = connection, signer

    def __call__(self, who: str, call: str, *values: Any, at: datetime | None = None) -> Any:
        """The id that `api.<call>` returns."""
        self.connection.execute("select set_config('app.now', %s, true)", (at.isoformat() if at else "",))
        become(self.connection, self.signer, who)
        row = self.connection.execute(f"select id from api.{call}", values).fetchone()  # type: ignore[arg-type]
        assert row, call
        return row[0]

    def visit(self, who: str, contact: Any, address: Any, at: datetime, services: list[Any], reason: str = "") -> Any:
        """A visit of somebody's."""
        return self(
            "office", "ticket_create(%s, %s, %s, %s, %s::uuid[], %s::uuid[], %s, %s)", contact, address, at,
            at + timedelta(hours=1), [PEOPLE[who].member_id] if who else [], services, "Ring twice: the bell is quiet.", reason or None,
        )  # fmt: skip

    def repeat(self, contact: Any, address: Any, first: datetime, rule: str) -> Any:
        """A series of Tess's."""
        return self(
            "office", "series_create(%s, %s, %s, %s, 60, p_rrule => %s, p_member_ids => %s::uuid[], p_services => %s, p_instructions => 'Ring twice.')",
            contact, address, first.date(), first.time(), rule, [PEOPLE["technician"].member_id], json.dumps([{"id": str(PANES), "quantity": 24}]),
        )  # fmt: skip

    def change(self, series: Any, on: datetime) -> Any:
        """(series, change set) after all its visits were moved to an hour later."""
        become(self.connection, self.signer, "office")
        row = self.connection.execute(
            "select series_id, change_set_id from api.series_update(%s, null, 'all', %s, %s, 60, 'week', 4, null, null, null, null, null, null, null, "
            "'{}', '[]', null)", (series, on.date(), (on + timedelta(hours=1)).time()),
        ).fetchone()  # fmt: skip
        assert row
        return row

    def close(self, ticket: Any, at: datetime, *, gaps: bool = False) -> None:
        """Started at this time and closed an hour later, with a message planned."""
        later = at + timedelta(hours=1)
        self("technician", "ticket_clock_in(%s)", ticket, at=at)
        self.answer(ticket, at, later, gaps=gaps)
        self("technician", "ticket_complete(%s)", ticket, at=later)

    def answer(self, ticket: Any, at: datetime, later: datetime, *, gaps: bool = False) -> None:
        if gaps:
            for step in ("work", "note", "next"):
                self._run("close_out_gap(%s, %s, 'Nobody was home.')", ticket, step)
            return
        lines = self.connection.execute("select id from crm.line_item where ticket_id = %s", (ticket,)).fetchall()
        confirmed = [
            {"id": str(id), "quantity": 24, "unit_price_minor": 450, "price_confirmed": True} for (id,) in lines
        ]
        self("technician", "close_out_work(%s, %s, %s, null, %s)", ticket, at, later, json.dumps(confirmed), at=later)
        self("technician", "close_out_note(%s, %s)", ticket, NOTE, at=later)
        proposals = [
            {"key": key, "value": words, "words": words, "starts_at": NOTE.index(words)} for key, words in PROPOSALS
        ]
        self("technician", "proposal_replace(%s, %s)", ticket, json.dumps(proposals), at=later)
        self._run("close_out_next(%s, 'message', 6, null)", ticket)

    def _run(self, call: str, *values: Any, who: str = "technician") -> None:
        become(self.connection, self.signer, who)
        self.connection.execute(f"select from api.{call}", values)  # type: ignore[arg-type]

    def file(self, name: str, columns: list[str], mapping: list[str], rows: list[list[str]]) -> Any:
        """An import to look over."""
        made = self(
            "office",
            "contact_import_create(%s, 'csv', %s, %s, %s)",
            name,
            "Square" if name == "Square.csv" else None,
            columns,
            mapping,
        )
        self._run("contact_import_rows_add(%s, 1, %s)", made, json.dumps(rows), who="office")
        return made

    def take_in(self, made: Any, people: list[dict[str, Any]]) -> None:
        """What the worker does with the first rows of it."""
        self._run("contact_import_start(%s)", made, who="office")
        self._run(
            "contact_import_apply(%s, %s)",
            made,
            json.dumps([{"kind": "person", **each} for each in people]),
            who="worker",
        )

    def mail(self, ticket: Any) -> tuple[Any, str]:
        """Ask by mail whether a visit suits them, and send it as the worker does: the mail, and the words of its link."""
        message = self("office", "ticket_confirmation_ask(%s)", ticket)
        return message, self.send(message)

    def send(self, message: Any) -> str:
        """Send a mail as the worker does: the words of its link."""
        words = link.make()
        for change in (
            "status = 'sending', (subject, body) = (select t.subject, t.body from internal.message_text(m) t)",
            "status = 'sent', sent_at = now()",
        ):
            self.connection.execute(f"update crm.message m set {change} where id = %s", (message,))  # type: ignore[arg-type]
        self.connection.execute(
            "select internal.ticket_link_make(m, %s) from crm.message m where id = %s", (words.token_hash, message)
        )
        return words.token

    def free(self, contact: Any, address: Any, when: datetime) -> tuple[Any, Any]:
        """A visit of Carl's that was cancelled, and the time that it gave up."""
        ticket = self.visit("colleague", contact, address, when, [])
        self("office", "ticket_cancel(%s, 'The customer is ill')", ticket)
        row = self.connection.execute("select id from crm.freed_slot where ticket_id = %s", (ticket,)).fetchone()
        assert row
        return ticket, row[0]

    def offer(self, slot: Any, entry: Any) -> tuple[Any, Any, str]:
        """Offer the time and send the mail: the offer, the mail, and the words of its link."""
        offer = self("office", "waitlist_offer_make(%s, %s)", slot, entry)
        row = self.connection.execute("select message_id from crm.waitlist_offer where id = %s", (offer,)).fetchone()
        assert row
        return offer, row[0], self.send(row[0])

    def invoice(self, ticket: Any, issued_at: datetime | None = None) -> Any:
        invoice = self("office", "invoice_create(%s)", ticket)
        return self("office", "invoice_issue(%s)", invoice, at=issued_at) if issued_at else invoice

    def pay(self, invoice: Any, amount: int, on: datetime) -> None:
        self("office", "payment_record(%s, %s, 'check', %s, '1042')", invoice, amount, on.date())


def stage(admin_url: str, signer: Signer) -> dict[str, Any]:
    """Tidy Windows with one of everything, in every state; ids by the names that the addresses use."""
    zone = ZoneInfo("America/Chicago")
    now = datetime.now(UTC).astimezone(zone).replace(second=0, microsecond=0)

    def at(days: int, hour: int) -> datetime:
        return datetime.combine(now.date() + timedelta(days=days), time(hour), zone)

    with psycopg.connect(admin_url) as connection:
        hand = Hand(connection, signer)
        make: dict[str, Any] = {
            "tess": PEOPLE["technician"].member_id,
            "olive": PEOPLE["owner"].member_id,
            "panes": PANES,
        }
        contact = make["contact"] = hand(
            "office", "contact_create('person', 'Margaret Featherstonehaugh-Montgomery', '(256) 555-0142', 'margaret@example.com', 'text', %s, "
            "'+12565550142', '0044 20 7946 0101', null, 'morning', 'a neighbour at number 9')",
            "Pays by check.\nPrefers mornings.",
        )  # fmt: skip
        address = make["address"] = hand(
            "office", "address_create(%s, 'Home', '1408 Old Railroad Bed Road', 'Madison', 'AL', '35758', 'Side gate, code 1408')", contact
        )  # fmt: skip
        hand("office", "address_create(%s, null, '9 Wall St', 'Huntsville', 'AL', '35801', null)", contact)
        make["fact"] = hand("office", "attribute_set(%s, 'pet', 'a cat')", contact)
        make["pet_key"] = connection.execute(
            "select id from crm.attribute_key where business_id = %s and key = 'pet'", (TIDY,)
        ).fetchone()[0]  # type: ignore[index]
        hand("office", "attribute_key_update(%s, 'text', 'people')", make["pet_key"])
        for kind, key, value in (
            ("number", "panes", "24"), ("yes_no", "solar panels", "yes"), ("date", "lockbox since", "2026-03-02"), ("list", "tags", "VIP, reviews"),
        ):  # fmt: skip
            make[kind] = hand("office", "attribute_set(%s, %s, %s, %s)", contact, key, value, kind)
        make["edited"] = hand("office", "note_add(%s, 'Rang about the spring.')", contact)
        hand("office", "note_update(%s, 'Rang about the summer. Card 4111 1111 1111 1111')", make["edited"])
        hand("office", "saved_list_save('Owing in 35758', 'place=35758&owes=1')")
        hand("office", "saved_list_save('Cats', 'fact=pet:+cat')")
        make["bare"] = hand("office", "contact_create('person', 'Al')")
        make["archived"] = hand("office", "contact_create('organisation', 'Gone & Sons')")
        hand("office", "contact_archive(%s, true)", make["archived"])
        make["erased"] = hand("office", "contact_create('person', 'Gone For Good')")
        become(connection, signer, "owner")
        connection.execute("select api.contact_erase(%s, 'Gone For Good')", (make["erased"],))
        make["retired"] = hand("office", "service_create('service', 'Screens', 'fixed', 500, null, 30, null)")
        hand("office", "service_archive(%s, true)", make["retired"])
        both, one = [PANES, GUTTERS], [STOREFRONT]

        def visit(who: str, when: datetime, services: list[Any] = both, reason: str = "") -> Any:
            return hand.visit(who, contact, address, when, services, reason)

        # A day behind us, with all there is on it; and one with a visit to start.
        busy, near, far = -9, -8, 20
        make["closed"] = visit("technician", at(busy, 7))
        hand.close(make["closed"], at(busy, 7))
        make["gappy"] = visit("technician", at(busy, 9), one)
        hand.close(make["gappy"], at(busy, 9), gaps=True)
        make["cancelled"] = visit("technician", at(busy, 11))
        hand("office", "ticket_cancel(%s, 'The customer is ill')", make["cancelled"])
        make["under_way"] = visit("technician", at(busy, 12), [GUTTERS])
        hand("technician", "ticket_clock_in(%s)", make["under_way"], at=at(busy, 12))
        visit("technician", at(busy, 14), [])
        visit("", at(busy, 15))
        visit("colleague", at(busy, 10))
        visit("technician", at(near, 9))
        make["answered"] = visit("technician", at(near, 11))
        hand("technician", "ticket_clock_in(%s)", make["answered"], at=at(near, 11))
        hand.answer(make["answered"], at(near, 11), at(near, 12))
        make["all_gaps"] = visit("technician", at(near, 13), one)
        hand("technician", "ticket_clock_in(%s)", make["all_gaps"], at=at(near, 13))
        hand.answer(make["all_gaps"], at(near, 13), at(near, 14), gaps=True)
        make["planned"] = visit("technician", at(far, 9))
        make["booked_over"] = visit("technician", at(far, 9), one, "They are neighbours")
        make["other"] = visit("colleague", at(far, 9), one)
        make["slipped"] = visit("colleague", at(far + 1, 9), one)
        hand("office", "ticket_move(%s, %s, %s)", make["slipped"], at(far + 1, 13), at(far + 1, 14))

        make["note"] = hand(
            "technician", "note_add(%s, 'Left the ladder behind the shed.', %s)", contact, make["closed"]
        )
        photo = files.prepare(picture())
        for kind, name, content in (
            ("photo", "The gate.jpg", photo.content),
            ("document", "Plan of the roof.pdf", b"%PDF-1.7 a plan"),
        ):
            of = ("image/jpeg", 600, 400, photo.thumbnail) if kind == "photo" else ("application/pdf", None, None, None)
            make[kind] = hand(
                "technician", "file_add(null, %s, null, %s, %s, %s, %s, %s, %s, %s, %s)", contact, kind, name, of[0], len(content), of[1], of[2], content, of[3]
            )  # fmt: skip
        make["confirmed"] = hand("office", "attribute_set(%s, 'gate', 'open')", contact)

        # Somebody twice in the book, two who are not the same, and merges of every kind.
        make["twin"] = hand(
            "office", "contact_create('person', 'Margret Featherstonehaugh-Montgomery', '256.555.0142', 'margret@example.com', 'call', "
            "'Rings twice.\nMind the dog.')"
        )  # fmt: skip
        hand(
            "office",
            "address_create(%s, 'Home', '1408 old railroad bed road', 'Madison', 'AL', '35758', 'Key under the pot')",
            make["twin"],
        )
        hand("office", "address_create(%s, 'Shop', '12 Main St', 'Madison', 'AL', '35758', null)", make["twin"])
        hand("office", "attribute_set(%s, 'pet', 'two cats and a very old labrador')", make["twin"])
        hand("office", "attribute_set(%s, 'ladder', 'long')", make["twin"])
        hand.visit("", make["twin"], None, at(far + 1, 9), one)
        make["denied"] = hand("office", "contact_create('person', 'Alf')")
        both_ids = sorted((make["bare"], make["denied"]))
        become(connection, signer, "office")
        connection.execute("select from api.not_duplicate_add(%s, %s)", both_ids)
        for name in ("merge", "undone", "changed"):
            stays, gone = (hand("office", "contact_create('person', %s)", who) for who in ("Tomas Shah", "Tom Shah"))
            hand("office", "attribute_set(%s, 'ladder', 'short')", gone)
            if name == "merge":
                done = hand.visit("technician", gone, None, at(-12, 9), one)
                hand.close(done, at(-12, 9))
                make["stays"], make["gone"] = stays, gone
            become(connection, signer, "office")
            row = connection.execute("select change_set_id from api.contact_merge(%s, %s)", (stays, gone)).fetchone()
            make[name] = row[0] if row else None
            if name == "undone":
                hand("office", "contact_merge_undo(%s)", make[name])
            if name == "changed":
                hand("office", "attribute_set(%s, 'ladder', 'none')", stays)
                hand("office", "ticket_create(%s, null, %s, %s)", stays, at(far, 12), at(far, 13))
        # Files of customers: looked over, on their way, in the book, out of it again
        cells = [
            "Wilhelmina Windham",
            "2.565550171E9",
            "Sash; bay",
            "Likes the ladder kept off the roses. Card 4111 1111 1111 1111",
        ]
        plain = ["Name", "Mobile", "Windows", "Notes"]
        places = ["name", "phone", "attribute:windows", "note"]
        make["moving"] = hand.file(
            "Square.csv", plain, places, [cells, ["", "256 555 0172", "", ""], ["Xaver", "", "", ""]]
        )
        wide = [f"Column {n}" for n in range(1, 41)]
        make["wide_file"] = hand.file(
            "wide.csv",
            wide,
            ["name", *(f"attribute:column {n}" for n in range(2, 41))],
            [["Wide Wanda", *map(str, range(39))]],
        )
        rows = [[f"Mover {n}", "", "", ""] for n in range(1, 5)]
        people = [{"number": n, "name": f"Mover {n}"} for n in range(1, 4)] + [{"number": 4, "name": ""}]
        make["moving_now"] = hand.file("now.csv", plain, places, [*rows, cells])
        hand.take_in(make["moving_now"], people[:2])
        make["moved"] = hand.file("customers of the old program, exported in November.csv", plain, places, rows)
        hand.take_in(make["moved"], people)
        make["moved_back"] = hand.file("back.csv", plain, places, rows[:2])
        hand.take_in(make["moved_back"], [{"number": n, "name": f"Guest {n}"} for n in (1, 2)])
        guest = connection.execute("select id from crm.contact where name = 'Guest 1'").fetchone()
        assert guest
        hand("office", "note_add(%s, 'Rang.')", guest[0])
        hand._run("contact_import_undo(%s)", make["moved_back"], who="office")
        hand._run("contact_import_take_back(%s)", make["moved_back"], who="worker")

        # Series: one that goes on, and others that are paused, over, changed and changed back
        first = at(far + 10, 6)
        make["series"] = hand.repeat(contact, address, first, "FREQ=WEEKLY;INTERVAL=4")
        rows = connection.execute(
            "select id from crm.ticket where series_id = %s order by starts_at limit 3", (make["series"],)
        ).fetchall()
        make["series_visit"] = rows[0][0]
        become(connection, signer, "office")
        connection.execute(
            "select from api.ticket_update(%s, %s, %s, %s, %s::uuid[], null)",
            (
                rows[1][0],
                address,
                first + timedelta(days=29),
                first + timedelta(days=29, hours=1),
                [PEOPLE["colleague"].member_id],
            ),
        )
        hand("office", "series_skip(%s)", rows[2][0])
        hand.visit("technician", contact, address, at(far + 20, 9), one)
        make["paused_series"] = hand.repeat(
            contact, address, at(far + 11, 5), "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1;COUNT=9"
        )
        hand("office", "series_pause(%s, %s)", make["paused_series"], at(far, 0).date())
        make["ended_series"] = hand.repeat(contact, address, at(far + 12, 5), "FREQ=DAILY;INTERVAL=90")
        hand("office", "series_end(%s, %s)", make["ended_series"], at(far + 13, 0).date())
        for hour, name in ((2, "series_change"), (3, "undone_change"), (4, "stuck_change")):
            moved = hand.change(
                hand.repeat(contact, address, at(far + 14, hour), "FREQ=WEEKLY;INTERVAL=4"), at(far + 14, hour)
            )
            make[name] = moved[1]
            if name == "series_change":
                make["changed_series"] = moved[0]
            elif name == "undone_change":
                hand("office", "series_undo(%s)", moved[1])
            else:
                row = connection.execute(
                    "select id from crm.ticket where series_id = %s order by starts_at limit 1", moved[:1]
                ).fetchone()
                hand("office", "ticket_cancel(%s, 'The customer is ill')", row[0])  # type: ignore[index]

        # What customers were asked, and what they said
        owner = PEOPLE["owner"].member_id  # whom no other test books at odd hours
        become(connection, signer, "owner")
        connection.execute(
            "select api.working_hours_set(%s, '{1,2,3,4,5,6,7}', array_fill('00:00'::time, '{7}'), array_fill('23:45'::time, '{7}'))", (owner,)
        )  # fmt: skip
        german = hand("office", "contact_create('person', 'Gerda Grün', null, 'gerda@example.com', p_language => 'de')")
        for n, name in enumerate(("", "confirmed", "declined", "reschedule_requested", "moved", "cancelled", "german")):
            whose = (german, None) if name == "german" else (contact, address)
            ticket = hand.visit("technician" if name == "declined" else "owner", *whose, at(far + 5 + n, 9), both)
            message, token = hand.mail(ticket)
            make["_".join(("link", name)).rstrip("_")] = token
            make["ticket_" + name] = ticket
            if name in ("confirmed", "declined", "reschedule_requested"):
                become(connection, signer, "visitor")
                connection.execute(
                    "select api.ticket_link_answer(%s, %s, %s, 'We are away that week.')", (link.digest(token), at(far + 5 + n, 9), name)
                )  # fmt: skip
            elif name == "moved":
                hand(
                    "office",
                    "ticket_update(%s, %s, %s, %s, %s::uuid[], null)",
                    ticket,
                    address,
                    at(far + 5 + n, 11),
                    at(far + 5 + n, 12),
                    [owner],
                )
            elif name == "cancelled":
                hand("office", "ticket_cancel(%s, 'rain')", ticket)
            else:
                make["mail_sent"], make["link_seen"] = message, at(far + 5, 9).astimezone(UTC).isoformat()
        become(connection, signer, "worker")
        for name, email in (("outreach", "otto@example.com"), ("unsubscribed", "ute@example.com")):
            row = connection.execute(
                "with c as (insert into crm.contact (name, email) values ('Otto Outreach', %s) returning id) "
                "insert into crm.message (contact_id, kind, send_at, reason) select id, 'outreach', now() + interval '1 hour', 'Asked for.' from c returning id",
                (email,),
            ).fetchone()
            make["mail_" + name], words = row[0], link.make()  # type: ignore[index]
            make["link_" + name] = words.token
            connection.execute(
                "select internal.ticket_link_make(m, %s) from crm.message m where id = %s",
                (words.token_hash, make["mail_" + name]),
            )
        connection.execute(
            "update crm.contact set consent = 'unsubscribed', consent_at = now(), language = 'fr' where email = 'ute@example.com'"
        )
        make["mail_cancelled"] = make["mail_unsubscribed"]
        planned = connection.execute(
            "select id from crm.message where business_id = %s and kind = 'reminder' and status = 'pending' order by send_at limit 1",
            (TIDY,),
        ).fetchone()
        failed = connection.execute(
            "select id from crm.message where business_id = %s and kind = 'reminder' and status = 'pending' order by send_at desc limit 1",
            (TIDY,),
        ).fetchone()
        make["mail_planned"], make["mail_failed"] = planned[0], failed[0]  # type: ignore[index]
        for state in ("sending", "failed"):
            connection.execute(
                "update crm.message set status = %s, last_error = 'The address was refused (550).' where id = %s",
                (state, make["mail_failed"]),
            )
        make["no_address"] = hand.visit("", make["bare"], None, at(far + 2, 9), one)

        # Who waits, times that became free, and offers in each state
        make["vera"] = vera = hand("office", "contact_create('person', 'Vera Visited', null, 'vera@example.com')")
        place = hand("office", "address_create(%s, null, '7 Elm St', 'Madison', 'AL', '35758', null)", vera)

        def waits(name: str, more: str = "p_minutes => 45", *values: Any) -> Any:
            who = hand("office", "contact_create('person', %s, '256.555.0177', 'wanda@example.com')", name)
            place = hand(
                "office", "address_create(%s, null, '22 Old Railroad Bed Road', 'Madison', 'AL', '35758', null)", who
            )
            make["waits"] = who
            return hand("office", f"waitlist_entry_create(%s, p_address_id => %s, {more})", who, place, *values)

        make["waited"] = waits("Walter Waited")
        hand("office", "waitlist_entry_end(%s, 'They found somebody else')", make["waited"])
        for n, name in enumerate(("open", "claimed", "declined", "late", "taken", "cancelled", "moves")):
            when = at(far + 60 + n, 9)
            make["gave_up_" + name], make["slot_" + name] = hand.free(vera, place, when)
            if name == "moves":
                make["sooner"] = hand.visit("", vera, place, at(far + 90, 9), one)
                entry = hand("office", "waitlist_entry_create(%s, %s)", vera, make["sooner"])
            else:
                entry = waits(f"Wanda Waiting, {name}", "p_service_ids => %s::uuid[]", one)
            offer, mail, make["offer_" + name] = hand.offer(make["slot_" + name], entry)
            make["entry_" + name] = entry
            become(connection, signer, "visitor")
            token = (link.digest(make["offer_" + name]),)
            if name in ("claimed", "cancelled"):
                connection.execute("select api.waitlist_link_claim(%s)", token)
            elif name == "declined":
                connection.execute("select api.waitlist_link_decline(%s)", token)
            become(connection, signer, "worker")
            if name == "late":
                connection.execute(
                    "update crm.waitlist_offer set held_until = now() - interval '1 minute' where id = %s", (offer,)
                )
                hand._run("waitlist_offer_run_out(%s)", offer, who="worker")
            elif name == "taken":
                hand("office", "waitlist_offer_withdraw(%s)", offer)
                make["over"] = offer
            elif name == "cancelled":
                row = connection.execute("select ticket_id from crm.waitlist_offer where id = %s", (offer,)).fetchone()
                hand("office", "ticket_cancel(%s, 'rain')", row[0])  # type: ignore[index]
            elif name == "open":
                make["mail_offer"], make["held_at"] = mail, f"{when:%Y-%m-%dT%H:%M}"
        make["waiting_sooner"] = make["entry_moves"]
        make["waiting"] = waits(
            "Wilhelmina Featherstonehaugh-Windham", "p_minutes => 60, p_member_id => %s, p_weekdays => '{1,2,3,4,5,6,7}', p_until_on => %s, "
            "p_day_part => 'morning', p_note => 'Rings when she is back from her sister''s.'", PEOPLE["colleague"].member_id, at(far + 99, 9).date(),
        )  # fmt: skip
        make["gave_up"], _ = hand.free(vera, place, at(far + 80, 9))

        # An invoice in each state
        for n, name in enumerate(("draft", "sent", "overdue", "partial", "paid", "void")):
            ticket = visit("technician", at(-50 - n, 9), one if name == "paid" else both)
            hand.close(ticket, at(-50 - n, 9))
            make[name] = hand.invoice(ticket, None if name == "draft" else at(-45, 9) if name == "overdue" else now)
            if name in ("partial", "paid"):
                total = connection.execute(
                    "select total_minor from crm.invoice where id = %s", (make[name],)
                ).fetchone()
                assert total
                hand.pay(make[name], total[0] if name == "paid" else 1000, now)
        make["invoiced"] = ticket
        hand("office", "invoice_void(%s, 'Wrong house')", make["void"])
        hand("office", "invoice_create(%s)", ticket)

        row = connection.execute(
            "select l.id, e.id, w.id, p.id from crm.line_item l, crm.line_item e, crm.line_item w, crm.proposal p "
            "where l.ticket_id = %(planned)s and l.service_id = %(panes)s and e.ticket_id = %(planned)s and e.pricing = 'flexible' "
            "and w.ticket_id = %(under_way)s and p.ticket_id = %(answered)s and p.key = 'pet'", make,
        ).fetchone()  # fmt: skip
        assert row
        make["line"], make["estimate"], make["under_way_line"], make["proposal"] = row

        # A holiday and somebody's vacation, with visits that were booked before they were known
        for days, who in ((400, None), (410, PEOPLE["technician"].member_id)):
            for hour in (9, 11):
                hand(
                    "office",
                    "ticket_create(%s, null, %s, %s, %s::uuid[])",
                    contact,
                    at(days, hour),
                    at(days, hour + 1),
                    [who] if who else [],
                )
            hand("office", "time_off_add(%s, %s, %s, 'A holiday')", who, at(days, 0), at(days + 2, 0))

        make["running_export"] = hand("owner", "data_export_create()")
        row = connection.execute(
            "insert into crm.data_export (state, total_rows, done_rows, finished_at) values ('done', 12345, 12345, now()) returning id"
        ).fetchone()
        assert row
        make["export"] = row[0]
        connection.commit()
    wall = "%Y-%m-%dT%H:%M"
    return make | {
        "technician": PEOPLE["technician"].member_id, "carl": PEOPLE["colleague"].member_id,
        "busy_day": at(busy, 0).date(), "slip_day": at(far + 1, 0).date(), "next_day": at(near, 0).date(), "soon": f"{at(far, 9):{wall}}",
        "clocked_in": f"{at(busy, 12):{wall}}", "clocked_out": f"{now:{wall}}", "long_ago": f"{at(-30, 9):{wall}}",
    }  # fmt: skip
