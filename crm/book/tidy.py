"""Cells as people and spreadsheets leave them, and as they are kept."""

import re
import unicodedata
from collections.abc import Iterable

# Control characters, and those that turn the direction of what follows. Line breaks and tabs are seen to later.
UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
BREAK = re.compile(r"\r\n|[\r\n\v\f\x85\u2028\u2029]")
SEEN = re.compile(r"[^\s\u00ad\u200b-\u200f\u2060\ufeff]")
EMAIL = re.compile(r"[^@]+@[^@]+\.[^@.]+")
BETWEEN_WORDS = re.compile(r"[\s,;:|<>()\[\]\"']+")
# `1.25655512E9` and `1.25656E+09`: a number that a program or a spreadsheet wrote short.
SHORT = re.compile(r"(\d)(?:[.,](\d+))?E(\+?)(\d{1,2})", re.I)
BETWEEN_NUMBERS = re.compile(r"\s*(?::::|[;|\n]|,(?=\s*[+(\d])|\s/\s|\sor\s)\s*", re.I)
BETWEEN_ITEMS = re.compile(r":::|[,;|\n]")
# What people type where there is nothing to type.
NOTHING = {"-", "--", "n/a", "na", "none", "null", "nil", "no", "unknown", "?", "x", "keine", "aucun", "ninguno"}
# Groups that an address book makes by itself.
OWN_GROUPS = {"mycontacts", "my contacts", "other contacts", "starred", "starred in android"}
METHODS = {
    "call": "call, phone, phone call, telephone, tel, voice, ring, mobile, anruf, telefon, appel, téléphone, llamada, teléfono",
    "text": "text, text message, sms, message, txt, mms, whatsapp, nachricht, mensaje, texto",
    "email": "email, e-mail, mail, courriel, correo, correo electrónico",
}
METHOD_OF = {word: method for method, words in METHODS.items() for word in words.split(", ")}


class Rounded(Exception):
    """A spreadsheet dropped digits of this number."""


def clean(cell: str) -> str:
    """In composed form, without what cannot be seen; "" when nothing can."""
    cell = unicodedata.normalize("NFC", BREAK.sub("\n", UNSEEN.sub("", cell))).strip()
    return cell if SEEN.search(cell) else ""


def line(cell: str, breaks: str = " ") -> str | None:
    """On one line, with single blanks."""
    parts = (" ".join(part.split()) for part in cell.split("\n"))
    return breaks.join(filter(None, parts)) or None


def paragraph(cell: str) -> str | None:
    """On as many lines as it has, at most one of them empty between two others."""
    lines = "\n".join(" ".join(part.split()) for part in cell.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip() or None


def unquoted(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from taking 02134 for a number."""
    return re.sub(r"^['’]+(?=[+(\d])", "", cell)


def emails(cell: str) -> list[str]:
    """The addresses in a cell, in small letters."""
    return [word.lower() for word in BETWEEN_WORDS.split(cell) if EMAIL.fullmatch(word)]


def numbers(cell: str) -> list[str]:
    """The phone numbers in a cell: cut only where each part has the digits of one, so that "x 12" stays with its own."""
    parts = [part for part in BETWEEN_NUMBERS.split(paragraph(cell) or "") if part]
    return parts if all(len(re.findall(r"\d", part)) >= 7 for part in parts) else [cell]


def phone(typed: str) -> str | None:
    """On one line, as typed, but that a number is written out again: `1.25655512E9` is 1256555120 and `2565550199.0`
    is 2565550199. Raises Rounded when digits are gone for good."""
    number = unquoted(line(typed) or "")
    if number.casefold() in NOTHING:
        return None
    number = re.sub(r"^(\d{7,15})[.,]0+$", r"\1", number)
    short = SHORT.fullmatch(number)
    if not short:
        return number or None
    digits = short[1] + (short[2] or "")
    missing = int(short[4]) + 1 - len(digits)
    # A program leaves out zeros at the end and no more, and writes E9; a spreadsheet rounds, and writes E+09.
    if missing > (0 if short[3] else 2):
        raise Rounded
    return number if missing < 0 else digits + "0" * missing


def method(cell: str | None) -> str | None:
    return METHOD_OF.get(cell.casefold().strip(" .!")) if cell else None


def items(cells: Iterable[str]) -> list[str]:
    """Each once, as it was written first."""
    found: dict[str, str] = {}
    for cell in cells:
        for part in BETWEEN_ITEMS.split(cell):
            item = line(part.strip().lstrip("* "))
            if item and SEEN.search(item) and item.casefold() not in OWN_GROUPS:
                found.setdefault(item.casefold(), item)
    return list(found.values())
