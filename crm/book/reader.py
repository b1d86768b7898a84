"""A file's bytes into a table: what kind of file it is, and with which letters it is written."""

import codecs
import re
from dataclasses import replace

from crm.book import sheet, vcard
from crm.book.table import MOST_BYTES, Table, Unreadable

__all__ = ["Table", "Unreadable", "read"]

# Kinds of file that are given a name that ends in .csv, by how they begin.
KINDS = (
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook (.xls)"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"SQLite format 3", "a database"),
)
PACKED = (b"\x1f\x8b", b"PK\x05\x06", b"PK\x07\x08", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ")
# A zip names the files inside it in plain bytes, so that it need not be unpacked to know what it is.
ZIPPED = (
    (b"xl/workbook", "an Excel workbook (.xlsx)"),
    (b"opendocument.spreadsheet", "an OpenDocument spreadsheet (.ods)"),
    (b"Index/Document.iwa", "a Numbers spreadsheet"),
    (b"word/document", "a Word document"),
)
PAGE = re.compile(rb"\s*<(!doctype html|html|table|\?xml|head)", re.I)
CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1f\x7f]")
CHUNK = 1 << 20
SAMPLE = 1 << 16


def read(name: str, data: bytes) -> Table:
    """The table in a CSV file (UTF-8, UTF-16 with its mark, Windows-1252; comma, semicolon, tab or bar) or in a file
    of vCards. Cells are trimmed, empty rows left out, short rows filled. Raises Unreadable."""
    if len(data) > MOST_BYTES:
        raise Unreadable(f"The file is larger than {MOST_BYTES // 1_000_000} MB. Split it into smaller files.")
    refuse_other_kinds(data)
    text, encoding = letters(data)
    if not text.strip():
        raise Unreadable("The file is empty. Choose the file that your customers were saved in.")
    codec = "utf-8" if encoding == "utf-16" else encoding
    table = vcard.table(text, codec) if vcard.is_vcard(name, text, codec) else sheet.table(text, codec)
    return replace(table, encoding=encoding)


def refuse_other_kinds(data: bytes) -> None:
    """A file that is no text is told what it looks like. Nothing is ever unpacked."""
    kind = next((kind for start, kind in KINDS if data.startswith(start)), None)
    if data.startswith(b"PK\x03\x04"):
        kind = next((kind for mark, kind in ZIPPED if mark in data), None)
    if kind:
        raise Unreadable(f"This looks like {kind}. Open it there and save the customers as CSV, then choose that file.")
    if data.startswith((b"PK\x03\x04", *PACKED)):
        raise Unreadable("This looks like a packed file (zip). Unpack it and choose the CSV file that was inside.")
    if PAGE.match(data[:SAMPLE]):
        raise Unreadable(
            "This looks like a web page or an XML file. Open it in a spreadsheet and save the customers as CSV."
        )


def letters(data: bytes) -> tuple[bytes, str]:
    """The text in UTF-8 or Windows-1252 without its mark, and the name of the encoding that it came in."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            data = data.decode("utf-16").encode()
        except UnicodeError:
            raise unknown() from None
        encoding = "utf-16"
    else:
        data = data.removeprefix(codecs.BOM_UTF8)
        encoding = "utf-8" if decodes(data, "utf-8") else "windows-1252"
    sample = data[:SAMPLE]
    if b"\0" in data or len(CONTROL.findall(sample)) * 50 > len(sample):
        raise Unreadable("This is not a text file. Save the customers as CSV (UTF-8), then choose that file.")
    if encoding == "windows-1252" and not decodes(data, encoding):
        raise unknown()
    return data, encoding


def unknown() -> Unreadable:
    return Unreadable("The letters of this file cannot be read. Save it again as CSV with the encoding UTF-8.")


def decodes(data: bytes, encoding: str) -> bool:
    """Piece by piece, as one string of 40 MB can take four times as much memory."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(data), CHUNK):
            decoder.decode(data[start : start + CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
