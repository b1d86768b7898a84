"""What columns are called, in the languages that customers' files come in."""

import re
import unicodedata

# For each field, what people and programs write above it: English, German, French, Spanish.
WORDS = {
    "name": """name, full name, display name, customer, client, contact, contact person, kunde, kundin, kundenname,
        vollständiger name, ansprechpartner, ansprechpartnerin, nom, nom complet, nom et prénom, nom du client, client,
        nombre completo, nombre y apellidos, cliente, nombre del cliente, contacto""",
    "first_name": "first, first name, given name, forename, fname, vorname, prénom, nombre, nombre de pila, primer nombre",
    "last_name": """last, last name, surname, family name, lname, nachname, familienname, zuname, nom de famille,
        apellido, apellidos""",
    "organisation": """organisation, organization, organisation name, organization name, company, company name, business,
        business name, employer, firma, firmenname, unternehmen, betrieb, entreprise, société, nom de l'entreprise,
        raison sociale, empresa, compañía, nombre de la empresa, razón social""",
    "phone": """phone, phone number, phones, phone no, tel, tel no, telephone, telephone number, mobile, mobile phone,
        mobile number, cell, cell phone, cellphone, cell number, main phone, primary phone, contact number, telefon,
        telefonnummer, telefonnr, handy, handynummer, mobil, mobiltelefon, mobilnummer, rufnummer, téléphone,
        numéro de téléphone, portable, téléphone portable, mobile, teléfono, número de teléfono, móvil, celular,
        teléfono móvil""",
    "other_phone": """other phone, other phone number, second phone, secondary phone, alternate phone, alternative phone,
        alt phone, home phone, home number, home tel, landline, work phone, work number, office phone, business phone,
        festnetz, telefon privat, telefon geschäftlich, zweite telefonnummer, fixe, téléphone fixe, autre téléphone,
        teléfono fijo, otro teléfono""",
    "email": """email, email address, emails, mail, mail address, e mail adresse, mailadresse, courriel, adresse email,
        adresse mail, adresse électronique, correo, correo electrónico, email 1, dirección de correo electrónico""",
    "preferred_method": """preferred method, preferred contact method, preferred contact, contact preference, contact by,
        prefers, bevorzugter kontakt, kontakt per, moyen de contact préféré, método de contacto preferido""",
    "note": """note, notes, memo, comment, comments, remark, remarks, description, customer notes, client notes, notiz,
        notizen, bemerkung, bemerkungen, anmerkung, anmerkungen, kommentar, remarque, remarques, commentaire,
        commentaires, nota, notas, comentario, comentarios, observaciones""",
    "label": """label, address label, address name, address type, property name, site name, bezeichnung,
        adressbezeichnung, nom de l'adresse, etiqueta""",
    "street": """street, street address, street name, street 1, street line 1, address, address 1, address line 1,
        addressline1, home address, straße, strasse, straße und hausnummer, straße hausnummer, str, anschrift, adresse,
        adresse 1, rue, voie, adresse postale, numéro et rue, calle, dirección, dirección 1, domicilio,
        calle y número""",
    "street_2": """street 2, street line 2, address 2, address line 2, apt, apartment, suite, unit, flat, apt suite,
        extended address, adresszusatz, anschrift 2, zusatz, adresse 2, complément d'adresse, complément, dirección 2,
        piso, puerta""",
    "city": "city, town, suburb, locality, city town, stadt, ort, wohnort, ville, commune, localité, ciudad, población, localidad",
    "region": """region, state, province, county, state province, province state, state region, bundesland, kanton,
        région, département, canton, provincia, estado, región, comunidad autónoma""",
    "postcode": """postcode, post code, postal code, postal, zip, zip code, zipcode, zip postal code, zip postcode, plz,
        postleitzahl, code postal, cp, código postal""",
    "access_note": """access, access note, access notes, access instructions, gate code, entry instructions,
        directions, property notes, site notes, address notes, zugang, zugangshinweis, accès, code d'accès, acceso""",
    "referred_by": """referred by, referral, referrer, referral source, lead source, source, how did you hear about us,
        heard about us, empfohlen von, empfohlen durch, empfehlung, recommandé par, recomendado por, referido por""",
    "tags": "tags, tag, labels, categories, category, groups, group, group membership, schlagworte, schlagwörter, kategorien, kategorie, gruppe, étiquettes, catégories, etiquetas, categorías, grupos",
}  # fmt: skip

# Before a name they say whose it is, and change nothing: "Client phone", "Service city". An invoice's address is
# taken only when there is no other.
WHOSE = re.compile(r"^(customer|client|contact|primary|main|service|property|site|job|kunden|person)s?(?=.)")
INVOICE = re.compile(r"^(billing|invoice|mailing|bill to|rechnungs|facturation|facturación)(?=.)")

# What programs keep for themselves. A person reading about a customer would not miss it.
NOISE = re.compile(
    r"(?:.* )?(?:id|ids|uuid|guid|created|created at|created date|date created|updated|updated at|"
    r"modified|last modified|photo|avatar|image|archived|balance|lifetime value|lifetime spend|country|latitude|"
    r"longitude|lat|lng|is company|phonetic .*|.* yomi|yomi name|name prefix|name suffix|file as|"
    # One more address, and whether a number is a home's or a telephone in a pocket.
    r"address [2-9]\d* .*|.* \d+ (?:type|label)|"
    # Our own, in a file of rows that failed.
    r"not imported because)"
)

# Nobody reads a longer one.
LONGEST = 200
# Words of a program around the words of a person: `CFT[Gate code]`, `Phone 3 - Value`.
AROUND = re.compile(r"^[CP]F[A-Z]\[(.*)\]$|^(.*) - value$", re.I)


def plain(header: str) -> str:
    """The words of a header in small letters without accents: "E-Mail_Adresse" and "eMailAdresse" → "e mail adresse"."""
    header = header[:LONGEST]
    inner = AROUND.match(header.strip())
    header = (inner[1] or inner[2] or header) if inner else header
    header = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])", " ", header).replace("ß", "ss")
    letters = unicodedata.normalize("NFKD", header).lower()
    letters = "".join(c for c in letters if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", letters))


def tight(header: str) -> str:
    """Without its blanks, so that "Zip code", "zip_code" and "ZipCode" are one."""
    return plain(header).replace(" ", "")


FIELD_OF = {tight(word): field for field, words in reversed(WORDS.items()) for word in words.split(",")}
