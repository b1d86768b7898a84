"""What a column is called, what is in it, and where it goes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.book.mapping import FIELDS, PRESETS, guess, key_of, preset_of
from crm.book.words import WORDS

FILES = {
    "English": {
        "Customer name": "name", "Company": "organisation", "Cell": "phone", "Home phone": "other_phone",
        "E-mail": "email", "Preferred contact method": "preferred_method", "Comments": "note", "Address": "street",
        "Address line 2": "street_2", "Town": "city", "County": "region", "ZIP code": "postcode",
        "Gate code": "access_note", "How did you hear about us?": "referred_by", "Tags": "tags"},
    "as a database writes it": {
        "firstName": "first_name", "last_name": "last_name", "phoneNumber": "phone", "email_address": "email",
        "zipCode": "postcode", "streetAddress": "street", "customer_id": "", "created_at": "", "dog": "attribute:dog"},
    "German": {
        "Vorname": "first_name", "Name": "last_name", "Firma": "organisation", "Straße und Hausnummer": "street",
        "PLZ": "postcode", "Ort": "city", "Telefon": "phone", "Festnetz": "other_phone", "E-Mail-Adresse": "email",
        "Bemerkungen": "note", "Hund": "attribute:hund"},
    "French": {
        "Nom": "last_name", "Prénom": "first_name", "Société": "organisation", "Adresse": "street",
        "Code postal": "postcode", "Ville": "city", "Téléphone portable": "phone", "Courriel": "email",
        "Remarques": "note"},
    "Spanish": {
        "Nombre": "first_name", "Apellidos": "last_name", "Empresa": "organisation", "Dirección": "street",
        "Código postal": "postcode", "Ciudad": "city", "Provincia": "region", "Teléfono móvil": "phone",
        "Correo electrónico": "email", "Observaciones": "note"},
    "a whole name in one column": {"Nom": "name", "Téléphone": "phone"},
    "where the work is before where the invoice goes": {
        "Billing street": "", "Billing city": "", "Service street": "street", "Service city": "city"},
    "where the invoice goes when that is all": {"Billing street": "street", "Billing city": "city"},
    "three phones": {"Work phone": "other_phone", "Mobile": "phone", "Phone (2)": "attribute:phone 2"},
    "two addresses": {"Street": "street", "Street 2": "street_2", "Street (2)": "", "City": "city", "City (2)": ""},
    "two columns that make the same fact": {"Name": "name", "Pet!": "attribute:pet", "Pet?": "attribute:pet 2"},
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_by_header(name):
    columns = list(FILES[name])
    assert dict(zip(columns, guess(columns, [("x",) * len(columns)]), strict=True)) == FILES[name]


def test_every_word_is_known():
    for field, words in WORDS.items():
        for word in words.split(","):
            found = guess([word.strip(), "First name", "Last name"], [("x", "", "")])[0]
            assert found in (field, "") or (word.strip() in {"client", "mobile"} and found in FIELDS), word


@pytest.mark.parametrize(
    ("column", "values", "target"),
    [
        ("Column 1", ["ann@x.test", "bob@x.test"], "email"),
        ("Kontakt online", ["ann@x.test", "bob@x.test"], "email"),
        ("Column 1", ["256-555-0199", "(256) 555-0147 x12"], "phone"),
        ("Column 1", ["2565550199", "2565550147"], "phone"),
        ("Ring", ["+44 7700 900123", "'+44 7700 900124"], "phone"),
        ("Our number", ["2565550199", "2565550147"], "attribute:our number"),
        ("Column 1", ["35801", "35758"], "postcode"),
        ("Where", ["SW1A 1AA", "M1 1AE"], "postcode"),
        ("Screens", ["35801", "35758"], "attribute:screens"),
        ("Column 1", ["2024-01-05", "2024-02-06"], "attribute:column 1"),
        ("Column 1", ["", ""], ""),
        ("Last visit id", ["ann@x.test"], ""),
    ],
)
def test_by_what_is_in_it(column, values, target):
    assert guess(["Name", column], [("Ann", value) for value in values])[1] == target


def test_values_do_not_take_a_target_twice():
    assert guess(["E-mail", "Column 2"], [("a@x.test", "b@x.test")]) == ["email", "attribute:column 2"]


SQUARE = """Reference ID,First Name,Last Name,Email Address,Phone Number,Nickname,Company Name,Street Address 1,
Street Address 2,City,State,Postal Code,Birthday,Memo,Square Customer ID,Creation Source,First Visit,Last Visit,
Transaction Count,Lifetime Spend,Email Subscription Status,Instant Profile,Blocked from online booking"""
JOBBER = """J-ID,Created Date,Is Company?,Display Name,Company Name,Title,First Name,Last Name,Main Phone #s,E-mails,Tags,
Billing Street 1,Billing Street 2,Billing City,Billing State,Billing Country,Billing Zip code,Service Property Name,
Service Street 1,Service Street 2,Service City,Service State,Service Country,Service Zip code,Lead Source,Archived,
Mobile Phone #s,Work Phone #s,Text Message Enabled Phone #,CFT[ Have Pets ],PFT[Gate code]"""
HOUSECALL_PRO = """ID,Display Name,First Name,Last Name,Mobile Number,Home Number,Work Number,Email,Additional Emails,
Company,Role,Notes,Tags,Lead Source,Do Not Service,Customer created at,Last service date,Lifetime value,
Address_1 Street Line 1,Address_1 Street Line 2,Address_1 City,Address_1 State,Address_1 Postal Code,
Address_1 Billing?,Address_1 Notes,Address_2 Street Line 1,Address_2 City"""
GOOGLE_OLD = """Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,Name Prefix,Birthday,Gender,Notes,
Language,Photo,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Phone 2 - Type,
Phone 2 - Value,Address 1 - Type,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - Region,
Address 1 - Postal Code,Address 1 - Country,Organization 1 - Name"""
GOOGLE_NEW = """First Name,Middle Name,Last Name,Phonetic First Name,File As,Organization Name,Organization Title,
Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,
Phone 2 - Value,Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - Region,
Address 1 - Postal Code,Address 1 - Country,Address 1 - Extended Address,Custom Field 1 - Value"""


