"""The text of a CSV file into a table."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import chain, islice

from crm.book.table import (
    MOST_CHARACTERS,
    MOST_COLUMNS,
    MOST_LINES,
    MOST_ROWS,
    Table,
    Unreadable,
    names,
    too_long,
    too_many_columns,
    too_many_lines,
    too_many_rows,
)

DELIMITERS = ",;\t|"
# The delimiter is guessed from this many rows, in at most this many lines.
SAMPLE, LINES = 50, 2_000
BLANK = f"{DELIMITERS} "
# What stands in quotation marks, up to the end if they are never closed.
QUOTED = re.compile(rf'(?<![^{DELIMITERS}\r\n]) *+"(?:[^"]++|"")*+"?')
# Cells that say the same are one string, up to this many: cities, tags, yes and no.
SHARED = 50_000
# Stands between no two letters that people write: for a file of one column.
NONE = "\x1e"
# The line after the last. It is a row of its own unless a quotation mark is still open.
END = "\x1f\x1fend"
# `sep=;` as Excel writes it, with or without the other delimiters that it adds to fill the row.
SEPARATOR = re.compile(rf"sep=([{DELIMITERS}])[{DELIMITERS}]*\s*", re.I)
# The apostrophe that keeps a spreadsheet from running what follows. `writer` puts it there, and so do others.
APOSTROPHE = re.compile(r"'+[=+\-@\t\r\n]")


def table(text: bytes, encoding: str) -> Table:
    """Rows are cut at the ends of lines that stand outside quotation marks. Raises Unreadable."""
    skip, delimiter = separator(text, encoding)
    header: list[str] | None = None
    rows: list[tuple[str, ...]] = []
    width = 0
    for line, cells in records(text, encoding, skip, delimiter):
        if len(cells) > MOST_COLUMNS:
            raise too_many_columns(line)
        if header is None:
            header = [" ".join(cell.lstrip("\ufeff").split()) for cell in cells]
        else:
            if len(rows) == MOST_ROWS:
                raise too_many_rows(line)
            rows.append(tuple(cells))
        width = max(width, len(cells))
    if not rows:
        raise Unreadable("The file has no customers below the line that names its columns. Add them, and try again.")
    for index, row in enumerate(rows):
        if len(row) < width:
            rows[index] = row + ("",) * (width - len(row))
    return Table(names(header or [], width), rows, "csv", encoding, delimiter)


def lines(text: bytes, encoding: str, skip: int = 0) -> Iterator[str]:
    """With their ends, which belong to the cell when they stand inside quotation marks."""
    return islice(io.TextIOWrapper(io.BytesIO(text), encoding, newline=""), skip, None)


def separator(text: bytes, encoding: str) -> tuple[int, str | None]:
    """How many lines come before the header, and what stands between two cells."""
    sample = list(islice(lines(text, encoding), LINES))
    if sample and (said := SEPARATOR.fullmatch(sample[0])):
        return 1, said[1]
    rows = [row for row in QUOTED.sub("x", "".join(sample)).splitlines() if row.strip(BLANK)][:SAMPLE]
    best = max(DELIMITERS, key=lambda delimiter: fits(rows, delimiter))
    return 0, best if fits(rows, best) else None


def fits(rows: list[str], delimiter: str) -> float:
    """How many columns there are when it is cut at this delimiter, less for each row that has another number."""
    widths = [row.count(delimiter) + 1 for row in rows]
    return widths[0] * widths.count(widths[0]) / len(widths) if widths and widths[0] > 1 else 0


def records(text: bytes, encoding: str, skip: int, delimiter: str | None) -> Iterator[tuple[int, list[str]]]:
    """Each row that says something, without the empty cells at its end, and the line that it begins in."""
    reader = csv.reader(chain(lines(text, encoding, skip), [END]), delimiter=delimiter or NONE, skipinitialspace=True)
    line = skip + 1
    cells: list[str] = []
    known: dict[str, str] = {}
    try:
        for cells in reader:
            begins, line = line, skip + reader.line_num + 1
            if line > MOST_LINES:
                raise too_many_lines()
            if not cells or cells == [END]:
                continue
            cells = [known.get(cell) or bare(cell, known) for cell in cells]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                if max(map(len, cells)) > MOST_CHARACTERS:
                    raise too_long(begins)
                yield begins, cells
    except csv.Error:  # a cell longer than the csv module itself takes
        raise too_long(line) from None
    if cells != [END]:
        raise Unreadable(f"A quotation mark in line {begins:,} is never closed. Close it or take it out.")


def bare(cell: str, known: dict[str, str]) -> str:
    found = cell.strip()
    if found[:1] == "'" and APOSTROPHE.match(found):
        found = found[1:]
    if len(known) < SHARED:
        known[cell] = found
    return found
