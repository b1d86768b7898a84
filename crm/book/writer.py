"""A table into the bytes of a CSV file that a spreadsheet opens with a double click, and that `reader` reads back."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Sequence

# A cell that begins like this is run by spreadsheets. One that already has an apostrophe before it gets another, so
# that the reader, which takes one away, finds what was written.
RUNS = re.compile(r"'*[=+\-@\t\r\n]")


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A whole file: UTF-8 with its mark, under a line with the names of its columns."""
    return codecs.BOM_UTF8 + csv_lines([columns]) + csv_lines(rows)


def csv_lines(rows: Iterable[Sequence[str]]) -> bytes:
    """Lines that end as on Windows, every cell in quotation marks: so no spreadsheet has to guess. `=1+1` is written
    `'=1+1`, and so is `+44 7700 900123`."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([still(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def still(cell: str) -> str:
    return f"'{cell}" if RUNS.match(cell) else cell
