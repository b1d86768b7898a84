"""What a file of customers holds, whichever way it was written."""

from dataclasses import dataclass
from typing import Literal

MOST_BYTES = 40_000_000
MOST_ROWS = 100_000
# Most of a file of so many lines is empty.
MOST_LINES = 2_000_000
MOST_COLUMNS = 200
MOST_CHARACTERS = 10_000


@dataclass(frozen=True, slots=True)
class Table:
    """Columns with names that are all different, and rows that each have a cell for every column."""

    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    kind: Literal["csv", "vcard"]
    encoding: str
    delimiter: str | None
    """What stands between two cells; None when there is one column, or the file is of cards."""


class Unreadable(Exception):
    """The file cannot be read. `message` is a sentence or two that say why and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def too_many_rows(line: int) -> Unreadable:
    return Unreadable(f"The file has more than {MOST_ROWS:,} customers (line {line:,}). Split it into smaller files.")


def too_many_lines() -> Unreadable:
    return Unreadable(f"The file has more than {MOST_LINES:,} lines. Take out those that are empty.")


def too_many_columns(line: int) -> Unreadable:
    return Unreadable(f"Line {line:,} has more than {MOST_COLUMNS} columns. Take out those that are not needed.")


def too_long(line: int) -> Unreadable:
    return Unreadable(
        f"A cell in line {line:,} is longer than {MOST_CHARACTERS:,} characters. "
        "Shorten it, or look there for a quotation mark that is never closed."
    )


def names(given: list[str], width: int) -> tuple[str, ...]:
    """A name for each of `width` columns: "Column 7" for one without, "Phone (2)" for the second of a name."""
    found: dict[str, None] = {}
    taken = {*given}
    for number in range(1, width + 1):
        name = given[number - 1] if number <= len(given) else ""
        name = first = name or f"Column {number}"
        count = 1
        # A number that the file itself gives to another column is left to that column.
        while name in found or (count > 1 and name in taken):
            count += 1
            name = f"{first} ({count})"
        found[name] = None
    return tuple(found)
