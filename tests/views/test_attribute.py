"""Facts about a contact: typed values, changed where they stand, their names kept in order."""

import pytest

from tests.conftest import PAT, RITA


async def known(run, contact_id=PAT) -> dict[str, str]:
    return {fact.key: fact.value for fact in await run("office", "contact_attributes", contact_id=contact_id)}


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [("number", " 24,50", "24.5"), ("number", "1500", "1500"), ("yes_no", "Y", "yes"), ("date", "2026-3-2", "2026-03-02"),
     ("list", "VIP; reviews , vip", "VIP, reviews"), ("text", "1,50", "1,50")],
)  # fmt: skip
async def test_value_is_kept_as_its_kind_is(browse, run, kind, typed, kept):
    key = f"{kind} {len(typed)} kept".replace("_", " ")
    answer = await (await browse("technician")).post(f"/contacts/{PAT}/attributes", key=key, value=typed, kind=kind)
    assert answer.status_code == 303
    assert (await known(run))[key] == kept


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [("number", "many", "is a number"), ("number", "1e9", "is a number"), ("yes_no", "maybe", "either yes or no"),
     ("date", "2026-02-30", "is a date"), ("list", " , ;", "is a list")],
)  # fmt: skip
async def test_value_of_another_kind_is_refused_at_its_field(browse, kind, typed, said):
    key = f"{kind} refused".replace("_", " ")
    answer = await (await browse("office")).post(f"/contacts/{PAT}/attributes", key=key, value=typed, kind=kind)
    assert answer.status_code == 422
    page = await answer.get_data(as_text=True)
    assert said in page
    assert 'id="e-value"' in page


async def test_refused_change_keeps_the_form_of_that_fact_open(browse, run):
    fact = await run("office", "attribute_set", contact_id=PAT, key="panes here", value="24", kind="number")
    answer = await (await browse("office")).post(
        f"/contacts/{PAT}/attributes", key="panes here", value="lots", attribute_id=str(fact.id)
    )
    page = await answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'name="attribute_id" value="{fact.id}"' in page
    assert 'value="lots"' in page


async def test_show_says_what_it_was_before(browse, run):
    fact = await run("office", "attribute_set", contact_id=PAT, key="dog", value="spaniel", kind=None)
    await run("technician", "attribute_set", contact_id=PAT, key="dog", value="labrador", kind=None)
    page = await (await (await browse("office")).get(f"/attributes/{fact.id}")).get_data(as_text=True)
    assert "spaniel → labrador" in page
    assert (await (await browse("technician")).get(f"/attributes/{fact.id}")).status_code == 403
    assert (await (await browse("stranger")).get(f"/attributes/{fact.id}")).status_code == 404


async def test_another_name_is_another_name_for_everybody(browse, run):
    await run("office", "attribute_set", contact_id=PAT, key="hound", value="Rex", kind=None)
    key = next(k for k in await run("office", "attribute_key_list") if k.key == "hound")
    office = await browse("office")
    answer = await office.post(f"/settings/attributes/{key.id}", key="Old hound", kind="text", section="people")
    assert answer.status_code == 303
    assert (await known(run))["old hound"] == "Rex"
    assert "hound" not in await known(run)


async def test_name_that_is_used_already_takes_the_facts_in(browse, run, home, signer):
    from tests.conftest import QUINN

    await run("office", "attribute_set", contact_id=PAT, key="cat", value="Miso", kind=None)
    await run("office", "attribute_set", contact_id=PAT, key="animal", value="parrot", kind=None)
    await run("office", "attribute_set", contact_id=QUINN, key="cat", value="Tom", kind=None)
    key = next(k for k in await run("office", "attribute_key_list") if k.key == "cat")
    await (await browse("office")).post(f"/settings/attributes/{key.id}", key="animal", kind="text", section="people")
    assert (await known(run))["animal"] == "parrot, Miso"
    assert (await known(run, QUINN))["animal"] == "Tom"
    assert "cat" not in {k.key for k in await run("office", "attribute_keys")}


async def test_kind_that_values_are_not_of_is_refused(browse, run):
    await run("office", "attribute_set", contact_id=PAT, key="colour", value="green", kind=None)
    key = next(k for k in await run("office", "attribute_key_list") if k.key == "colour")
    answer = await (await browse("office")).post(
        f"/settings/attributes/{key.id}", key="colour", kind="number", section="other"
    )
    assert answer.status_code == 422
    assert "“green” is already written down" in await answer.get_data(as_text=True)


async def test_key_of_another_business_is_not_found(browse, run):
    await run("office", "attribute_set", contact_id=PAT, key="mine", value="x", kind=None)
    key = next(k for k in await run("office", "attribute_key_list") if k.key == "mine")
    answer = await (await browse("stranger")).post(
        f"/settings/attributes/{key.id}", key="yours", kind="text", section="other"
    )
    assert answer.status_code == 404
    assert (await (await browse("owner")).post(f"/contacts/{RITA}/attributes", key="pet", value="x")).status_code == 404
