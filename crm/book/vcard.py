"""The text of a file of vCards (2.1, 3.0 or 4.0, as telephones and address books write them) into a table."""

import io
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass

from crm.book.table import MOST_CHARACTERS, MOST_ROWS, Table, Unreadable, too_long, too_many_rows

# In the order of the table; a column is there when a card fills it.
COLUMNS = (
    *("Name", "Organisation", "Phone", "Phone (2)", "Phone (3)", "Phone (4)", "Fax"),
    *("E-mail", "E-mail (2)", "E-mail (3)"),
    *("Label", "Street", "Street 2", "City", "Region", "Postcode", "Country"),
    *("Label (2)", "Street (2)", "Street 2 (2)", "City (2)", "Region (2)", "Postcode (2)", "Country (2)"),
    *("Note", "Tags", "Title", "Birthday", "Website"),
)
PLAIN = {"TITLE": "Title", "BDAY": "Birthday", "URL": "Website"}
ADDRESS = ("Street 2", "Street", "City", "Region", "Postcode", "Country")
BEGINS = re.compile(r"\s*BEGIN:VCARD\b", re.I)
LINE = re.compile(r'(?:[\w-]++\.)?([\w-]++)((?:;(?:"[^"]*+"|[^":;])*+)*+):(.*)', re.S)
PARAMETER = re.compile(r';((?:"[^"]*+"|[^";])*+)')
QUOTED_PRINTABLE = re.compile(r"[^:]*[;=]QUOTED-PRINTABLE\b", re.I)
# Other names of codecs are not looked up: some are no letters at all.
CHARSET = re.compile(r"utf-8|us-ascii|iso-8859-\d\d?|windows-125\d|shift_jis|gbk|gb2312|big5|euc-(jp|kr)|koi8-r", re.I)
EXTENSION = re.compile(r";ext=(\d+).*|;.*", re.I | re.S)


@dataclass(frozen=True, slots=True)
class Property:
    """`TEL;TYPE=cell:256-555-0199`: its name (TEL), its words (CELL), and its value, still escaped."""

    name: str
    words: frozenset[str]
    value: str

    def text(self) -> str:
        return "".join(self.parts("")).strip()

    def parts(self, separator: str) -> list[str]:
        """Cut at each separator that is not escaped, and what is escaped said plainly."""
        parts = [""]
        for piece in re.findall(rf"\\.|{separator or '$'}|[^\\{separator}]+|\\", self.value, re.S):
            if piece == separator:
                parts.append("")
            elif piece[:1] == "\\" and len(piece) == 2:
                parts[-1] += "\n" if piece[1] in "nN" else piece[1]
            else:
                parts[-1] += piece
        return [part.strip() for part in parts]


def is_vcard(name: str, text: bytes, encoding: str) -> bool:
    return name.lower().endswith((".vcf", ".vcard")) or bool(BEGINS.match(text[:200].decode(encoding, "replace")))


def table(text: bytes, encoding: str) -> Table:
    """One row for each card. Raises Unreadable."""
    found: list[dict[str, str]] = []
    for line, card in cards(text, encoding):
        values = cells(card)
        if values and len(found) == MOST_ROWS:
            raise too_many_rows(line)
        if any(len(value) > MOST_CHARACTERS for value in values.values()):
            raise too_long(line)
        if values:
            found.append(values)
    if not found:
        raise Unreadable("The file has no cards with a name in them. Export your contacts again as vCard or CSV.")
    filled = {column for values in found for column in values}
    columns = tuple(column for column in COLUMNS if column in filled)
    rows = [tuple(values.get(column, "") for column in columns) for values in found]
    return Table(columns, rows, "vcard", encoding, None)


def unfolded(text: bytes, encoding: str) -> Iterator[tuple[int, str]]:
    """Long lines are cut by their writers: the rest follows after a blank, or after a `=` at the end."""
    begins, pieces = 0, [""]
    for number, line in enumerate(io.TextIOWrapper(io.BytesIO(text), encoding), 1):
        line = line.removesuffix("\n")
        if pieces[-1].endswith("=") and QUOTED_PRINTABLE.match(pieces[0]):
            pieces[-1] = pieces[-1][:-1]
            pieces.append(line)
        elif line[:1] in (" ", "\t"):
            pieces.append(line[1:])
        else:
            yield begins, "".join(pieces)
            begins, pieces = number, [line]
    yield begins, "".join(pieces)


