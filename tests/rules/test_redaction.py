"""Card and social security numbers never stay in free text, whoever writes the row; other numbers do."""

import pytest

from tests.conftest import PAT, become

CARDS = [
    "4111 1111 1111 1111", "4111111111111111", "5500-0000-0000-0004", "3400 000000 00009", "378282246310005",
    "6011 0009 9013 9424", "4222222222222",
]  # fmt: skip
KEPT = [
    "256-555-0131", "(256) 555 0131", "+1 256 555 0131", "+44 20 7946 0958", "35758-1234", "2026-11-23 14:30", "4111 1111 1111 1112",
    "invoice 1234567890123456", "01a2070f-7b31-7000-8000-000000000061", "24 panes at 4.00", "000-12-3456", "666-12-3456", "900-12-3456",
    "meter 1234567", "1234-5678",
]  # fmt: skip


@pytest.mark.parametrize("number", CARDS)
def test_a_card_number_is_redacted(admin, number):
    assert (
        admin.execute("select internal.redact(%s) as text", (f"pays with {number}, exp 12/29",)).fetchone().text
        == "pays with [REDACTED], exp 12/29"
    )


def test_a_social_security_number_is_redacted(admin):
    assert admin.execute("select internal.redact('ssn 123-45-6789.') as text").fetchone().text == "ssn [REDACTED]."


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("4111-1111-1111-1111 12/27", "[REDACTED] 12/27"),
        ("pay by card 4111 1111 1111 1111 12/27 cvc 123", "pay by card [REDACTED] 12/27 cvc 123"),
        ("4111 1111 1111 1111 123", "[REDACTED] 123"),
        ("4111.1111.1111.1111", "[REDACTED]"),
        ("4111\u00a01111\u00a01111\u00a01111", "[REDACTED]"),
        ("4111\u20131111\u20131111\u20131111", "[REDACTED]"),
        ("41111111 11111111", "[REDACTED]"),
        ("visa_4111111111111111-", "visa_[REDACTED]-"),
        ("ssn 123 45 6789", "ssn [REDACTED]"),
        ("Social Security no. 123456789", "Social Security no. [REDACTED]"),
        ("call 2565550192 2565550193", "call 2565550192 2565550193"),
    ],
)
def test_however_it_is_written(admin, text, left):
    assert admin.execute("select internal.redact(%s) as text", (text,)).fetchone().text == left


@pytest.mark.parametrize("text", KEPT)
def test_other_numbers_are_left_alone(admin, text):
    assert admin.execute("select internal.redact(%s) as text", (text,)).fetchone().text == text


def test_a_note_typed_in_psql_is_redacted_and_recorded(admin, signer):
    become(admin, signer, "owner")
    row = admin.execute(
        "update crm.contact set note = 'card 4111 1111 1111 1111' where id = %s returning note", (PAT,)
    ).fetchone()
    assert row.note == "card [REDACTED]"
    event = admin.execute("select kind, detail from crm.security_event order by id desc limit 1").fetchone()
    assert event == ("number_redacted", "contact.note")
    entry = admin.execute(
        "select new::text from crm.audit_entry where table_name = 'contact' order by at desc limit 1"
    ).fetchone()
    assert "4111" not in entry.new
