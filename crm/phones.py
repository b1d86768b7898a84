"""Telephone numbers as they are dialled from anywhere."""

import re
from functools import lru_cache
from importlib.resources import files

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, ValidationResult

# What people write behind a number: "256-555-0199 (cell)", "256-555-0199 ask for Ann".
REMARK = re.compile(r"(?<=\d)[\s,;:(–—-]+(?!x|ext|#)[^\W\d][^\d]*$", re.I)


@lru_cache(maxsize=1)
def regions() -> dict[str, str]:
    """The country of each zone that names a place, by the table that comes with the zones."""
    zoneinfo = files("tzdata") / "zoneinfo"
    found: dict[str, str] = {}
    for line in (zoneinfo / "zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            country, _, zone, *_ = line.split("\t")
            found[zone] = country
    # Older names of the same places: `L America/Chicago US/Central`.
    for line in (zoneinfo / "tzdata.zi").read_text("utf-8").splitlines():
        if line.startswith("L "):
            _, zone, older = line.split()
            if zone in found:
                found.setdefault(older, found[zone])
    return found


def region(zone: str) -> str | None:
    """America/Chicago → US; None for UTC, which is no place."""
    return regions().get(zone)


def e164(typed: str | None, zone: str) -> str | None:
    """ "(256) 555-0199" of a business in America/Chicago → "+12565550199". None when no such number is possible, or
    when it can only be dialled from nearby. An extension is left out."""
    if not typed:
        return None
    found = read(typed, zone) or read(REMARK.sub("", typed), zone)
    dialled = phonenumbers.format_number(found, PhoneNumberFormat.E164) if found else ""
    # 1-800-FLOWERS is a number too, but not one whose digits were typed.
    return dialled if dialled and dialled[-6:] in re.sub(r"\D", "", typed) else None


def read(typed: str, zone: str) -> PhoneNumber | None:
    try:
        found = phonenumbers.parse(typed, region(zone))
    except phonenumbers.NumberParseException:
        return None
    # One that is possible without its area code could be anybody's.
    possible = phonenumbers.is_possible_number_with_reason(found) == ValidationResult.IS_POSSIBLE
    return found if possible else None
