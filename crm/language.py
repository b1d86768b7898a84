"""The language of a customer's pages: English is the source, `locale/<language>.po` has the others.

Mails and times are said by the database (`internal.mail_template`, `internal.language`), so that a
page and a mail never say two things. What members see is English.
"""

from functools import cache
from typing import Any

from babel import Locale
from babel.messages.pofile import read_po
from quart import g, has_request_context, request

from crm.paths import LOCALE

SOURCE = "en"


@cache
def catalogues() -> dict[str, dict[str, str]]:
    """For each language but English: what a sentence is there."""
    found = {}
    for path in sorted(LOCALE.glob("*.po")):
        with path.open("rb") as file:
            found[path.stem] = {str(m.id): str(m.string) for m in read_po(file) if m.id and m.string}
    return found


@cache
def names() -> list[tuple[str, str]]:
    """Every language that we speak, by its own name: ("de", "Deutsch")."""
    return [(name, (Locale(name).get_language_name() or name).capitalize()) for name in sorted([SOURCE, *catalogues()])]


def wanted() -> list[str]:
    """What this browser asks for, most wanted first, without countries: de-AT is de."""
    tags = (tag for tag, quality in request.accept_languages if quality > 0)
    return list(dict.fromkeys(tag.partition("-")[0].lower() for tag in tags))[:10]


def first_wanted() -> str:
    """For a page that belongs to nobody we know."""
    return next((name for name in wanted() if name == SOURCE or name in catalogues()), SOURCE)


def follow(found: Any) -> Any:
    """From here on this page speaks the language of the row that a link led to, if it led to one."""
    if found is not None:
        g.language = found.language
    return found


def spoken() -> str:
    """The language of the page that is being made."""
    return str(g.get("language", SOURCE)) if has_request_context() else SOURCE


def say(text: str, language: str | None = None) -> str:
    """A sentence of ours in this language; one that has no translation stays as it is."""
    return catalogues().get(language or spoken(), {}).get(text, text)


def place(zone: str) -> str:
    """America/New_York → New York, Europe/Vienna → Wien: by which clock a time is meant."""
    city = Locale(spoken()).time_zones.get(zone, {}).get("city")
    return city or zone.rpartition("/")[2].replace("_", " ")
