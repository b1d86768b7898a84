"""Files of customers, byte for byte, and the table that is read from each."""

import csv
import gzip
import io
import time
import zipfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crm.book.reader import Unreadable, read
from crm.book.writer import csv_bytes

ANN = [("Ann", "256-555-0199"), ("Bob", "")]
TABLES = {
    "UTF-8": ("Name,Phone\nJörg,1\n".encode(), ["Name", "Phone"], [("Jörg", "1")]),
    "UTF-8 with its mark": ("Name,Phone\nJörg,1\n".encode("utf-8-sig"), ["Name", "Phone"], [("Jörg", "1")]),
    "UTF-16 with its mark": ("Name\tPhone\nJörg\t1\n".encode("utf-16"), ["Name", "Phone"], [("Jörg", "1")]),
    "big-endian UTF-16": (b"\xfe\xff" + "Name;Phone\nJörg;1".encode("utf-16-be"), ["Name", "Phone"], [("Jörg", "1")]),
    "Windows-1252": ("Name,Phone\nJörg €,1\n".encode("cp1252"), ["Name", "Phone"], [("Jörg €", "1")]),
    "comma": (b"Name,Phone\nAnn,256-555-0199\nBob,\n", ["Name", "Phone"], ANN),
    "semicolon": (b"Name;Phone\nAnn;256-555-0199\nBob;\n", ["Name", "Phone"], ANN),
    "tab": (b"Name\tPhone\nAnn\t256-555-0199\nBob\t\n", ["Name", "Phone"], ANN),
    "bar": (b"Name|Phone\nAnn|256-555-0199\nBob|\n", ["Name", "Phone"], ANN),
    "delimiters inside quotation marks do not count": (
        b'"Name, first, last, all";Phone\n"Smith, Ann, A, B";1\n', ["Name, first, last, all", "Phone"],
        [("Smith, Ann, A, B", "1")]),
    "one column has no delimiter": (b"Name\nSmith, John\nDoe, Jane\n", ["Name"], [("Smith, John",), ("Doe, Jane",)]),
    "the delimiter that Excel says": (b"sep=;\r\nName;Phone, home\r\nAnn;1\r\n", ["Name", "Phone, home"], [("Ann", "1")]),
    "lines that end as on old Macs": (b"Name,Phone\rAnn,256-555-0199\rBob,\r", ["Name", "Phone"], ANN),
    "lines that end as on Windows": (b"Name,Phone\r\nAnn,256-555-0199\r\nBob,", ["Name", "Phone"], ANN),
    "a line break inside quotation marks": (b'Name,Note\nAnn,"one\ntwo"\nBob,\n', ["Name", "Note"],
                                            [("Ann", "one\ntwo"), ("Bob", "")]),
    "doubled quotation marks": (b'Name,Note\nAnn,"says ""hi"""\n', ["Name", "Note"], [("Ann", 'says "hi"')]),
    "a blank before a quotation mark": (b'Name, Note\nAnn, "a, b"\n', ["Name", "Note"], [("Ann", "a, b")]),
    "inches are no quotation": (b'Name,Note\nAnn,5" pane\n', ["Name", "Note"], [("Ann", '5" pane')]),
    "headers that are there twice": (b"Phone,Phone,Phone (2),Phone\n1,2,3,4\n",
                                     ["Phone", "Phone (3)", "Phone (2)", "Phone (4)"], [("1", "2", "3", "4")]),
    "headers that are missing": (b"Name,,Phone\nAnn,x,1\n", ["Name", "Column 2", "Phone"], [("Ann", "x", "1")]),
    "rows that are empty": (b"\n,,\nName,Phone\n\n , \nAnn,256-555-0199\n,,,\nBob\n", ["Name", "Phone"], ANN),
    "rows that are short": (b"Name,Phone,City\nAnn\n", ["Name", "Phone", "City"], [("Ann", "", "")]),
    "rows that are long": (b"Name,Phone\nAnn,1,x,y\nBob\n", ["Name", "Phone", "Column 3", "Column 4"],
                           [("Ann", "1", "x", "y"), ("Bob", "", "", "")]),
    "blank columns at the end": (b"Name,Phone,,,\nAnn,256-555-0199,,,\nBob,,,,\n", ["Name", "Phone"], ANN),
    "blanks around words": (b" Name  of\tthem ,Phone\n  Ann  , 1 \n", ["Name of them", "Phone"], [("Ann", "1")]),
    "the apostrophe before what a spreadsheet would run": (
        b"Name,Phone\n'=1+1,'+44 7700 900123\n't Hooft,''-1\n", ["Name", "Phone"],
        [("=1+1", "+44 7700 900123"), ("'t Hooft", "'-1")]),
    "forty columns that nobody knows": (
        ",".join(f"c{n}" for n in range(40)).encode() + b"\n" + b",".join([b"x"] * 40) + b"\n",
        [f"c{n}" for n in range(40)], [("x",) * 40]),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_reads(name):
    data, columns, rows = TABLES[name]
    table = read("customers.csv", data)
    assert (table.columns, table.rows, table.kind) == (tuple(columns), rows, "csv")


@pytest.mark.parametrize(
    ("name", "encoding", "delimiter"),
    [("UTF-8", "utf-8", ","), ("UTF-16 with its mark", "utf-16", "\t"), ("Windows-1252", "windows-1252", ","),
     ("semicolon", "utf-8", ";"), ("one column has no delimiter", "utf-8", None), ("the delimiter that Excel says", "utf-8", ";")],
)  # fmt: skip
def test_says_how_it_was_written(name, encoding, delimiter):
    table = read("customers.csv", TABLES[name][0])
    assert (table.encoding, table.delimiter) == (encoding, delimiter)


def zipped(*names: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"0" * 1_000_000)
    return data.getvalue()


REFUSED = {
    "an empty file": (b"", "The file is empty."),
    "a file of nothing but its mark": (b"\xff\xfe", "The file is empty."),
    "a file of blank lines": (b"\n \n\r\n", "The file is empty."),
    "names of columns and no customers": (b"Name,Phone\n,\n", "The file has no customers below the line"),
    "a workbook": (zipped("[Content_Types].xml", "xl/workbook.xml"), "This looks like an Excel workbook (.xlsx)."),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "This looks like an Excel workbook (.xls)."),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "This looks like a picture (PNG)."),
    "a PDF": (b"%PDF-1.7\n", "This looks like a PDF."),
    "a zip": (zipped("customers.csv"), "This looks like a packed file (zip)."),
    "a gzip": (gzip.compress(b"Name\nAnn\n"), "This looks like a packed file (zip)."),
    "a web page": (b"<!DOCTYPE html><table>", "This looks like a web page"),
    "a NUL": (b"Name,Phone\nAn\0n,1\n", "This is not a text file."),
    "a NUL in UTF-16": ("Name,Phone\nAn\0n,1\n".encode("utf-16"), "This is not a text file."),
    "control characters": (bytes(range(1, 9)) * 20, "This is not a text file."),
    "half a letter of UTF-16": (b"\xff\xfeN\0a", "The letters of this file cannot be read."),
    "letters of nobody": (b"Name\nJ\x81\x8d\n", "The letters of this file cannot be read."),
    "an open quotation mark": (b'Name,Note\nAnn,x\nBob,"y\nCid,z\n', "A quotation mark in line 3 is never closed."),
    "more than 40 MB": (b"Name\n" + b"x" * 40_000_000, "The file is larger than 40 MB."),
    "more than 100,000 customers": (b"Name\n" + b"x\n" * 100_001, "more than 100,000 customers (line 100,002)"),
    "more than 200 columns": (b"a,b\nc,d\n" + b"x," * 200 + b"x", "Line 3 has more than 200 columns."),
    "more lines than customers need": (b"Name\n" + b"\n" * 2_000_001, "The file has more than 2,000,000 lines."),
    "a cell of 10,001 characters": (b"Name\nAnn\n\n" + b"x" * 10_001, "A cell in line 4 is longer than 10,000"),
    "a cell of 200,000 characters": (b"Name\nAnn\n" + b"x" * 200_000, "A cell in line 3 is longer than 10,000"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(name):
    data, message = REFUSED[name]
    with pytest.raises(Unreadable) as refused:
        read("customers.csv", data)
    assert message in refused.value.message


def test_the_longest_that_is_allowed_is_read():
    table = read("x.csv", b"Name\n" + b"x" * 10_000 + b"\n" + b"y\n" * 99_999)
    assert (len(table.rows), len(table.rows[0][0])) == (100_000, 10_000)
    assert len(read("x.csv", b"x," * 199 + b"x\n" + b"y," * 199 + b"y").columns) == 200


def test_thirty_megabytes_take_seconds():
    row = '{0},Ann,256-555-{0:05},a{0}@example.com,"12 Elm St, Apt {0}",Huntsville,AL,35801,"' + "note " * 40 + '"\n'
    data = ("L,F,Phone,E,S,C,R,P,N\n" + "".join(map(row.format, range(99_999)))).encode()
    began = time.process_time()
    table = read("customers.csv", data)
    assert (len(data) > 26_000_000, len(table.rows), len(table.columns)) == (True, 99_999, 9)
    assert time.process_time() - began < 10


def test_the_limit_of_everybody_else_stays():
    before = csv.field_size_limit()
    read("customers.csv", b"Name,Phone\nAnn,1\n")
    assert csv.field_size_limit() == before


# ---- properties ---------------------------------------------------------------------------------------

# A cell as it is kept: on one line, trimmed, and no control characters.
PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp", "Cs")), max_size=12).map(str.strip)
CELLS = st.one_of(PLAIN, st.sampled_from(["=1+1", "'=1", "''@x", "+44", "-", "'t", '"', "a;b", "a\tb|c", "sep=;"]))
HEADERS = CELLS.map(lambda text: " ".join(text.lstrip("\ufeff").split())).filter(bool)


@st.composite
def tables(draw):
    columns = draw(st.lists(HEADERS, min_size=1, max_size=6, unique=True))
    row = st.lists(CELLS, min_size=len(columns), max_size=len(columns)).filter(any)
    return columns, [tuple(cells) for cells in draw(st.lists(row, min_size=1, max_size=6))]


@settings(max_examples=300, deadline=None)
@given(tables())
def test_what_is_written_is_read_back(table):
    columns, rows = table
    found = read("customers.csv", csv_bytes(columns, rows))
    assert (list(found.columns), found.rows) == (columns, rows)


@settings(max_examples=500, deadline=None)
@given(
    st.sampled_from(["a.csv", "a.vcf"]),
    st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", b"a,b\n", b"sep=;\n", b"BEGIN:VCARD\nFN:Ann\nADR;"]),
    st.binary(max_size=300) | st.text(max_size=200).map(str.encode) | st.text(max_size=100).map(lambda t: t.encode("utf-16")[2:]),
)  # fmt: skip
@example("a.csv", b"", b'"\x1f\x1fend')
@example("a.vcf", b"", b"BEGIN:VCARD\nN;CHARSET=iso-8859-99;ENCODING=QUOTED-PRINTABLE:=FF\nEND")
def test_no_bytes_break_it(name, start, data):
    try:
        table = read(name, start + data)
    except Unreadable:
        return
    assert table.rows
    assert {len(row) for row in table.rows} == {len(table.columns)}
    assert len({*table.columns}) == len(table.columns)
