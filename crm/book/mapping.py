"""What each column of a file holds."""

import re
from collections.abc import Iterable, Sequence

from crm.book.presets import PRESETS
from crm.book.words import FIELD_OF, INVOICE, NOISE, WHOSE, plain, tight

__all__ = ["FIELDS", "NOT_IMPORTED", "PRESETS", "guess", "key_of", "preset_of"]

# Where a column may go, in the order of the form. Besides: `attribute:<key>` keeps it as a fact called <key>, and
# "" leaves it out.
FIELDS = ("name", "first_name", "last_name", "organisation", "phone", "other_phone", "email", "preferred_method",
          "note", "label", "street", "street_2", "city", "region", "postcode", "access_note", "referred_by",
          "tags")  # fmt: skip
PLACE = {"street", "street_2", "city", "region", "postcode"}

# What we write above the reasons in a file of rows that failed. Such a file is mended and comes back.
NOT_IMPORTED = "Not imported because"

SAMPLE = 200
# No e-mail address, phone number or postcode is longer.
LONGEST = 254
EMAIL = re.compile(r"[^\s@,;]+@[^\s@,;]+\.[^\s@,;]+")
PHONE = re.compile(r"'?\+?[\d\s().\-/]{7,24}(?:\s*(?:x|ext\.?)\s*\d{1,6})?", re.I)
# Most numbers are no phone numbers: of those that look like one, those that people write with their blanks.
SPACED = re.compile(r"'?\+\d{2}|\(?\d{3}\)?[ .-]+\d{3}[ .-]+\d{4}\b|0\d{2,4}[ /-]\d")
BARE = re.compile(r"\d{10,11}")
POSTCODE = re.compile(r"\d{5}-\d{4}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d", re.I)
DIGITS = re.compile(r"\d{5}")
NAMELESS = re.compile(r"column \d+")
# The second column of a name, as the reader calls it.
AGAIN = re.compile(r" \(\d+\)$")


def preset_of(columns: Iterable[str]) -> str | None:
    """The program that wrote the file, by the names of its columns; None when it is none that is known."""
    there = set(columns)
    for name, preset in PRESETS.items():
        if preset.needs <= there and preset.any_of & there:
            return name
    return None


def key_of(header: str) -> str:
    """What a fact of this column is called: "Gate code #" → "gate code". Always 1 to 40 small letters, digits and
    single blanks, a letter first."""
    key = " ".join(re.findall(r"[a-z0-9]+", plain(header)))
    if not key[:1].isalpha():
        key = f"fact {key}"
    return key[:40].strip()


def guess(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The target of each column: of the program that wrote the file if it is known, else by the column's name, else
    by what is in it. Each target is given once; what is left over is kept as a fact if it says something."""
    name = preset_of(columns)
    known = PRESETS[name].targets if name else {}
    targets: list[str | None] = [known.get(column) for column in columns]
    by_name = [field_of(column) if target is None else ("", 0) for column, target in zip(columns, targets, strict=True)]
    # The surest first: a column named exactly so, one that says whose it is, one of an invoice.
    for wanted in range(3):
        for index, (field, doubt) in enumerate(by_name):
            if field and doubt == wanted:
                targets[index] = free(field, targets)
    settle_names(columns, targets)
    sample = rows[:SAMPLE]
    keys = {target for target in targets if target}
    for index, column in enumerate(columns):
        values = [row[index] for row in sample if row[index]]
        if targets[index] is None:
            field = "" if by_name[index][0] or NOISE.fullmatch(plain(column)) else field_by_values(column, values)
            targets[index] = (field and free(field, targets)) or None
        if targets[index] is None:
            targets[index] = fact(column, by_name[index], keys) if any(row[index] for row in rows) else ""
    return [target or "" for target in targets]


def field_of(column: str) -> tuple[str, int]:
    """The field that a header names, or "", and how doubtful it is: 0 exactly so, 1 with more words, 2 of an invoice."""
    again = AGAIN.search(column)
    words = plain(AGAIN.sub("", column))
    invoice = INVOICE.sub("", words)
    doubt = 2 if invoice != words else 0
    for tried in (words, invoice, WHOSE.sub("", words), WHOSE.sub("", invoice)):
        for given in (tried, re.sub(r"(?<=\D)[ ]?\d$|^\d ", "", tried)):
            if field := FIELD_OF.get(tight(given)):
                return field, doubt or (0 if given == words and not again else 1)
    return "", 0


def free(field: str, targets: Sequence[str | None]) -> str | None:
    """The field, if no column has it yet. A second phone is the other phone."""
    if field == "phone" and "phone" in targets:
        field = "other_phone"
    return None if field in targets else field


def settle_names(columns: Sequence[str], targets: list[str | None]) -> None:
    """Beside a first name alone, "Name" and "Nom" are last names."""
    if "name" in targets and "first_name" in targets and "last_name" not in targets:
        index = targets.index("name")
        if plain(columns[index]) in ("name", "nom"):
            targets[index] = "last_name"


def field_by_values(column: str, values: Sequence[str]) -> str:
    """E-mail addresses, phone numbers and postcodes are known by how they look. Bare numbers could be anything, so
    they are only taken for phone numbers and postcodes when the column has no name."""
    if not values:
        return ""
    nameless = bool(NAMELESS.fullmatch(plain(column)))
    for field, shape in (("email", EMAIL), ("postcode", POSTCODE)):
        if share(shape, values) >= 0.8:
            return field
    phones = [value for value in values if len(value) <= LONGEST and PHONE.fullmatch(value)]
    written = [value for value in phones if SPACED.match(value) or (nameless and BARE.fullmatch(value))]
    if len(written) >= 0.8 * len(values):
        return "phone"
    return "postcode" if nameless and share(DIGITS, values) >= 0.8 else ""


def share(shape: re.Pattern[str], values: Sequence[str]) -> float:
    return sum(len(value) <= LONGEST and bool(shape.fullmatch(value)) for value in values) / len(values)


def fact(column: str, named: tuple[str, int], keys: set[str]) -> str:
    """What is left over becomes a fact, unless it is a program's own or one more address."""
    if NOISE.fullmatch(plain(column)) or named[0] in PLACE:
        return ""
    key = first = key_of(column)
    count = 1
    while f"attribute:{key}" in keys:
        count += 1
        key = f"{first[:36].strip()} {count}"
    keys.add(f"attribute:{key}")
    return f"attribute:{key}"
