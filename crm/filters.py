"""How values look to people: Jinja filters. The zone and currency are the business's own."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from crm import history, language, money, repeats, timezone

AMERICAN = ("USD", "CAD")  # currencies whose people read 2:05 pm and Nov 23


def _american(context: Context) -> bool:
    return context["currency"] in AMERICAN


@pass_context
def clock(context: Context, at: datetime | None) -> str:
    """14:05, or 2:05 pm, in the business's zone."""
    if at is None:
        return ""
    wall = timezone.local(at, context["zone"])
    return f"{wall:%I:%M %p}".lstrip("0").lower() if _american(context) else f"{wall:%H:%M}"


@pass_context
def wall_clock(context: Context, at: time) -> str:
    """14:05, or 2:05 pm: a time of day that is no instant."""
    return f"{at:%I:%M %p}".lstrip("0").lower() if _american(context) else f"{at:%H:%M}"


@pass_context
def span(context: Context, start: datetime, end: datetime) -> str:
    """From when until when, in the business's zone: whole days without their midnights."""
    from_at, to_at = (timezone.local(at, context["zone"]) for at in (start, end))
    whole = from_at.time() == to_at.time() == time()
    last = (to_at - timedelta(days=1)).date() if whole else to_at.date()
    first_day, last_day = short_day(context, from_at.date()), short_day(context, last)
    if whole:
        return first_day if last == from_at.date() else f"{first_day} to {last_day}"
    return f"{first_day}, {clock(context, start)} to {'' if last == from_at.date() else last_day + ', '}{clock(context, end)}"


@pass_context
def hour(context: Context, of_day: int) -> str:
    """14:00, or 2 pm."""
    return (f"{of_day % 12 or 12} {'am' if of_day < 12 else 'pm'}") if _american(context) else f"{of_day:02}:00"


def _date(context: Context, at: datetime | date) -> date:
    return timezone.local(at, context["zone"]).date() if isinstance(at, datetime) else at


@pass_context
def short_day(context: Context, at: datetime | date | None) -> str:
    """Mon 23 Nov, or Mon, Nov 23, in the business's zone."""
    if at is None:
        return ""
    on = _date(context, at)
    return f"{on:%a}, {on:%b} {on.day}" if _american(context) else f"{on:%a} {on.day} {on:%b}"


@pass_context
def day(context: Context, at: datetime | date | None) -> str:
    """Mon 23 Nov 2026, or Mon, Nov 23, 2026, in the business's zone."""
    if at is None:
        return ""
    return f"{short_day(context, at)}{',' if _american(context) else ''} {_date(context, at).year}"


def language_name(code: str) -> str:
    return dict(language.names()).get(code, code)


def free_choices(visit: Any) -> list[tuple[str, str, str]]:
    """Times that a customer may wish for, as the database says them, or none of them."""
    return [
        (at.isoformat(), capitalize_first(words), "") for at, words in zip(visit.free_at, visit.free_words, strict=True)
    ] + [("", language.say("None of these"), language.say("Say below what would suit you"))]


@pass_context
def money_shown(context: Context, minor: int | None, currency: str | None = None) -> str:
    return "" if minor is None else money.show(minor, currency or context["currency"])


@pass_context
def money_plain(context: Context, minor: int | None) -> str:
    return "" if minor is None else money.plain(minor, context["currency"])


@pass_context
def input_time(context: Context, at: datetime | None) -> str:
    """For `datetime-local` fields, in the business's zone."""
    return timezone.local(at, context["zone"]).strftime("%Y-%m-%dT%H:%M") if at else ""


@pass_context
def weeks_later(context: Context, at: datetime, weeks: int) -> datetime:
    """The same weekday and the same time on the clock, weeks later, in the business's zone."""
    wall = timezone.local(at, context["zone"])
    return timezone.from_wall(wall.date() + timedelta(weeks=weeks), wall.time(), context["zone"])


