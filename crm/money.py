"""Minor units to words and back. Rounding and totals are PostgreSQL's; nothing here computes money."""

import re
from decimal import Decimal

DIGITS = dict.fromkeys(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ],
    0,
) | dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3)
SYMBOLS = {"USD": "$", "GBP": "£", "EUR": "€", "CAD": "$", "AUD": "$", "NZD": "$", "JPY": "¥"}
CURRENCIES = [
    "USD",
    "GBP",
    "EUR",
    "CAD",
    "AUD",
    "NZD",
    "CHF",
    "SEK",
    "NOK",
    "DKK",
    "PLN",
    "CZK",
    "ZAR",
    "JPY",
]


def digits(currency: str) -> int:
    """Digits after the point of an ISO 4217 currency."""
    return DIGITS.get(currency, 2)


def plain(minor: int, currency: str) -> str:
    """1234 → "12.34", for form fields."""
    places = digits(currency)
    return f"{Decimal(minor).scaleb(-places):.{places}f}"


def show(minor: int, currency: str) -> str:
    """123456 → "$1,234.56"; a currency without a sign of its own is named: "CHF 12.00"."""
    places = digits(currency)
    number = f"{abs(Decimal(minor)).scaleb(-places):,.{places}f}"
    sign = "−" if minor < 0 else ""
    symbol = SYMBOLS.get(currency)
    return f"{sign}{symbol}{number}" if symbol else f"{sign}{currency} {number}"


def parse(text: str, currency: str) -> int:
    """What a person typed, in minor units: "1,234.5", "$12", "12,50". Raises ValueError."""
    places = digits(currency)
    cleaned = re.sub(r"[\s'$£€¥]|[A-Z]{3}", "", text)
    if re.fullmatch(r"-?\d+,\d{1,2}", cleaned) and places == 2:
        cleaned = cleaned.replace(",", ".")  # a comma as the decimal mark
    elif re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d*)?", cleaned):
        cleaned = cleaned.replace(",", "")
    if not re.fullmatch(rf"-?\d{{1,12}}(\.\d{{0,{places}}})?" if places else r"-?\d{1,12}", cleaned):
        raise ValueError(text)
    return int(Decimal(cleaned).scaleb(places))
