"""Taking everything away: an export of all that the business owns."""

import zipfile
from collections.abc import AsyncIterator
from uuid import UUID

from quart import Blueprint, Response, current_app, g

from crm import PRODUCT, archive, db
from crm.auth.middleware import after
from crm.files import Store
from crm.render import render

blueprint = Blueprint("data_export", __name__)

README = """Everything that {name} keeps in {product}.

Each kind of record is there twice: as CSV for spreadsheets and as JSON for programs. Records name each other by id.
Money is in the smallest unit of the currency, times are in UTC. In CSV an apostrophe stands before what a spreadsheet
would run as a formula. Photos and documents are in the folder "files", under their ids.
"""


@blueprint.get("/exports")
async def index() -> Response:
    return await render("data_export/index", exports=await db.many("data_export_list"))


@blueprint.post("/exports")
async def create() -> Response:
    await db.one("data_export_create")
    return after("/exports", "The export is being made.")


@blueprint.get("/exports/<uuid:data_export_id>")
async def show(data_export_id: UUID) -> Response:
    """How far it is: the page asks again while it is being made."""
    return await render("data_export/show", export=await db.one("data_export_read", data_export_id=data_export_id))


@blueprint.get("/exports/<uuid:data_export_id>/file")
async def download(data_export_id: UUID) -> Response:
    """The zip, made while it is sent."""
    await db.require("data_export_part")
    export = await db.one("data_export_read", data_export_id=data_export_id)
    if export.state != "done":
        return after(f"/exports/{data_export_id}", "The export is not ready yet.", "bad")
    # Streamed after the request is over for the framework: what it needs of it is taken here.
    store: Store = current_app.config["FILES"]
    body = _archive(data_export_id, g.session.business_id, g.session.business, store)
    name = archive.name_from(g.session.business, "export")
    return archive.attachment(body, f"{name}-{export.finished_at:%Y-%m-%d}")


@blueprint.post("/exports/<uuid:data_export_id>/removal")
async def destroy(data_export_id: UUID) -> Response:
    await db.one("data_export_remove", data_export_id=data_export_id)
    return after("/exports", "The export was removed.")


async def _archive(data_export_id: UUID, business_id: UUID, name: str, store: Store) -> AsyncIterator[bytes]:
    """The zip in pieces. Each noun's JSON is written after its CSV, so parts are read twice rather than kept."""
    pipe = archive.Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("README.txt", README.format(name=name, product=PRODUCT))
        async for noun, numbers in _nouns(data_export_id):
            for kind, opening, between, closing in (
                ("csv", b"\xef\xbb\xbf", b"", b""),
                ("json", b"[\n", b",\n", b"\n]\n"),
            ):
                with zipped.open(f"{noun}.{kind}", "w", force_zip64=True) as entry:
                    entry.write(opening)
                    for place, number in enumerate(numbers):
                        part = await db.one("data_export_part", data_export_id=data_export_id, number=number)
                        entry.write((between if place else b"") + getattr(part, f"as_{kind}"))
                        yield pipe.taken()
                    entry.write(closing)
        after_id = UUID(int=0)
        while found := await db.many("data_export_files", after_id=after_id):
            async for part in archive.add_files(zipped, pipe, [file.id for file in found], business_id, store):
                yield part
            after_id = found[-1].id
    yield pipe.taken()


async def _nouns(data_export_id: UUID) -> AsyncIterator[tuple[str, list[int]]]:
    """Each noun with the numbers of its parts, in order."""
    noun, numbers, number = "", list[int](), 0
    while part := await db.find("data_export_part", data_export_id=data_export_id, number=number):
        if part.noun != noun and numbers:
            yield noun, numbers
            numbers = []
        noun, number = part.noun, part.number + 1
        numbers.append(part.number)
    if numbers:
        yield noun, numbers
