"""What the list of contacts is narrowed to: read from an address, and written as one again.

Whatever cannot be read is as good as not there, so an old or mistyped address shows a list and never an error.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple, Protocol
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

MOST_FACTS, MOST_MONTHS = 5, 60
MONTHS = (1, 2, 3, 6, 9, 12, 18, 24)  # that are offered; an address may say others
FACT = re.compile(r"([A-Za-z][A-Za-z0-9 ]{0,39}?)\s*(?:[:=]\s*(.*))?")
OWES = {"1": "unpaid", "overdue": "overdue"}
KINDS = ("person", "organisation")


class Arguments(Protocol):
    """The parameters of an address, each of which may come more than once."""

    def getlist(self, key: str) -> list[str]: ...


class Part(NamedTuple):
    """One filter that is set, and the address of the list without it."""

    name: str
    value: Any
    without: str


class _Pairs:
    def __init__(self, query: str) -> None:
        try:
            self.pairs = parse_qsl(query[:4000], max_num_fields=100)
        except ValueError:  # more than anybody asks for
            self.pairs = []

    def getlist(self, key: str) -> list[str]:
        return [value for name, value in self.pairs if name == key]


@dataclass(frozen=True)
class Filters:
    """Every filter of the list, empty where it is not set."""

    place: str = ""
    facts: tuple[str, ...] = ()
    quiet: int | None = None
    visited_from: date | None = None
    visited_to: date | None = None
    service: UUID | None = None
    owes: str = ""
    kind: str = ""
    archived: bool = False
    q: str = ""

    @classmethod
    def read(cls, arguments: Arguments) -> "Filters":
        """From the parameters of an address."""

        def first(name: str, most: int = 80) -> str:
            return _tidy(next(iter(arguments.getlist(name)), ""), most)

        facts = [_fact(text) for text in arguments.getlist("fact")]
        facts += [f"tags: {tag}" for text in arguments.getlist("tag") if (tag := _tidy(text, 80))]
        months = first("quiet")
        return cls(
            place=first("place"),
            facts=tuple(dict.fromkeys(fact for fact in facts if fact))[:MOST_FACTS],
            quiet=int(months) if re.fullmatch("[0-9]{1,2}", months) and 1 <= int(months) <= MOST_MONTHS else None,
            visited_from=_day(first("visited_from")),
            visited_to=_day(first("visited_to")),
            service=_id(first("service")),
            owes=first("owes") if first("owes") in OWES else "",
            kind=first("kind") if first("kind") in KINDS else "",
            archived=first("archived") == "1",
            q=first("q", 100),
        )

    @classmethod
    def of_query(cls, query: str) -> "Filters":
        return cls.read(_Pairs(query))

    @property
    def narrow(self) -> bool:
        """Whether anything is set beside the words that are searched."""
        return replace(self, q="") != Filters()

    @property
    def query(self) -> str:
        """The one way to write these filters in an address."""
        return urlencode([(name, value) for name, value in self._pairs()], safe=":,")

    @property
    def fact_boxes(self) -> list[str]:
        """What the boxes of the form hold: the facts, and room for another."""
        boxes = [*self.facts, "", ""]
        return boxes[: min(max(len(self.facts) + 1, 2), MOST_FACTS)]

    @property
    def quiet_choices(self) -> list[tuple[str, str]]:
        months = sorted({*MONTHS, self.quiet or MONTHS[0]})
        return [("", "Any time"), *((str(n), "1 month" if n == 1 else f"{n} months") for n in months)]

    def parts(self) -> list[Part]:
        pairs = self._pairs()
        return [
            Part(name, self._value(name, value), urlencode(pairs[:place] + pairs[place + 1 :], safe=":,"))
            for place, (name, value) in enumerate(pairs)
        ]

    def values(self) -> dict[str, Any]:
        """For the statements that ask for them."""
        return {
            "place": self.place or None, "facts": list(self.facts) or None, "quiet_months": self.quiet,
            "visited_from": self.visited_from, "visited_to": self.visited_to, "service_id": self.service,
            "owes": OWES.get(self.owes), "kind": self.kind or None, "archived": self.archived, "q": self.q or None,
        }  # fmt: skip

    def _pairs(self) -> list[tuple[str, str]]:
        plain: Mapping[str, Any] = {
            "quiet": self.quiet, "visited_from": self.visited_from, "visited_to": self.visited_to, "service": self.service,
            "owes": self.owes, "kind": self.kind, "archived": "1" if self.archived else "", "q": self.q,
        }  # fmt: skip
        place = [("place", self.place)] if self.place else []
        return [*place, *(("fact", fact) for fact in self.facts), *((n, str(v)) for n, v in plain.items() if v)]

    def _value(self, name: str, value: str) -> Any:
        return getattr(self, name) if name in ("visited_from", "visited_to", "service", "quiet") else value


def _tidy(text: str, most: int) -> str:
    """On one line, in one kind of blank, without what the database cannot keep."""
    return " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())[:most].strip()


def _fact(text: str) -> str:
    """`pet: dog`, or `pet` for whoever has that fact at all; empty when it names none."""
    found = FACT.fullmatch(_tidy(text, 120))
    if found is None:
        return ""
    key, value = found[1].strip().lower(), (found[2] or "").strip()
    return f"{key}: {value}" if value else key


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 <= day.year < 2200 else None


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
