"""Somebody moves in: a file is chosen, a guess is mended, the customers come, and go again."""

import re

import pytest

from crm.book.writer import csv_bytes
from tests.browser.conftest import DESK, PHONE


@pytest.mark.parametrize(("size", "word"), [(PHONE, "Pocket"), (DESK, "Desk")])
async def test_a_file_is_taken_in_and_taken_back(visit, postman, size, word, tmp_path):
    path = tmp_path / "customers.csv"
    names = [f"Mover {word} {n}" for n in ("one", "two", "three")]
    path.write_bytes(
        csv_bytes(["Name", "Remark", "Mail"], [*([name, "by the mill", ""] for name in names), ["", "nobody", ""]])
    )
    page = await visit("office", size=size)
    await page.goto("/imports/new")
    await page.get_by_label("File with your customers").set_input_files(path)
    await page.get_by_role("button", name="Read the file").click()

    # The guess for one column is wrong; what it would become is shown as soon as it is mended.
    await page.get_by_role("heading", name="What is in each column?").wait_for()
    preview = page.locator("#preview")
    assert "by the mill" in await preview.inner_text()
    assert "Row 4: This row has no name" in await preview.inner_text()
    await page.get_by_label("Remark").select_option("Address: street")
    await page.locator("#preview", has_text="by the mill").wait_for()
    await page.get_by_role("button", name="Import 4 customers").click()

    await page.get_by_role("heading", name=re.compile("^Imported")).wait_for(timeout=30_000)
    assert "New customers\n3" in await page.locator("#import").inner_text()
    assert "Row 4 This row has no name" in await page.locator("#import").inner_text()
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Download the rows that failed").click()
    assert "Not imported because" in (await (await download.value).path()).read_text("utf-8-sig")
    await page.goto(f"/contacts?q=Mover+{word}+two")
    await page.get_by_role("link", name=names[1]).click()
    await page.get_by_text("by the mill").first.wait_for()

    await page.goto("/imports")
    await page.get_by_role("link", name="customers.csv").first.click()
    await page.get_by_role("link", name="Undo this import").click()
    await page.get_by_role("button", name="Undo it").click()
    await page.get_by_role("heading", name=re.compile("^Undone")).wait_for(timeout=30_000)
    assert "Taken back\n3" in await page.locator("#import").inner_text()
    await page.goto(f"/contacts?q=Mover+{word}")
    await page.get_by_text("Nobody found").wait_for()