@pytest.mark.parametrize(
    ("program", "header", "expected"),
    [
        ("Square", SQUARE, {"Phone Number": "phone", "Memo": "note", "Street Address 2": "street_2", "State": "region",
                            "Birthday": "attribute:birthday", "Lifetime Spend": "", "Reference ID": "",
                            "Email Subscription Status": "attribute:email subscription"}),
        ("Jobber", JOBBER, {"Display Name": "name", "Main Phone #s": "phone", "Mobile Phone #s": "other_phone",
                            "Service Street 1": "street", "Billing Street 1": "", "Service Property Name": "label",
                            "CFT[ Have Pets ]": "attribute:have pets", "PFT[Gate code]": "access_note", "J-ID": ""}),
        ("Housecall Pro", HOUSECALL_PRO, {"Mobile Number": "phone", "Home Number": "other_phone", "ID": "",
                                          "Work Number": "attribute:work number", "Address_1 City": "city",
                                          "Address_1 Notes": "access_note", "Address_2 City": "",
                                          "Do Not Service": "attribute:do not service"}),
        ("Google Contacts (2023 and older)", GOOGLE_OLD, {
            "Name": "name", "Given Name": "first_name", "Phone 2 - Value": "other_phone", "E-mail 1 - Type": "",
            "Group Membership": "tags", "Organization 1 - Name": "organisation", "Given Name Yomi": ""}),
        ("Google Contacts", GOOGLE_NEW, {
            "First Name": "first_name", "Labels": "tags", "Organization Name": "organisation", "Phone 1 - Label": "",
            "E-mail 1 - Value": "email", "Address 1 - Extended Address": "street_2", "Photo": "",
            "Custom Field 1 - Value": "attribute:custom field 1"}),
    ],
)  # fmt: skip
def test_files_of_other_programs(program, header, expected):
    columns = header.replace("\n", "").split(",")
    targets = dict(zip(columns, guess(columns, [("x",) * len(columns)]), strict=True))
    assert preset_of(columns) == program
    assert {column: targets[column] for column in expected} == expected


def test_a_file_of_nobody():
    assert preset_of(["First Name", "Last Name", "Phone"]) is None
    assert all({*preset.targets.values()} <= {*FIELDS, "", "attribute:email subscription", "attribute:do not service"}
               for preset in PRESETS.values())  # fmt: skip


@pytest.mark.parametrize(
    ("header", "key"),
    [("Gate code #", "gate code"), ("hasDog", "has dog"), ("Größe", "grosse"), ("2nd dog", "fact 2nd dog"),
     ("電話", "fact"), ("", "fact"), ("CFT[Have Pets]", "have pets"), ("a" * 39 + " b", "a" * 39)],
)  # fmt: skip
def test_what_a_fact_is_called(header, key):
    assert key_of(header) == key


@given(st.lists(st.text(max_size=60) | st.sampled_from(["Phone", "Pet", "E-mail", "City", "x" * 50]), max_size=12))
def test_no_target_is_given_twice_and_every_key_is_a_word(columns):
    targets = [target for target in guess(columns, [("x",) * len(columns)]) if target]
    assert len({*targets}) == len(targets)
    for target in targets:
        key = target.removeprefix("attribute:")
        assert target in FIELDS or (re.fullmatch(r"[a-z][a-z0-9 ]{0,39}", key) and key == key.strip())
