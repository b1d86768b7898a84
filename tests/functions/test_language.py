"""What customers are told: every language says everything, and says times as the world writes them."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.extract import extract_from_dir

from crm import app, language
from crm.paths import PACKAGE
from tests.conftest import TIDY, become

LANGUAGES = [name for name, _ in language.names()]
OTHERS = sorted(language.catalogues())
# What the database and the forms refuse on a customer's page.
REFUSALS = {
    "Write at most 500 characters.", "Choose an answer.", "Choose yes or no.", "Choose a time within the coming year.",
    "This time cannot be read. Choose one from the page.", "This has a character that cannot be stored. Type it again.",
    "Choose a language from the list.", "Choose a language from the list, or leave it open.",
    "This form is no longer valid, so nothing was saved.", "Go back, reload the page and send it again.", "Nothing was saved.",
}  # fmt: skip
FIELD = re.compile(r"%\(\w+\)s")


def said() -> set[str]:
    """Every sentence that our own code may say to a customer."""
    methods = [("**.html", "jinja2"), ("**.py", "python")]
    found = extract_from_dir(str(PACKAGE), method_map=methods, keywords={"_": None, "say": None})
    ours = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if "from crm" in path.read_text() and "language" in path.read_text()
    }
    sentences = {
        text for file, _, text, _, _ in found if isinstance(text, str) and (file.endswith(".html") or file in ours)
    }
    return sentences | {words for pair in app.WORDS.values() for words in pair} | REFUSALS


@pytest.mark.parametrize("name", OTHERS)
def test_every_sentence_is_said_in_every_language(name):
    catalogue = language.catalogues()[name]
    assert said() - catalogue.keys() == set(), "has no translation"
    assert catalogue.keys() - said() == set(), "is said by nobody"
    for text, translated in catalogue.items():
        assert sorted(FIELD.findall(text)) == sorted(FIELD.findall(translated)), text


def test_the_refusals_are_our_own_words():
    """A sentence that is changed in the database must be changed in the translations."""
    words = "".join(path.read_text() for path in (Path(__file__).parents[2]).joinpath("schema").rglob("*.sql"))
    words += "".join(path.read_text() for path in PACKAGE.rglob("*.py"))
    assert [text for text in REFUSALS if text not in words] == []


def test_the_database_speaks_the_same_languages(admin):
    assert [row.language for row in admin.execute("select language from internal.language order by 1")] == LANGUAGES
    kinds = admin.execute("select language, count(*) from internal.mail_template group by 1 order by 1").fetchall()
    assert [(row.language, row.count) for row in kinds] == [(name, 8) for name in LANGUAGES]
    fields = admin.execute(
        "select kind, count(distinct f.fields) from internal.mail_template t "
        "cross join lateral (select array_agg(x order by x) as fields from unnest(internal.fields_of(t.body)) x) f group by 1"
    ).fetchall()
    assert {row.count for row in fields} == {1}, "a mail says the same in each language"


@pytest.mark.parametrize("name", LANGUAGES)
def test_days_and_months_have_their_names(admin, name):
    """As the Unicode Consortium's locale data has them."""
    locale = Locale(name)
    row = admin.execute("select weekdays, months from internal.language where language = %s", (name,)).fetchone()
    assert row.weekdays == [locale.days["format"]["wide"][day] for day in range(7)]
    assert row.months == [locale.months["format"]["wide"][month] for month in range(1, 13)]


TUESDAY = datetime(2026, 11, 24, 15, 5, tzinfo=UTC)
FIRST = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)


def said_at(admin, name, at, until=None, currency="USD"):
    """How the business, if it reckoned in this currency, says a time."""
    return (
        admin.execute(
            "select internal.time_words(jsonb_populate_record(b, jsonb_build_object('currency', %s::text)), %s, %s, %s) as said "
            "from crm.business b where b.business_id = %s",
            (currency, name, at, until, TIDY),
        )
        .fetchone()
        .said
    )