def quantity(value: Decimal | int) -> str:
    """24 or 1.5, never 24.00."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def units(value: Decimal | int, label: str | None) -> str:
    """24 panes, 1 pane, 1.5 hours; only the number when there is no unit."""
    text = quantity(value)
    if not label:
        return text
    ending = "" if value == 1 or label.endswith("s") else "es" if label.endswith(("x", "ch", "sh")) else "s"
    return f"{text} {label}{ending}"


def ago(at: datetime, now: datetime) -> str:
    """just now, 20 minutes ago, 3 hours ago, 12 days ago."""
    minutes = int((now - at).total_seconds()) // 60
    if minutes < 1:
        return "just now"
    number, unit = next(
        (minutes // size, unit) for size, unit in ((1440, "day"), (60, "hour"), (1, "minute")) if minutes >= size
    )
    return f"{number} {unit}{'' if number == 1 else 's'} ago"


def percent(basis_points: int | None) -> str:
    return "" if basis_points is None else quantity(Decimal(basis_points) / 100)


def duration(minutes: int) -> str:
    """90 → 1 h 30 min."""
    hours, rest = divmod(int(minutes), 60)
    return " ".join(
        part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "") if part
    )


def tel(phone: str) -> str:
    """A link that a phone can dial."""
    return "tel:" + quote("".join(c for c in phone if c.isdigit() or c == "+"), safe="+")


def route(*parts: str | None) -> str:
    """A link that opens the phone's map application on the way there."""
    return "https://www.google.com/maps/dir/?api=1&destination=" + quote(", ".join(p for p in parts if p))


def reach_line(row: Any) -> str:
    """By what a contact in a list is known again: number or e-mail, street, city."""
    return ", ".join(part for part in (row.phone or row.email, row.street, row.city) if part)


SECTIONS = {"access": "Getting in", "property": "The property", "people": "The people", "other": "Other"}


def section_name(section: str) -> str:
    return SECTIONS[section]


def by_section(groups: list[Any]) -> list[Any]:
    """Groups of facts in the order of their headings."""
    return sorted(groups, key=lambda group: list(SECTIONS).index(group[0]))


@pass_context
def fact_value(context: Context, value: str, kind: str) -> str:
    """A fact's value as people read it: a date as dates are written, Yes rather than yes."""
    if kind == "date":
        return day(context, date.fromisoformat(value))
    return value.capitalize() if kind == "yes_no" else value


MAILS = {
    "outreach": "Is it time again?", "confirmation": "Does it suit you?", "confirmation_follow_up": "Does it suit you? Once more",
    "reminder": "Reminder", "cancellation": "Cancelled", "on_my_way": "On the way", "waitlist_offer": "A time has become free",
}  # fmt: skip


def message_kind(kind: str) -> str:
    """What a mail is about, as its heading."""
    return MAILS[kind]


def bytes_shown(number: int) -> str:
    """380 KB or 2.4 MB."""
    return f"{max(1, round(number / 1000))} KB" if number < 1_000_000 else f"{number / 1_000_000:.1f} MB"


def redacted(text: str) -> Markup:
    """Free text with the places where a number was removed made plain to see."""
    mark = Markup('<mark class="redacted" title="A card or social security number was removed">[removed]</mark>')
    return mark.join(str(text).split("[REDACTED]"))


def address_line(row: Any) -> str:
    return ", ".join(part for part in (row.street, row.city) if part)


@pass_context
def iso_day(context: Context, at: datetime) -> str:
    """2026-11-23 in the business's zone, for links to a day."""
    return timezone.local(at, context["zone"]).date().isoformat()


@pass_context
def ticket_history(context: Context, entry: Any) -> str:
    """What an audit entry of a visit did."""
    return history.of_ticket(entry, lambda at: f"{short_day(context, at)}, {clock(context, at)}")


def rule_words(series: Any) -> str:
    """Every 4 weeks on Tuesday."""
    return repeats.rule(series)


@pass_context
def series_history(context: Context, entry: Any) -> str:
    """What an audit entry of a series did."""
    return history.of_series(entry, lambda on: day(context, on))


