"""What Jinja's filters make of values."""

from datetime import UTC, datetime
from typing import Any, cast

from crm import filters


def test_weeks_later_is_the_same_time_on_the_clock_though_the_clocks_change_in_between():
    context = cast(Any, {"zone": "America/Chicago"})
    october = datetime(2026, 10, 22, 14, 30, tzinfo=UTC)  # half past nine
    assert filters.weeks_later(context, october, 4) == datetime(2026, 11, 19, 15, 30, tzinfo=UTC)
    assert filters.weeks_later(context, datetime(2027, 2, 28, 8, 30, tzinfo=UTC), 2) == datetime(
        2027, 3, 14, 8, 30, tzinfo=UTC
    ), "half past two is skipped that night"
