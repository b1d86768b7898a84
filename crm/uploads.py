"""Requests that may be larger than others, and take longer: files that people send."""

import re
from typing import Any

from quart import Request

from crm import files
from crm.book.table import MOST_BYTES

FORM_BYTES = 100_000  # what is in a form besides the files it sends

# address: (most bytes, most seconds). Everything else is small and quick.
LARGER = (
    (re.compile(r"/(contacts|tickets)/[^/]+/files"), files.MOST_BYTES * 5 + FORM_BYTES, 90),
    (re.compile(r"/imports"), MOST_BYTES + FORM_BYTES, 300),
)  # fmt: skip


class Upload(Request):
    """A request whose limits depend on where it is sent: the body begins to arrive before any view is chosen."""

    def __init__(self, method: str, scheme: str, path: str, *arguments: Any, **limits: Any) -> None:
        for address, most, seconds in LARGER:
            if method == "POST" and address.fullmatch(path):
                limits |= {"max_content_length": most, "body_timeout": seconds}
        super().__init__(method, scheme, path, *arguments, **limits)
        # The body asks the one, the parser of its parts the other.
        self.max_content_length = limits["max_content_length"]
