"""What one row of a file says about one person or organisation."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crm import phones
from crm.book import tidy
from crm.book.tidy import line, paragraph


class BadRow(Exception):
    """The row cannot become a contact. `message` says what to correct in the column of `field`."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field, self.message = field, message


@dataclass(frozen=True, slots=True)
class Address:
    label: str | None
    street: str
    city: str | None
    region: str | None
    postcode: str | None
    access_note: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """A contact to be. Texts are tidy, in composed form, and None when there is nothing; lengths are the database's
    to judge, and so is an e-mail address that is none."""

    kind: str
    name: str
    phone: str | None
    phone_e164: str | None
    other_phone: str | None
    other_e164: str | None
    email: str | None
    preferred_method: str | None
    note: str | None
    referred_by: str | None
    consent: None
    """Never known from a file: somebody has to have asked."""
    address: Address | None
    attributes: dict[str, str]
    tags: list[str]
    remarks: tuple[str, ...]
    """What was read otherwise than it is written, in sentences for the person who looks the import over."""


def person_of(row: Sequence[str], mapping: Sequence[str], zone: str) -> Person:
    """The person of a row. `mapping` has the target of each cell, `zone` is where the business is, and with it the
    country of phone numbers without one. Several columns of one target are read one after the other.
    Raises BadRow when there is no name or a spreadsheet has rounded a phone number."""
    said: dict[str, list[str]] = {}
    for target, cell in zip(mapping, row, strict=False):
        if target and (cell := tidy.clean(cell)):
            said.setdefault(target, []).append(cell)
    remarks: list[str] = []
    notes = ["\n".join(said.get("note", []))]
    attributes = facts(said)

    kind, name = name_of(said, attributes)
    phone, other, more = phones_of(said, remarks)
    notes += [f"Other phone: {number}" for number in more]
    email, further = email_of(said)
    notes += [f"Other e-mail: {address}" for address in further]
    method = tidy.method(first(said, "preferred_method"))
    if not method and (wish := first(said, "preferred_method")):
        keep(attributes, "preferred method", wish)
    address = address_of(said, attributes, notes)
    return Person(
        kind=kind,
        name=name,
        phone=phone,
        phone_e164=phones.e164(phone, zone),
        other_phone=other,
        other_e164=phones.e164(other, zone),
        email=email,
        preferred_method=method,
        note=paragraph("\n".join(notes)),
        referred_by=line(", ".join(said.get("referred_by", []))),
        consent=None,
        address=address,
        attributes=attributes,
        tags=tidy.items(said.get("tags", [])),
        remarks=tuple(remarks),
    )


def first(said: dict[str, list[str]], target: str) -> str | None:
    return next(filter(None, map(line, said.get(target, []))), None)


def name_of(said: dict[str, list[str]], attributes: dict[str, str]) -> tuple[str, str]:
    """Its kind and its name. The organisation of a person is kept as a fact."""
    organisation = first(said, "organisation")
    parts = [part for target in ("first_name", "last_name") if (part := first(said, target))]
    name = first(said, "name") or " ".join(parts)
    if not name and not organisation:
        raise BadRow("name", "This row has no name: neither of a person nor of an organisation.")
    if organisation and name.casefold() in ("", organisation.casefold()):
        return "organisation", organisation
    if organisation:
        keep(attributes, "organisation", organisation)
    return "person", name


def phones_of(said: dict[str, list[str]], remarks: list[str]) -> tuple[str | None, str | None, list[str]]:
    """The first number, another, and those that are left over. A number is there once however often it is written."""
    found: dict[str, str] = {}
    for target in ("phone", "other_phone"):
        for cell in said.get(target, []):
            for typed in tidy.numbers(cell):
                number = phone(target, typed, remarks)
                if number:
                    found.setdefault(re.sub(r"\D", "", number) or number, number)
    given = list(found.values())
    return next(iter(given), None), next(iter(given[1:]), None), given[2:]


def phone(field: str, typed: str, remarks: list[str]) -> str | None:
    """As typed, but for what a spreadsheet did to it."""
    try:
        number = tidy.phone(typed)
    except tidy.Rounded:
        raise BadRow(
            field,
            f"The spreadsheet rounded this phone number: {typed}. "
            "Make the column as wide as the number, format it as text, and save the file again.",
        ) from None
    if number and tidy.SHORT.fullmatch(tidy.unquoted(typed)):
        remarks.append(f"The phone number {typed} is read as {number}.")
    return number


def email_of(said: dict[str, list[str]]) -> tuple[str | None, list[str]]:
    """The first address, in small letters, and what else is in the cell. What is no address is left as it is, so that
    the rule about addresses can say so."""
    cells = [cell for given in said.get("email", []) if (cell := line(given)) and cell.casefold() not in tidy.NOTHING]
    found = [address for cell in cells for address in tidy.emails(cell)]
    if not found:
        return (cells[0].lower() if cells else None), cells[1:]
    unread = [cell for cell in cells if not tidy.emails(cell)]
    return found[0], [*list(dict.fromkeys(found))[1:], *unread]


def facts(said: dict[str, list[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for target, cells in said.items():
        if target.startswith("attribute:"):
            keep(found, target.removeprefix("attribute:"), *filter(None, map(line, cells)))
    return found


def keep(attributes: dict[str, str], key: str, *values: str) -> None:
    """As a fact, unless it is known already. A program's "false" says that nobody ticked a box, which is no fact; its
    "true" is a yes."""
    said = ["yes" if value.casefold() == "true" else value for value in values if value.casefold() != "false"]
    if said:
        attributes.setdefault(key, ", ".join(said))


def address_of(said: dict[str, list[str]], attributes: dict[str, str], notes: list[str]) -> Address | None:
    """A place has a street. Without one, what is known of the place is kept as facts, and how to get in as a note."""
    streets = [*said.get("street", []), *said.get("street_2", [])]
    street = ", ".join(dict.fromkeys(part for given in streets if (part := line(given, breaks=", "))))
    places = {target: first(said, target) for target in ("label", "city", "region", "postcode")}
    access = paragraph("\n".join(said.get("access_note", [])))
    if street:
        postcode = places["postcode"] and tidy.unquoted(places["postcode"])
        return Address(places["label"], street, places["city"], places["region"], postcode, access)
    for target, value in places.items():
        if value:
            keep(attributes, "place" if target == "label" else target, value)
    if access:
        notes.append(f"Access: {access}")
    return None