@pass_context
def preview_words(context: Context, counts: Any, first_clash: datetime | None) -> str:
    """12 visits move, 2 moved by hand stay, 1 clashes: Tue 3 Mar, 14:00."""
    said = [
        f"{number} {one if number == 1 else many}" for number, one, many in (
            (counts["move"], "visit moves", "visits move"), (counts["change"], "visit changes", "visits change"),
            (counts["make"], "is new", "are new"), (counts["cancel"], "is cancelled", "are cancelled"),
            (counts["by_hand"], "moved by hand stays", "moved by hand stay"), (counts["clash"], "clashes", "clash"),
        ) if number
    ]  # fmt: skip
    at = f"{short_day(context, first_clash)}, {clock(context, first_clash)}" if first_clash else ""
    where = (": " if counts["clash"] == 1 else ", the first ") + at if at else ""
    return f"{', '.join(said)}{where}." if said else "No visit changes."


@pass_context
def series_change_words(context: Context, change: Any) -> str:
    """What a change of a series did, by whom and when."""
    counts = (
        (change.moved, "moved"),
        (change.made, "made"),
        (change.cancelled, "cancelled"),
        (change.tasks, "need somebody else to go"),
    )
    said = ", ".join(f"{number} {words}" for number, words in counts if number)
    who = f"{change.member}, " if change.member else ""
    return f"{who}{short_day(context, change.created_at)} {clock(context, change.created_at)}: {f'visits: {said}' if said else 'no visit changed its time'}."


@pass_context
def change_words(context: Context, entry: Any) -> str:
    """What an audit entry of anything did."""
    return history.of_change(entry, lambda at: f"{short_day(context, at)}, {clock(context, at)}")


WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY_PARTS = {"morning": "before noon", "afternoon": "from noon on"}


@pass_context
def wish_words(context: Context, entry: Any) -> str:
    """From Tue 3 Mar to Fri 20 Mar, Mon or Wed, before noon, with Tess: when somebody on the waitlist would like to be visited."""
    until = f" to {short_day(context, entry.until_on)}" if entry.until_on else " on"
    days = sorted(set(entry.weekdays or ()))
    parts = (
        f"From {short_day(context, entry.from_on)}{until}", " or ".join(WEEKDAYS[day - 1] for day in days if len(days) < 7),
        DAY_PARTS.get(entry.day_part), entry.technician and f"with {entry.technician}",
    )  # fmt: skip
    return ", ".join(part for part in parts if part)


def capitalize_first(words: str) -> str:
    """As it stands, but for its first letter; `capitalize` would take the names' letters too."""
    return words[:1].upper() + words[1:]


def currency_sign(currency: str) -> str:
    return money.SYMBOLS.get(currency, currency)


def same(values: list[str]) -> list[tuple[str, str]]:
    """Choices whose value is their label."""
    return [(value, value) for value in values]


def id_choices(rows: list[Any]) -> list[tuple[str, str]]:
    return [(str(row.id), row.name) for row in rows]


def address_choices(addresses: list[Any]) -> list[tuple[str, str]]:
    return [(str(a.id), f"{a.label}: {address_line(a)}" if a.label else address_line(a)) for a in addresses]


def service_choices(services: list[Any], currency: str) -> list[tuple[str, str]]:
    return [("", "Choose one")] + [
        (str(s.id), f"{s.name}, {money.show(s.price_minor, currency)}{f' a {s.unit_label}' if s.unit_label else ''}")
        for s in services
    ]


def import_line(row: Any) -> str:
    """What has become of a file of customers, in a few words."""
    words = {
        "mapping": "To be looked over",
        "waiting": "Waiting",
        "running": "Importing",
        "undoing": "Being undone",
        "undone": "Undone",
    }
    if row.state in words:
        return words[row.state]
    counts = ((row.created, "new"), (row.updated, "updated"), (row.skipped, "known already"), (row.failed, "failed"))
    return ", ".join(f"{count:,} {word}" for count, word in counts if count) or "Not imported"


def register(env: Environment) -> None:
    for function in (
        clock, day, short_day, free_choices, language.place, language_name, iso_day, money_plain, input_time, weeks_later, quantity, units, ago, percent, duration, tel, currency_sign, same,
        address_choices, id_choices, service_choices, wall_clock, span, hour, ticket_history, change_words, reach_line, section_name, by_section, fact_value, redacted, bytes_shown, import_line, message_kind,
        rule_words, wish_words, capitalize_first, series_history, preview_words, series_change_words,
    ):  # fmt: skip
        env.filters[function.__name__] = function
    env.filters["money"] = money_shown
    env.globals.update(route=route, address_line=address_line, page_of=history.page_of)
