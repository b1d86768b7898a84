"""The files that other programs write. Columns that are named here need no guess; "" leaves one out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preset:
    """Recognised when every column of `needs` is there, and one of `any_of`."""

    needs: frozenset[str]
    any_of: frozenset[str]
    targets: dict[str, str]


def leave_out(*columns: str) -> dict[str, str]:
    return dict.fromkeys(columns, "")


SQUARE = {
    "First Name": "first_name",
    "Last Name": "last_name",
    "Company Name": "organisation",
    "Email Address": "email",
    "Phone Number": "phone",
    "Street Address 1": "street",
    "Street Address 2": "street_2",
    "City": "city",
    "State": "region",
    "Postal Code": "postcode",
    "Memo": "note",
    "Email Subscription Status": "attribute:email subscription",
} | leave_out("Reference ID", "Square Customer ID", "Creation Source", "First Visit", "Last Visit", "Transaction Count",
              "Lifetime Spend", "Instant Profile", "Blocked from online booking")  # fmt: skip

JOBBER = {
    "Display Name": "name",
    "Company Name": "organisation",
    "First Name": "first_name",
    "Last Name": "last_name",
    "Main Phone #s": "phone",
    "Mobile Phone #s": "other_phone",
    "E-mails": "email",
    "Tags": "tags",
    "Lead Source": "referred_by",
    "Service Property Name": "label",
    "Service Street 1": "street",
    "Service Street 2": "street_2",
    "Service City": "city",
    "Service State": "region",
    "Service Zip code": "postcode",
} | leave_out("J-ID", "Created Date", "Is Company?", "Title", "Archived", "Service Country", "Billing Street 1",
              "Billing Street 2", "Billing City", "Billing State", "Billing Zip code", "Billing Country",
              "Text Message Enabled Phone #")  # fmt: skip

HOUSECALL_PRO = {
    "Display Name": "name",
    "First Name": "first_name",
    "Last Name": "last_name",
    "Company": "organisation",
    "Mobile Number": "phone",
    "Home Number": "other_phone",
    "Email": "email",
    "Notes": "note",
    "Tags": "tags",
    "Lead Source": "referred_by",
    "Do Not Service": "attribute:do not service",
    "Address_1 Street Line 1": "street",
    "Address_1 Street Line 2": "street_2",
    "Address_1 City": "city",
    "Address_1 State": "region",
    "Address_1 Postal Code": "postcode",
    "Address_1 Notes": "access_note",
} | leave_out("ID", "Role", "Customer Type", "Customer is Contractor", "Customer notifications enabled",
              "Customer created at", "Accepts bills from", "Last service date", "Lifetime value",
              "Address_1 Billing?")  # fmt: skip

GOOGLE = {
    "E-mail 1 - Value": "email",
    "Phone 1 - Value": "phone",
    "Phone 2 - Value": "other_phone",
    "Address 1 - Street": "street",
    "Address 1 - Extended Address": "street_2",
    "Address 1 - City": "city",
    "Address 1 - Region": "region",
    "Address 1 - Postal Code": "postcode",
    "Notes": "note",
} | leave_out("Photo", "Nickname", "Address 1 - Formatted", "Address 1 - PO Box", "Address 1 - Country", "Language",
              "Name Prefix", "Name Suffix", "Initials", "Short Name", "Maiden Name", "Gender", "Location", "Mileage",
              "Billing Information", "Directory Server", "Occupation", "Hobby", "Sensitivity", "Priority", "Subject",
              "File As", "Organization Title", "Organization Department")  # fmt: skip

PRESETS = {
    "Square": Preset(
        frozenset({"First Name", "Last Name", "Email Address", "Phone Number"}),
        frozenset({"Square Customer ID", "Creation Source", "Instant Profile", "Memo"}),
        SQUARE,
    ),
    "Jobber": Preset(frozenset({"J-ID"}), frozenset({"Display Name", "First Name", "Company Name"}), JOBBER),
    "Housecall Pro": Preset(
        frozenset({"Display Name", "Mobile Number"}),
        frozenset({"Address_1 Street Line 1", "Home Number", "Customer created at"}),
        HOUSECALL_PRO,
    ),
    "Google Contacts (2023 and older)": Preset(
        frozenset({"Name", "Given Name", "Family Name"}),
        frozenset({"E-mail 1 - Value", "Phone 1 - Value", "Group Membership"}),
        GOOGLE | {"Name": "name", "Given Name": "first_name", "Family Name": "last_name",
                  "Organization 1 - Name": "organisation", "Address 1 - Type": "label", "Group Membership": "tags"},
    ),
    "Google Contacts": Preset(
        frozenset({"First Name", "Last Name", "Labels"}),
        frozenset({"E-mail 1 - Value", "Phone 1 - Value", "Organization Name", "File As"}),
        GOOGLE | {"First Name": "first_name", "Last Name": "last_name", "Organization Name": "organisation",
                  "Address 1 - Label": "label", "Labels": "tags"},
    ),
}  # fmt: skip