@pytest.mark.parametrize(
    ("name", "currency", "words"),
    [
        ("en", "USD", "Tuesday, November 24, 9:05 am to 10:35 am"),
        ("en", "GBP", "Tuesday 24 November, 09:05 to 10:35"),
        ("de", "EUR", "Dienstag, 24. November, 09:05 bis 10:35 Uhr"),
        ("de", "USD", "Dienstag, 24. November, 09:05 bis 10:35 Uhr"),
        ("es", "USD", "martes 24 de noviembre, de 9:05 am a 10:35 am"),
        ("es", "EUR", "martes 24 de noviembre, de 09:05 a 10:35"),
        ("fr", "CAD", "mardi 24 novembre, de 09:05 à 10:35"),
    ],
)
def test_a_time_is_said_as_its_readers_write_it(admin, name, currency, words):
    assert said_at(admin, name, TUESDAY, TUESDAY + timedelta(minutes=90), currency) == words


def test_noon_midnight_and_the_first_of_a_month(admin):
    noon = FIRST + timedelta(hours=12)
    assert said_at(admin, "en", FIRST) == "Tuesday, December 1, 12:00 am"
    assert said_at(admin, "en", noon) == "Tuesday, December 1, 12:00 pm"
    assert said_at(admin, "fr", noon) == "mardi 1er décembre, 12:00"
    assert said_at(admin, "en", None) is None


@pytest.mark.parametrize(
    ("words", "fields", "filled"),
    [
        ("Hello {name},", '{"name": "Nora"}', "Hello Nora,"),
        ("Hello {name},", '{"name": "{link} %s \\\\1"}', "Hello {link} %s \\1,"),
        ("What: {what}\nWhere: {where}\n\nBye", '{"what": "Panes", "where": ""}', "What: Panes\n\nBye"),
        ("Hi\n\nWhat: {what}\nWhere: {where}\n\nBye", '{"what": null}', "Hi\n\nBye"),
        ("{a}{b}{a}", '{"a": "1", "b": "2"}', "121"),
    ],
)
def test_a_value_is_never_taken_for_a_field_and_empty_lines_are_left_out(admin, words, fields, filled):
    assert admin.execute("select internal.fill(%s, %s::jsonb) as said", (words, fields)).fetchone().said == filled


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_mail_is_in_the_language_of_whom_it_is_for(admin, signer, name):
    become(admin, signer, "office")
    contact = admin.execute(
        "select id from api.contact_create('person', 'Lena {link}', null, 'lena@example.com', p_language => %s)",
        (name,),
    ).fetchone()
    admin.execute(
        "insert into crm.message (contact_id, kind, send_at, reason) values (%s, 'outreach', now() + interval '1 day', 'A test.')",
        contact,
    )
    mail = admin.execute(
        "select t.* from crm.message m, internal.message_text(m, 'https://link') t where m.contact_id = %s", contact
    ).fetchone()
    hello = {
        "de": "Guten Tag, Lena {link}!",
        "en": "Hello Lena {link},",
        "es": "Hola, Lena {link}:",
        "fr": "Bonjour Lena {link},",
    }
    assert mail.body.startswith(hello[name] + "\n\n")
    assert mail.body.endswith("\nhttps://link\n")


@pytest.mark.parametrize(
    ("own", "wanted", "chosen"),
    [("es", ["fr"], "es"), (None, ["xx", "fr", "es"], "fr"), (None, ["xx"], "de"), (None, [], "de")],
)
def test_their_own_language_then_what_they_want_then_that_of_the_business(admin, own, wanted, chosen):
    row = admin.execute(
        'select internal.contact_language(jsonb_populate_record(b, \'{"language": "de"}\'), '
        "jsonb_populate_record(null::crm.contact, jsonb_build_object('language', %s::text)), %s::text[]) as chosen "
        "from crm.business b where b.business_id = %s",
        (own, wanted, TIDY),
    ).fetchone()
    assert row.chosen == chosen


@pytest.mark.parametrize("table", ["business", "contact"])
def test_a_language_that_nobody_speaks_is_refused(admin, signer, table):
    become(admin, signer, "owner")
    with pytest.raises(Exception, match=f"{table}_language_is_known"):
        admin.execute(f"update crm.{table} set language = 'xx' where business_id = %s", (TIDY,))
