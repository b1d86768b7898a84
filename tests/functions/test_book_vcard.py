"""Address books' vCards, and the row that is read from each."""

import pytest

from crm.book.reader import Unreadable, read

CARDS = {
    "2.1 as old telephones write it": (
        b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;J=F6rg;;Dr.\r\n"
        b"TEL;WORK;VOICE:1234567\r\nTEL;CELL:2565550199\r\nTEL;FAX:7654321\r\n"
        b"NOTE;ENCODING=QUOTED-PRINTABLE:gate=0D=0Acode=\r\n 12=3D34\r\nEND:VCARD\r\n",
        {"Name": "Dr. Jörg Müller", "Phone": "2565550199", "Phone (2)": "1234567", "Fax": "7654321",
         "Note": "gate\ncode 12=34"}),
    "3.0 as Apple writes it": (
        b"BEGIN:VCARD\nVERSION:3.0\nN:Smith;Ann;;;\nFN:Ann Smith\nORG:Acme\\, Inc.;Sales;\n"
        b"EMAIL;type=INTERNET;type=HOME:ann@home.test\nEMAIL;type=INTERNET;type=pref:ann@work.test\n"
        b"item1.ADR;type=HOME;type=pref:;;12 Elm St\\nApt 4;Hunts\n ville;AL;35801;USA\n"
        b"BDAY:1970-01-01\nPHOTO;ENCODING=b:AAAA\n BBBB==\nEND:VCARD\n",
        {"Name": "Ann Smith", "Organisation": "Acme, Inc., Sales", "E-mail": "ann@work.test",
         "E-mail (2)": "ann@home.test", "Label": "Home", "Street": "12 Elm St\nApt 4", "City": "Huntsville",
         "Region": "AL", "Postcode": "35801", "Country": "USA", "Birthday": "1970-01-01"}),
    "4.0 with links for numbers": (
        b'BEGIN:VCARD\nVERSION:4.0\nFN:Bob\nTEL;VALUE=uri;TYPE="voice,home":tel:+1-256-555-0101;ext=102\n'
        b"TEL;PREF=1:tel:+12565550102\nEMAIL:mailto:bob@x.test\nCATEGORIES:VIP,Monthly\\, paid\n"
        b"NOTE:one\\; two\\\\three\nNOTE:four\nEND:VCARD\n",
        {"Name": "Bob", "Phone": "+12565550102", "Phone (2)": "+1-256-555-0101 x102", "E-mail": "bob@x.test",
         "Tags": "VIP, Monthly, paid", "Note": "one; two\\three\nfour"}),
    "an organisation": (b"BEGIN:VCARD\nFN:Acme\nORG:Acme\nX-ABShowAs:COMPANY\nEND:VCARD", {"Organisation": "Acme"}),
    "a card in a card": (
        b"BEGIN:VCARD\nFN:Ann\nAGENT:\nBEGIN:VCARD\nFN:Zoe\nEND:VCARD\nTEL:123\nEND:VCARD",
        {"Name": "Ann", "Phone": "123"}),
    "two addresses": (
        b"BEGIN:VCARD\nFN:Ann\nADR;WORK:PO 1;;;Athens;;;\nADR;HOME:;Apt 2;1 Oak St;;;;\nEND:VCARD",
        {"Name": "Ann", "Label": "Work", "Street": "PO 1", "City": "Athens", "Label (2)": "Home",
         "Street (2)": "1 Oak St", "Street 2 (2)": "Apt 2"}),
    "more numbers than columns": (
        b"BEGIN:VCARD\nFN:Ann\nTEL:1\nTEL:2\nTEL:3\nTEL:4\nTEL:5\nEND:VCARD",
        {"Name": "Ann", "Phone": "1", "Phone (2)": "2", "Phone (3)": "3", "Phone (4)": "4", "Note": "Phone: 5"}),
    "a card that is never ended": (b"BEGIN:VCARD\nFN:Ann\nTEL:123", {"Name": "Ann", "Phone": "123"}),
}  # fmt: skip


@pytest.mark.parametrize("name", CARDS)
def test_reads(name):
    data, said = CARDS[name]
    table = read("contacts.vcf", data)
    assert [dict(zip(table.columns, row, strict=True)) for row in table.rows] == [said]
    assert (table.kind, table.delimiter) == ("vcard", None)


def test_each_card_is_a_row_and_is_known_without_the_name_of_the_file():
    table = read("export.txt", b"\nbegin:vcard\nFN:Ann\nTEL:1\nend:vcard\n\nBEGIN:VCARD\nFN:Bob\nBEGIN:VCARD\nFN:Cid")
    assert (table.columns, table.rows) == (("Name", "Phone"), [("Ann", "1"), ("Bob", ""), ("Cid", "")])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"Name,Phone\nAnn,1\n", "The file has no cards with a name in them."),
        (b"BEGIN:VCARD\nEND:VCARD\n", "The file has no cards with a name in them."),
        (b"\nBEGIN:VCARD\nFN:Ann\nNOTE:" + b"x" * 10_001, "A cell in line 2 is longer than 10,000 characters."),
        (b"BEGIN:VCARD\nFN:A\nEND:VCARD\n" * 100_001, "more than 100,000 customers (line 300,001)"),
    ],
)
def test_refuses(data, message):
    with pytest.raises(Unreadable, match=message.replace("(", r"\(").replace(")", r"\)")):
        read("contacts.vcf", data)
