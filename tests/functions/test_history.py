"""The audit of a visit in sentences."""

from types import SimpleNamespace

import pytest

from crm.history import of_ticket

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
