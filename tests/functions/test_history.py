"""The audit of a visit, and of anything that keeps a merge from being undone, in sentences."""

from types import SimpleNamespace

import pytest

from crm.history import of_change, of_ticket, page_of

NINE, TEN = "2026-03-02T09:00:00+00:00", "2026-03-02T10:00:00+00:00"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ({"starts_at": NINE, "ends_at": TEN, "busy_until": TEN}, {"starts_at": TEN, "ends_at": TEN, "busy_until": TEN},
         "Moved from 09:00 to 10:00"),
        ({"ends_at": NINE, "busy_until": NINE}, {"ends_at": TEN, "busy_until": TEN}, "Ends 10:00, not 09:00"),
        ({"status": "scheduled", "blocks_time": True, "cancelled_at": None, "cancel_reason": None},
         {"status": "cancelled", "blocks_time": False, "cancelled_at": NINE, "cancel_reason": "rain"}, "Cancelled: rain"),
        ({"status": "scheduled", "clocked_in_at": None}, {"status": "in_progress", "clocked_in_at": NINE}, "Started"),
        ({"clocked_out_at": None}, {"clocked_out_at": TEN}, "Finish 10:00"),
        ({"clocked_in_at": TEN, "clock_reason": None}, {"clocked_in_at": NINE, "clock_reason": "no signal"},
         "The start corrected from 10:00 to 09:00 (no signal)"),
        ({"instructions": None}, {"instructions": "ring twice"}, "Instructions changed"),
        ({"busy_until": NINE}, {"busy_until": TEN}, ""),
    ],
)  # fmt: skip
def test_a_change_is_said_in_words(old, new, said):
    entry = SimpleNamespace(operation="update", old=old, new=new)
    assert of_ticket(entry, lambda at: f"{at:%H:%M}") == said


def test_the_beginning():
    assert of_ticket(SimpleNamespace(operation="insert", old=None, new={}), str) == "Booked"


@pytest.mark.parametrize(
    ("table", "operation", "thing", "old", "new", "said"),
    [
        ("contact", "update", "Tomas Shah", {"phone": "1", "phone_e164": None}, {"phone": "2", "phone_e164": "+2"}, "Tomas Shah was changed: phone"),
        ("contact", "update", "Tomas Shah", {"merged_into_id": None}, {"merged_into_id": "x"}, "Tomas Shah was merged into another one"),
        ("contact", "update", "Tomas Shah", {"archived_at": None}, {"archived_at": NINE}, "Tomas Shah was archived"),
        ("contact", "update", "Tomas Shah", {"archived_at": NINE}, {"archived_at": None}, "Tomas Shah was put back on the list"),
        ("attribute", "update", "pet", {"value": "cat"}, {"value": "dog"}, "Pet: cat → dog"),
        ("attribute", "delete", "pet", {"key": "pet"}, None, "Pet was removed"),
        ("address", "update", "1 Elm St", {"label": None}, {"label": "Home"}, "1 Elm St was changed: label"),
        ("ticket", "insert", None, None, {}, "A visit: booked"),
        ("ticket", "update", None, {"status": "scheduled"}, {"status": "in_progress", "clocked_in_at": NINE}, "A visit: started"),
        ("ticket", "update", None, {"prices_include_tax": "f"}, {"prices_include_tax": "t"}, "A visit was changed"),
        ("assignment", "insert", None, None, {"member_id": "x"}, "The technicians of a visit were changed"),
        ("note", "delete", None, {"body": "x"}, None, "A note was removed"),
        ("note", "update", None, {"body": "x"}, {"body": "y", "edited_at": NINE}, "A note was changed: words"),
        ("message", "update", None, {"status": "pending"}, {"status": "cancelled"}, "A planned message is now cancelled"),
        ("invoice", "update", None, {"status": "draft"}, {"status": "sent", "number": "1"}, "An invoice is now issued"),
        ("task", "update", None, {"done_at": None}, {"done_at": NINE}, "A task was ticked off"),
        ("something_new", "update", None, {}, {"colour": "red"}, "Something was changed"),
    ],
)  # fmt: skip
def test_a_change_of_anything_is_said_in_words(table, operation, thing, old, new, said):
    entry = SimpleNamespace(table_name=table, operation=operation, thing=thing, old=old, new=new)
    assert of_change(entry, str) == said


def test_what_was_changed_is_a_link_where_it_has_a_page():
    assert page_of(SimpleNamespace(table_name="assignment", row_id="7")) == "/tickets/7"
    assert page_of(SimpleNamespace(table_name="note", row_id="7")) is None
