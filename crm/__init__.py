"""A CRM for small field-service businesses: SQL-first, hypermedia, one set of rules for every way in."""

PRODUCT = "Roundbook"
