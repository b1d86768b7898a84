"""Photos and documents that people send: made harmless, then kept in the database or in a folder."""

import asyncio
import io
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = {"JPEG": 120_000_000}  # read at a fraction of its size; of all others every pixel is unpacked:
MOST_PIXELS_ELSE = 25_000_000
SIDE, SMALL = 2000, 320  # the longer side of a photo, and of its picture in lists
Image.MAX_IMAGE_PIXELS = MOST_PIXELS[
    "JPEG"
]  # Pillow warns of what has more, and unpacks nothing that has twice as many
READ = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")


class Unusable(Exception):
    """What was sent cannot be kept; the message says what to send instead."""


@dataclass(frozen=True)
class Prepared:
    """What will be kept."""

    kind: str
    media_type: str
    content: bytes
    thumbnail: bytes | None = None
    width: int | None = None
    height: int | None = None


def prepare(data: bytes) -> Prepared:
    """A photo is made anew from its pixels, so nothing that a camera or anybody else wrote into the file is left,
    neither the place where it was taken. A PDF is kept as it is and only ever offered for saving."""
    if not data:
        raise Unusable("The file is empty. Choose another.")
    if len(data) > MOST_BYTES:
        raise Unusable("The file has more than 10 megabytes. Send a smaller one.")
    if data.startswith(b"%PDF-"):
        return Prepared("document", "application/pdf", data)
    try:
        with Image.open(io.BytesIO(data), formats=READ) as sent:
            most = MOST_PIXELS.get(sent.format or "", MOST_PIXELS_ELSE)
            if sent.width * sent.height > most:
                raise Unusable(f"The photo has more than {most // 1_000_000} megapixels. Send a smaller one.")
            sent.draft("RGB", (SIDE, SIDE))
            sent.thumbnail((SIDE, SIDE))
            photo = _flat(_upright(sent))
    except Image.DecompressionBombError:
        raise Unusable("The photo has more than 120 megapixels. Send a smaller one.") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, TypeError, KeyError, struct.error):
        raise Unusable("This is no photo that can be read, nor a PDF. Send a JPEG, PNG or WebP.") from None
    width, height = photo.size
    content = _jpeg(photo, 82)
    photo.thumbnail((SMALL, SMALL))
    return Prepared("photo", "image/jpeg", content, _jpeg(photo, 70), width, height)


def _upright(image: Image.Image) -> Image.Image:
    """Turned as the camera was held; as it is when the camera's notes are damaged."""
    try:
        return ImageOps.exif_transpose(image)
    except (struct.error, ValueError, TypeError, KeyError, OSError, SyntaxError, ZeroDivisionError):
        return image


def _flat(image: Image.Image) -> Image.Image:
    """Pixels alone, on white where they were transparent."""
    image = image.convert("RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB")
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=image if image.mode == "RGBA" else None)
    return flat


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


class Store(Protocol):
    """Where bytes are kept. The small picture is always in the database: lists show many."""

    async def put(self, business_id: UUID, file_id: UUID, content: bytes) -> bytes | None:
        """Keep the bytes; what is returned goes into the database."""

    async def get(self, business_id: UUID, file_id: UUID, content: bytes | None) -> bytes:
        """The bytes, given what the database has of them. Raises FileNotFoundError."""

    async def remove(self, business_id: UUID, file_id: UUID) -> None:
        """Forget what is not in the database."""


class DatabaseStore:
    """Everything in PostgreSQL: one backup, one transaction."""

    async def put(self, business_id: UUID, file_id: UUID, content: bytes) -> bytes | None:
        return content

    async def get(self, business_id: UUID, file_id: UUID, content: bytes | None) -> bytes:
        if content is None:
            raise FileNotFoundError(file_id)
        return content

    async def remove(self, business_id: UUID, file_id: UUID) -> None:
        return


class FolderStore(DatabaseStore):
    """Files by the ids of business and file, for those who have many."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, business_id: UUID, file_id: UUID) -> Path:
        return self.folder / str(business_id) / str(file_id)

    async def put(self, business_id: UUID, file_id: UUID, content: bytes) -> bytes | None:
        await asyncio.to_thread(self._write, self._path(business_id, file_id), content)
        return None

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.touch(0o600)
        part.write_bytes(content)
        part.replace(path)

    async def get(self, business_id: UUID, file_id: UUID, content: bytes | None) -> bytes:
        if content is not None:  # from before there was a folder
            return content
        return await asyncio.to_thread(self._path(business_id, file_id).read_bytes)

    async def remove(self, business_id: UUID, file_id: UUID) -> None:
        await asyncio.to_thread(self._path(business_id, file_id).unlink, missing_ok=True)


def store(folder: str) -> Store:
    return FolderStore(Path(folder)) if folder else DatabaseStore()
