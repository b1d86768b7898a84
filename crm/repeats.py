"""The rule of a series in words: every 4 weeks on Tuesday."""

from datetime import date, timedelta
from typing import Any

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")  # fmt: skip
UNITS = [("day", "Days"), ("week", "Weeks"), ("month", "Months"), ("year", "Years")]
PLACES = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}


def rule(series: Any) -> str:
    """How often and on which days; not at what time, and not until when."""
    every = f"Every {series.unit}" if series.every == 1 else f"Every {series.every} {series.unit}s"
    if series.unit == "day":
        return every
    if series.unit == "week":
        return f"{every} on {_listed([DAYS[day - 1] for day in series.weekdays])}"
    month = f" of {MONTHS[series.first_on.month - 1]}" if series.unit == "year" else ""
    if series.monthly_by == "nth_weekday":
        return f"{every} on the {PLACES[series.nth]} {DAYS[series.weekdays[0] - 1]}{month}"
    last = ", or the last day of a shorter month" if series.nth > (27 if month == " of February" else 28) else ""
    return f"{every} on the {ordinal(series.nth)}{month}{last}"


def monthly_choices(on: date, series: Any = None) -> list[tuple[str, str]]:
    """By what a month is gone by: the day or the weekday of this date, or of a series as it is."""
    nth = -1 if (on + timedelta(days=7)).month != on.month else (on.day + 6) // 7
    day, place, weekday = on.day, nth, on.isoweekday()
    if series is not None and series.monthly_by == "day":
        day = series.nth
    elif series is not None and series.monthly_by == "nth_weekday":
        place, weekday = series.nth, series.weekdays[0]
    return [
        ("day", f"On the {ordinal(day)}" + (", or the last day" if day > 28 else "")),
        ("nth_weekday", f"On the {PLACES[place]} {DAYS[weekday - 1]}"),
    ]


def ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
