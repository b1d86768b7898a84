"""What the audit keeps of a visit or of anything else, in the words of people: one sentence for each thing that changed."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

STATUS = {"in_progress": "Started", "completed": "Closed out", "cancelled": "Cancelled"}
CONFIRMATION = {
    "pending": "To be confirmed", "confirmed": "Confirmed by the customer", "declined": "Declined by the customer",
    "reschedule_requested": "The customer asks for another time",
}  # fmt: skip
PLAIN = {"address_id": "Another address", "instructions": "Instructions changed", "note": "Note written"}

THINGS = {
    "contact": "The contact", "address": "An address", "attribute": "A fact", "ticket": "A visit", "note": "A note",
    "assignment": "The technicians of a visit", "message": "A planned message", "task": "A task", "invoice": "An invoice",
    "series": "A series", "line_item": "The work of a visit", "series_skip": "A day that is left out", "file": "A photo or file",
    "waitlist_entry": "A wish on the waitlist",
}  # fmt: skip
PAGES = {"contact": "contacts", "ticket": "tickets", "assignment": "tickets", "invoice": "invoices", "series": "series"}
FIELDS = {
    "name": "name", "kind": "person or organisation", "phone": "phone", "other_phone": "other phone", "email": "e-mail",
    "preferred_method": "prefers", "preferred_time": "best time", "language": "language", "referred_by": "sent by", "note": "what is always good to know",
    "consent": "messages", "value": "value", "body": "words", "street": "street", "city": "city", "postcode": "postcode",
    "access_note": "how to get in", "label": "label", "book_anyway_reason": "why it is booked anyway",
}  # fmt: skip


def of_ticket(entry: Any, when: Callable[[datetime], str]) -> str:
    """What one audit entry of a visit did; `when` writes an instant. Empty when there is nothing to say."""
    if entry.operation == "insert":
        return "Booked"
    old, new = entry.old or {}, entry.new or {}
    return ", ".join(_sentences(old, new, when))


def _sentences(old: dict[str, Any], new: dict[str, Any], when: Callable[[datetime], str]) -> list[str]:
    said = []
    if "status" in new:
        said.append(STATUS.get(new["status"], new["status"]))
        if new.get("cancel_reason"):
            said[-1] += f": {new['cancel_reason']}"
    if "starts_at" in new:
        said.append(f"Moved from {_at(old['starts_at'], when)} to {_at(new['starts_at'], when)}")
    elif "ends_at" in new:
        said.append(f"Ends {_at(new['ends_at'], when)}, not {_at(old['ends_at'], when)}")
    if "confirmation" in new and "starts_at" not in new:
        said.append(CONFIRMATION.get(new["confirmation"], new["confirmation"]))
    for column, word in (("clocked_in_at", "start"), ("clocked_out_at", "finish")):
        if old.get(column) and new.get(column):
            reason = f" ({new['clock_reason']})" if new.get("clock_reason") else ""
            said.append(f"The {word} corrected from {_at(old[column], when)} to {_at(new[column], when)}{reason}")
        elif new.get(column) and "status" not in new:
            said.append(f"{word.capitalize()} {_at(new[column], when)}")
    return said + [PLAIN[column] for column in new if column in PLAIN]


def _at(value: str, when: Callable[[datetime], str]) -> str:
    return when(datetime.fromisoformat(value))


def of_change(entry: Any, when: Callable[[datetime], str]) -> str:
    """What one audit entry of any table did, with the thing it did it to."""
    named = entry.thing and entry.thing[0].upper() + entry.thing[1:]
    thing, old, new = named or THINGS.get(entry.table_name, "Something"), entry.old or {}, entry.new or {}
    was = "were" if entry.table_name == "assignment" else "was"
    if entry.operation == "delete":
        return f"{thing} {was} removed"
    if entry.operation == "insert" and entry.table_name in ("note", "file", "line_item", "task", "message"):
        return f"{thing} {was} added"
    if entry.table_name == "attribute" and "value" in new:
        return f"{thing}: {old['value']} → {new['value']}"
    if entry.table_name == "ticket":
        said = of_ticket(entry, when)
        return f"{thing}: {said[0].lower()}{said[1:]}" if said else f"{thing} was changed"
    if new.get("merged_into_id"):
        return f"{thing} was merged into another one"
    if "archived_at" in new:
        return f"{thing} was {'archived' if new['archived_at'] else 'put back on the list'}"
    if "status" in new:
        return (
            f"{thing} is now {'issued' if new['status'] == 'sent' and entry.table_name == 'invoice' else new['status']}"
        )
    if new.get("done_at"):
        return f"{thing} was ticked off"
    fields = [FIELDS[column] for column in new if column in FIELDS]
    return f"{thing} {was} changed{': ' + ', '.join(fields) if fields else ''}"


def page_of(entry: Any) -> str | None:
    """Where the thing that an audit entry is about can be looked at."""
    return f"/{PAGES[entry.table_name]}/{entry.row_id}" if entry.table_name in PAGES else None


def of_series(entry: Any, day: Callable[[date], str]) -> str:
    """What an audit entry of a series did; `day` writes a date."""
    new = entry.new or {}
    if entry.operation == "insert":
        return "Goes on for the series before it" if new.get("follows_id") else "Booked"
    if "ended_on" in new:
        return f"Ended on {day(date.fromisoformat(new['ended_on']))}" if new["ended_on"] else "Not ended any more"
    if "paused_from" in new or "paused_until" in new:
        started = new.get("paused_from", (entry.old or {}).get("paused_from"))
        if "paused_from" in new and started:
            return f"Paused from {day(date.fromisoformat(started))}"
        return "The pause was changed" if new.get("paused_from") else "Goes on"
    return "Changed"
