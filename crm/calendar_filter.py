"""What the calendar shows only some of: a filter that goes along in its addresses and forms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from crm.forms import identifier_of

STATES = [
    ("", "Any state"),
    ("scheduled", "Planned"),
    ("in_progress", "Under way"),
    ("completed", "Done"),
    ("cancelled", "Cancelled"),
]


@dataclass(frozen=True)
class Narrowed:
    """To whose visits, of which work, in which state and in which city; what cannot be read narrows nothing."""

    technician_id: UUID | None
    service_id: UUID | None
    status: str | None
    city: str | None

    @classmethod
    def of(cls, said: Mapping[str, str]) -> "Narrowed":
        """As a query or a form says it."""
        status = said.get("status", "")
        city = said.get("city", "").replace("\0", "").strip()[:100]
        return cls(
            identifier_of(said.get("technician", "")),
            identifier_of(said.get("service", "")),
            status if status in dict(STATES) and status else None,
            city or None,
        )

    def values(self) -> dict[str, Any]:
        """What the named queries are told."""
        return {
            "technician_id": self.technician_id,
            "service_id": self.service_id,
            "status": self.status,
            "city": self.city,
        }

    @property
    def query(self) -> dict[str, str]:
        given = {"technician": self.technician_id, "service": self.service_id, "status": self.status, "city": self.city}
        return {name: str(value) for name, value in given.items() if value}

    @property
    def encoded(self) -> str:
        return urlencode(self.query)

    def address(self, path: str, on: date | None, **more: str) -> str:
        """Where a view of that day is, narrowed in the same way."""
        query = ({"date": str(on)} if on else {}) | more | self.query
        return f"{path}?{urlencode(query)}" if query else path
