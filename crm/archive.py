"""A zip that is made while it is sent: however much goes into it, little is held at a time."""

import io
import re
import zipfile
from collections.abc import AsyncIterator, Iterable
from uuid import UUID

from quart import Response

from crm import db
from crm.files import Store


class Pipe(io.RawIOBase):
    """What is written into the zip since it was last asked for."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.waiting += memoryview(data)  # type: ignore[arg-type]
        return len(memoryview(data))  # type: ignore[arg-type]

    def taken(self) -> bytes:
        data = bytes(self.waiting)
        self.waiting.clear()
        return data


async def add_files(
    zipped: zipfile.ZipFile, pipe: Pipe, file_ids: Iterable[UUID], business_id: UUID, store: Store
) -> AsyncIterator[bytes]:
    """Photos and documents under their ids, one at a time. One that was removed meanwhile is left out."""
    for file_id in file_ids:
        file = await db.find("file_content", file_id=file_id, thumbnail=False)
        try:
            content = await store.get(business_id, file.id, file.content) if file else None
        except FileNotFoundError:
            content = None
        if file and content:
            suffix = "jpg" if file.kind == "photo" else "pdf"
            zipped.writestr(f"files/{file.id}.{suffix}", content, zipfile.ZIP_STORED)
            yield pipe.taken()


def attachment(body: AsyncIterator[bytes], name: str) -> Response:
    """A zip to be saved. It may take as long as it takes to send."""
    response = Response(body, content_type="application/zip")
    response.timeout = None
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.zip")
    return response


def name_from(words: str, otherwise: str) -> str:
    """ "Ann's Windows Ltd." → "Ann-s-Windows-Ltd": a name that every system keeps as it is."""
    return re.sub(r"[^A-Za-z0-9]+", "-", words).strip("-") or otherwise
