"""What the audit keeps of a visit, in the words of people: one sentence for each thing that changed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

STATUS = {"in_progress": "Started", "completed": "Closed out", "cancelled": "Cancelled"}
CONFIRMATION = {
    "pending": "To be confirmed", "confirmed": "Confirmed by the customer", "declined": "Declined by the customer",
    "reschedule_requested": "The customer asks for another time",
}  # fmt: skip
PLAIN = {"address_id": "Another address", "instructions": "Instructions changed", "note": "Note written"}


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
