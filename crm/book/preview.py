"""A file as it is looked over before it is taken in: its columns, where they may go, and what its first rows become."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from crm.book.mapping import key_of
from crm.book.people import BadRow, Person, person_of

LABELS = {
    "name": "Name", "first_name": "First name", "last_name": "Last name", "organisation": "Organisation", "phone": "Phone",
    "other_phone": "Other phone", "email": "E-mail", "preferred_method": "Prefers call, text or e-mail", "note": "Always good to know",
    "label": "Address: label", "street": "Address: street", "street_2": "Address: second line", "city": "Address: city",
    "region": "Address: state or region", "postcode": "Address: postcode", "access_note": "Address: how to get in",
    "referred_by": "Sent by", "tags": "Tags",
}  # fmt: skip
PEOPLE = 5


class Row(Protocol):
    """A row of the file, and which it is."""

    @property
    def number(self) -> int: ...

    @property
    def cells(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class Column:
    """A column of the file, and where it goes."""

    place: int
    name: str
    target: str
    values: list[str]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Where it may go. A fact keeps the name that it has, or is called after its column."""
        fact = self.target if self.target.startswith("attribute:") else f"attribute:{key_of(self.name)}"
        return [
            ("", "Leave out"), (fact, f"Keep as a fact called “{fact.removeprefix('attribute:')}”"), *LABELS.items(),
        ]  # fmt: skip


def columns(names: Sequence[str], mapping: Sequence[str], rows: Sequence[Row]) -> list[Column]:
    return [Column(place, name, mapping[place], _values(rows, place)) for place, name in enumerate(names)]


def _values(rows: Sequence[Row], place: int) -> list[str]:
    """Three different values of a column, short enough to be looked over."""
    values = dict.fromkeys(row.cells[place] for row in rows if row.cells[place])
    return [value if len(value) < 40 else f"{value[:38]}…" for value in list(values)[:3]]


def people(rows: Sequence[Row], mapping: Sequence[str], zone: str) -> tuple[list[Person], list[tuple[int, str]]]:
    """The first rows as the contacts that they become, and what is wrong with those that become none."""
    found: list[Person] = []
    bad: list[tuple[int, str]] = []
    for row in rows:
        try:
            found.append(person_of(row.cells, mapping, zone))
        except BadRow as error:
            bad.append((row.number, error.message))
    return found[:PEOPLE], bad