def cards(text: bytes, encoding: str) -> Iterator[tuple[int, list[Property]]]:
    """The line that each card begins in, and its properties. A card in a card (an agent's) is passed over."""
    card: list[Property] | None = None
    begins = inside = 0
    agent = False
    for number, line in unfolded(text, encoding):
        read = LINE.fullmatch(line.strip())
        name = read[1].upper() if read else ""
        if name == "BEGIN" and agent:
            inside += 1
        elif name == "BEGIN":
            if card:
                yield begins, card
            card, begins, inside = [], number, 0
        elif name == "END" and inside:
            inside -= 1
        elif name == "END":
            if card:
                yield begins, card
            card = None
        elif read and card is not None and not inside:
            card.append(property_of(name, read[2], read[3], encoding))
        agent = name == "AGENT"
    if card:
        yield begins, card


def property_of(name: str, parameters: str, value: str, encoding: str) -> Property:
    words: set[str] = set()
    charset = "utf-8"
    for parameter in PARAMETER.findall(parameters):
        key, equals, said = parameter.replace('"', "").partition("=")
        if key.upper() == "CHARSET" and CHARSET.fullmatch(said):
            charset = said
        words.update((said if equals else key).upper().split(","))
        if key.upper() == "PREF":
            words.add("PREF")
    if "QUOTED-PRINTABLE" in words:
        plain = quopri.decodestring(value.encode(encoding, "replace"))
        try:
            value = plain.decode(charset)
        except (LookupError, UnicodeError):
            value = plain.decode("windows-1252", "replace")
    return Property(name, frozenset(words), value.replace("\r\n", "\n").replace("\0", ""))


def cells(card: list[Property]) -> dict[str, str]:
    """The columns that the card fills."""
    said = {p.name: p for p in reversed(card) if p.words.isdisjoint({"B", "BASE64"})}
    values: dict[str, str] = {}
    notes = [p.text() for p in card if p.name == "NOTE" and p.text()]
    organisation = ", ".join(filter(None, said["ORG"].parts(";"))) if "ORG" in said else ""
    name = said["FN"].text() if "FN" in said else ""
    if not name and "N" in said:
        family, given, middle, before, after = (*said["N"].parts(";"), "", "", "", "", "")[:5]
        name = " ".join(filter(None, (before, given, middle, family, after)))
    if any(said[key].text().upper() in ("ORG", "COMPANY") for key in ("KIND", "X-ABSHOWAS") if key in said):
        name, organisation = "", organisation or name
    values["Name"], values["Organisation"] = name, organisation
    for kind, column in (("TEL", "Phone"), ("EMAIL", "E-mail")):
        for p in preferred(card, kind):
            value = re.sub(r"(?i)^(tel|mailto):", "", p.text())
            if kind == "TEL":
                value = EXTENSION.sub(lambda m: f" x{m[1]}" if m[1] else "", value)
            free = next((c for c in COLUMNS if not values.get(c) and re.fullmatch(rf"{column}( \(\d\))?", c)), None)
            if kind == "TEL" and "FAX" in p.words:
                values.setdefault("Fax", value)
            elif free:
                values[free] = value
            elif value:
                notes.append(f"{column}: {value}")
    for p, number in zip(preferred(card, "ADR"), ("", " (2)"), strict=False):
        box, *parts = (*p.parts(";"), "", "", "", "", "", "", "")[:7]
        values |= {f"{column}{number}": part for column, part in zip(ADDRESS, parts, strict=True)}
        values[f"Street{number}"] = values[f"Street{number}"] or box
        values[f"Label{number}"] = next((word.capitalize() for word in ("HOME", "WORK") if word in p.words), "")
    values |= {column: said[name].text() for name, column in PLAIN.items() if name in said}
    values["Tags"] = ", ".join(filter(None, said["CATEGORIES"].parts(","))) if "CATEGORIES" in said else ""
    values["Note"] = "\n".join(notes)
    return {column: value for column, value in values.items() if value}


def preferred(card: list[Property], name: str) -> list[Property]:
    """The preferred one first, then mobile phones, then as they stand in the card."""
    found = [p for p in card if p.name == name and p.value.strip(" ;")]
    return sorted(found, key=lambda p: ("PREF" not in p.words, "CELL" not in p.words))
