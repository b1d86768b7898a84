"""RuleExtractor: what a technician types, and exactly what is proposed from it."""

import asyncio
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.llm.extraction import RULES, SECRET, VOCABULARY, Finding, RuleExtractor

NOTES = [
    ("retired couple, chatty; 24 screens; spaniel Pip, shut the side gate; long ladder for the stairwell", [
        ("people", "retired couple, chatty", "retired couple, chatty"),
        ("screens", "24", "24 screens"),
        ("pet", "spaniel, Pip", "spaniel Pip"),
        ("gate", "shut the side gate", "shut the side gate"),
        ("ladder", "long ladder for the stairwell", "long ladder for the stairwell"),
    ]),
    ("wife's cell 256-555-0199", [("other phone", "256-555-0199, wife's cell", "wife's cell 256-555-0199")]),
    ("Wifes cell: (256) 555-0199, call before coming", [
        ("other phone", "(256) 555-0199, Wifes cell", "Wifes cell: (256) 555-0199"),
        ("prefers", "call before coming", "call before coming"),
    ]),
    ("phone 256.555.0199", [("phone", "256.555.0199", "256.555.0199")]),
    ("call her on 07700 900123", [("phone", "07700 900123", "07700 900123")]),
    ("call 555-0199", [("phone", "555-0199", "call 555-0199")]),
    ("daughter on 07700 900 123", [("other phone", "07700 900 123, daughter", "daughter on 07700 900 123")]),
    ("256-555-0199 (daughter)", [("other phone", "256-555-0199, daughter", "256-555-0199 (daughter)")]),
    ("text husband Mike 205-555-0147 when done", [
        ("other phone", "205-555-0147, husband Mike", "husband Mike 205-555-0147"),
    ]),
    ("tel 020 7946 0958 / +44 7700 900123", [("phone", "020 7946 0958", "020 7946 0958")]),
    ("New no. 01632 960 001", [("phone", "01632 960 001", "01632 960 001")]),
    ("email jane.doe@Example.com", [("email", "jane.doe@example.com", "jane.doe@Example.com")]),
    ("husband's email: bob@example.co.uk.", [
        ("other email", "bob@example.co.uk, husband's email", "husband's email: bob@example.co.uk"),
    ]),
    ("invoice to accounts@bigco.example.com pls", [
        ("email", "accounts@bigco.example.com", "accounts@bigco.example.com"),
    ]),
    ("24screens,32 panes", [("screens", "24", "24screens"), ("panes", "32", "32 panes")]),
    ("32 georgian panes, two skylights, 3 storeys", [
        ("panes", "32", "32 georgian panes"),
        ("skylights", "2", "two skylights"),
        ("storeys", "3", "3 storeys"),
    ]),
    ("24 SCREENS. GATE CODE 4471. PARK ON STREET. NO DOGS.", [
        ("screens", "24", "24 SCREENS"),
        ("gate code", "4471", "GATE CODE 4471"),
        ("parking", "park on street", "PARK ON STREET"),
        ("pet", "no dogs", "NO DOGS"),
    ]),
    ("24 screens / 3 skylights / 2 story", [
        ("screens", "24", "24 screens"),
        ("skylights", "3", "3 skylights"),
        ("storeys", "2", "2 story"),
    ]),
    ("screens: 24", [("screens", "24", "screens: 24")]),
    ("twenty-four screens, abt 2 hours", [("screens", "24", "twenty-four screens")]),
    ("approx 40 windows", [("windows", "about 40", "approx 40 windows")]),
    ("Single storey bungalow w/ 12 windows", [("storeys", "1", "Single storey"), ("windows", "12", "12 windows")]),
    ("two skylights in the kitchen", [("skylights", "2 in the kitchen", "two skylights in the kitchen")]),
    ("3 of the 24 screens done... all 24 screens rinsed", [("screens", "24", "24 screens")]),
    ("quoted $180 for gutters", [("quoted price", "$180 for gutters", "quoted $180 for gutters")]),
    ("agreed £45 next time", [("quoted price", "£45 next time", "agreed £45 next time")]),
    ("told her $60 for the inside", [("quoted price", "$60 for the inside", "told her $60 for the inside")]),
    ("£45 agreed. Pays cash", [("quoted price", "£45", "£45 agreed"), ("payment", "cash", "Pays cash")]),
    ("agreed $25/window", [("quoted price", "$25/window", "agreed $25/window")]),
    ("Quoted £120.50 per visit", [("quoted price", "£120.50 per visit", "Quoted £120.50 per visit")]),
    ("quote: $95 for screens and tracks", [
        ("quoted price", "$95 for screens and tracks", "quote: $95 for screens and tracks"),
    ]),
    ("$180 quoted for the conservatory roof", [
        ("quoted price", "$180 for the conservatory roof", "$180 quoted for the conservatory roof"),
    ]),
    ("spaniel Pip", [("pet", "spaniel, Pip", "spaniel Pip")]),
    ("two cats", [("pet", "two cats", "two cats")]),
    ("dog is friendly", [("pet", "dog, friendly", "dog is friendly")]),
    ("big dog, barks, called Rex", [("pet", "big dog, barks, Rex", "big dog, barks, called Rex")]),
    ("beware of dog", [("pet", "beware of dog", "beware of dog")]),
    ("Beware of the Dog!", [("pet", "beware of the Dog", "Beware of the Dog")]),
    ("Big black lab called Duke, keep gate shut or he gets out", [
        ("pet", "big black lab, Duke", "Big black lab called Duke"),
        ("gate", "keep gate shut", "keep gate shut"),
    ]),
    ("dog (Rex) friendly", [("pet", "dog, Rex", "dog (Rex)")]),
    ("dogs Rex and Bella", [("pet", "dogs, Rex and Bella", "dogs Rex and Bella")]),
    ("two cats and a dog", [("pet", "two cats and a dog", "two cats and a dog")]),
    ("German shepherd loose in yard - call first", [
        ("pet", "german shepherd, loose in yard", "German shepherd loose in yard"),
        ("prefers", "call first", "call first"),
    ]),
    ("Cockapoo “Teddy”", [("pet", "cockapoo, Teddy", "Cockapoo “Teddy”")]),
    ("dog barks but friendly", [("pet", "dog, barks, friendly", "dog barks but friendly")]),
    ("no pets", [("pet", "none", "no pets")]),
    ("no dog", [("pet", "no dog", "no dog")]),
    ("no dogs, but two cats", [("pet", "two cats", "two cats")]),
    ("Don’t let the cat out", [("pet", "don’t let the cat out", "Don’t let the cat out")]),
    ("please shut gate behind you", [("gate", "shut gate behind you", "shut gate behind you")]),
    ("dog escapes so shut gate", [("pet", "dog, escapes", "dog escapes"), ("gate", "shut gate", "shut gate")]),
    ("Gate sticks, lift & push", [("gate", "gate sticks", "Gate sticks")]),
    ("Gate Code: #4471", [("gate code", "#4471", "Gate Code: #4471")]),
    ("code for the side gate is 4471", [("gate code", "4471", "code for the side gate is 4471")]),
    ("gate code changed to 5512", [("gate code", "5512", "gate code changed to 5512")]),
    ("alarm code 4455#, then enter", [("alarm code", "4455#", "alarm code 4455#")]),
    ("Lockbox code 0420; key safe code 1290", [
        ("lockbox code", "0420", "Lockbox code 0420"),
        ("key safe code", "1290", "key safe code 1290"),
    ]),
    ("key under the mat", [("access", "key under the mat", "key under the mat")]),
    ("spare key is under the plant pot by the back door", [
        ("access", "spare key is under the plant pot by the back door", "spare key is under the plant pot by the back door"),
    ]),
    ("neighbour has a spare key", [("access", "neighbour has a spare key", "neighbour has a spare key")]),
    ("use the back entrance", [("access", "use the back entrance", "use the back entrance")]),
    ("park on the street", [("parking", "park on the street", "park on the street")]),
    ("don't park on the drive, permit parking only", [
        ("parking", "don't park on the drive", "don't park on the drive"),
    ]),
    ("needs 32ft ladder for the back dormers", [
        ("ladder", "32ft ladder for the back dormers", "needs 32ft ladder for the back dormers"),
    ]),
    ("needs the 40ft pole", [("equipment", "40ft pole", "needs the 40ft pole")]),
    ("water-fed pole", [("equipment", "water-fed pole", "water-fed pole")]),
    ("use wfp for top floor", [("equipment", "wfp for top floor", "use wfp for top floor")]),
    ("no outside tap", [("water", "no outside tap", "no outside tap")]),
    ("tap round the back", [("water", "tap round the back", "tap round the back")]),
    ("outside tap by the garage", [("water", "outside tap by the garage", "outside tap by the garage")]),
    ("Elderly lady, hard of hearing. Wife's name is Ann", [
        ("people", "elderly lady, hard of hearing", "Elderly lady, hard of hearing"),
    ]),
    ("works nights so don't ring bell before noon", [
        ("people", "works nights", "works nights"),
        ("prefers", "don't ring bell before noon", "don't ring bell before noon"),
    ]),
    ("don't ring the bell, baby sleeping", [
        ("prefers", "don't ring the bell, baby sleeping", "don't ring the bell, baby sleeping"),
    ]),
    ("prefers mornings", [("prefers", "mornings", "prefers mornings")]),
    ("prefers Friday mornings, monthly", [("prefers", "Friday mornings", "prefers Friday mornings")]),
    ("call 30 mins before arrival", [("prefers", "call 30 mins before arrival", "call 30 mins before arrival")]),
    ("please text the day before", [("prefers", "text the day before", "text the day before")]),
    ("not on Mondays", [("prefers", "not on Mondays", "not on Mondays")]),
    ("pays cash", [("payment", "cash", "pays cash")]),
    ("always pays by cheque or bank transfer", [
        ("payment", "cheque or bank transfer", "pays by cheque or bank transfer"),
    ]),
    ("leaves a check under the mat", [("payment", "leaves a check under the mat", "leaves a check under the mat")]),
    ("daughter pays, cash only", [("payment", "cash only", "cash only")]),
    ("loose sill on the rear bedroom", [
        ("hazard", "loose sill on the rear bedroom", "loose sill on the rear bedroom"),
    ]),
    ("cracked pane upstairs left", [("damage", "cracked pane upstairs left", "cracked pane upstairs left")]),
    ("2 panes cracked upstairs, wasps nest in the soffit by the front door", [
        ("damage", "2 panes cracked upstairs", "2 panes cracked upstairs"),
        ("hazard", "wasps nest in the soffit by the front door", "wasps nest in the soffit by the front door"),
    ]),
    ("hole in screen back bedroom", [("damage", "hole in screen back bedroom", "hole in screen back bedroom")]),
    ("slippery deck at the back; low wires at the front", [
        ("hazard", "slippery deck at the back", "slippery deck at the back"),
    ]),
    ("Nice older couple. 24 screens, 2 skylights. Gate code 4471 - shut side gate!! dog (Rex) friendly", [
        ("people", "nice older couple", "Nice older couple"),
        ("screens", "24", "24 screens"),
        ("skylights", "2", "2 skylights"),
        ("gate code", "4471", "Gate code 4471"),
        ("gate", "shut side gate", "shut side gate"),
        ("pet", "dog, Rex", "dog (Rex)"),
    ]),
    ("2 storey detached, 18 windows, conservatory roof quoted at £60 next time. tap round back", [
        ("storeys", "2", "2 storey"),
        ("windows", "18", "18 windows"),
        ("quoted price", "£60 next time", "quoted at £60 next time"),
        ("water", "tap round back", "tap round back"),
    ]),
    ("Mrs Jones lovely lady, v chatty.\r\nKey under mat\r\nNo outside tap", [
        ("people", "lovely lady", "lovely lady"),
        ("access", "key under mat", "Key under mat"),
        ("water", "no outside tap", "No outside tap"),
    ]),
    ("🐶 spaniel Pip 🐾, 24 screens 👍", [("pet", "spaniel, Pip", "spaniel Pip"), ("screens", "24", "24 screens")]),
    ("Zoë’s mobile 07700 900123; terrier Élodie", [
        ("other phone", "07700 900123, Zoë’s mobile", "Zoë’s mobile 07700 900123"),
        ("pet", "terrier, Élodie", "terrier Élodie"),
    ]),
    (" 24   screens ,  gate  code   4471 ", [
        ("screens", "24", "24   screens"),
        ("gate code", "4471", "gate  code   4471"),
    ]),
    ("Gate Code 4471. SHUT THE GATE", [
        ("gate code", "4471", "Gate Code 4471"),
        ("gate", "shut the gate", "SHUT THE GATE"),
    ]),
]  # fmt: skip

NOTHING = [
    "all done, looks great",
    "rained a bit",
    "took 2 hours",
    "10 minutes late, traffic",
    "arrived 9:15, left 11:40, 3 men",
    "not 24 screens",
    "20-24 screens",
    "3 of 24 screens torn",
    "12 screens upstairs, 10 screens downstairs",
    "redid 6 panes, missed 2 skylights",
    "4 windows left to do",
    "told me two stories about the war",
    "unit 4 windows, Nov 24 screens off",
    "nobody in, left card",
    "charged £45, paid $20 by card",
    "paid cash today",
    "will quote $50 next time",
    "agreed £5 off",
    "quoted $180?",
    "competitor quoted $90 for gutters",
    "neighbour's dog barking",
    "saw a cat on the roof",
    "raining cats and dogs",
    "dog next door is friendly",
    "their dog died",
    "used to have a spaniel",
    "dog walker came by, dog poo on lawn",
    "is there a dog?",
    "friendly dog today only",
    "doesn't have a spaniel, no big dogs",
    "Walked the dog lol",
    "I shut the side gate",
    "forgot to shut the gate",
    "shut the gate if dog is out",
    "if no answer, use the back gate",
    "gate was locked, could not get in",
    "old gate code 4471",
    "gate code 4471 doesn't work",
    "keys locked in the van",
    "left the key under the mat",
    "access via the alley was blocked",
    "we parked on the street, parking ticket $60",
    "left long ladder in the van, pole snapped",
    "no need for long ladder",
    "tap on the window, tap dripping",
    "no hot water in kitchen",
    "fixed the loose sill, replaced cracked pane upstairs",
    "no cracked panes, wasp nest gone",
    "cracked on with it, broken clouds",
    "old man next door complained",
    "customer was chatty today",
    "I prefer mornings",
    "afternoons only that week",
    "prefers to be called Pat",
    "he said he'd call before coming",
    "call me, text sent, bell rang",
    "no longer pays cash",
    "pays attention",
    "check only the back",
    "order 256-555-0199, invoice number 555-0199",
    "wrong number 256-555-0199",
    "not jane@example.com",
    "card 4111 1111 1111 1111",
    "gate code 4111-1111-1111-1111",
    "alarm code 123-45-6789",
    "4111111111111111@example.com",
    "wife's cell [REDACTED], gate code [REDACTED]",
    "",
    "  \r\n\t ",
    "👍👍👍",
]  # fmt: skip

FRAGMENTS = sorted(
    {word for source in VOCABULARY.values() for word in re.findall(r"[a-z]{2,}", source)}
    | {word for note, _ in NOTES for word in re.findall(r"\S+", note)}
    | {"'", "’", "-", "–", ". ", ", ", "; ", "?", "\n", "\r\n", "\t", "\xa0", "🐶", "e\u0301", "ſ", "ı", "\u2028", "\x1f", "$", "£"}
    | {"4111 1111 1111 1111", "378282246310005", "123-45-6789", "[REDACTED]", "called 4111-1111-1111-1111"}
)  # fmt: skip


def read(note: str) -> list[Finding]:
    return asyncio.run(RuleExtractor().extract(note))


@pytest.mark.parametrize(("note", "expected"), NOTES, ids=[note for note, _ in NOTES])
def test_note_gives_these_facts_with_their_words(note, expected):
    found = read(note)
    assert [(fact.key, fact.value, fact.words) for fact in found] == expected
    assert all(note[fact.starts_at :].startswith(fact.words) for fact in found)


@pytest.mark.parametrize("note", NOTHING)
def test_note_gives_nothing(note):
    assert read(note) == []


def test_offsets_count_characters_and_not_bytes_or_utf16_units():
    (fact,) = read("🐶🐶 é: spaniel Pip")
    assert fact == Finding("pet", "spaniel, Pip", "spaniel Pip", 6)


def test_one_note_gives_one_fact_for_a_key_in_the_order_of_the_note():
    found = read("dog is friendly. Pays cash. Spaniel Pip; pays by check; 24 screens, two cats")
    assert [(fact.key, fact.value) for fact in found] == [
        ("payment", "cash"),
        ("pet", "spaniel, Pip"),
        ("screens", "24"),
    ]


def test_a_fact_beside_a_card_or_social_security_number_is_still_found():
    assert [fact.words for fact in read("24 screens, card 4111 1111 1111 1111, ssn 123-45-6789, pays cash")] == [
        "24 screens",
        "pays cash",
    ]


def check(note: str) -> None:
    """Every finding quotes the note and is what the database takes."""
    found = read(note)
    assert found == read(note)
    assert found == sorted(found, key=lambda fact: fact.starts_at)
    assert len({fact.key for fact in found}) == len(found)
    secrets = [secret.span() for secret in SECRET.finditer(note)]
    for fact in found:
        ends_at = fact.starts_at + len(fact.words)
        assert fact.starts_at >= 0
        assert 1 <= len(fact.words) <= 300
        assert note[fact.starts_at : ends_at] == fact.words
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", fact.words)
        assert re.fullmatch(r"[a-z][a-z0-9 ]{0,39}", fact.key)
        assert fact.key == fact.key.strip(" ")
        assert 1 <= len(fact.value) <= 300
        assert fact.value == fact.value.strip()
        assert not re.search(r"[\x00-\x1f\x7f\x85\u2028\u2029]", fact.value)
        assert not any(fact.starts_at < stop and start < ends_at for start, stop in secrets)
        assert "REDACTED" not in fact.value


@settings(database=None, deadline=None, max_examples=300)
@given(st.text(max_size=400))
def test_any_text_gives_only_what_can_be_kept(note):
    check(note)


@settings(database=None, deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40), st.sampled_from(["", " ", "  ", ", "]))
def test_any_mixture_of_what_technicians_type_gives_only_what_can_be_kept(fragments, glue):
    check(glue.join(fragments))


def test_every_repetition_has_an_upper_bound_so_that_reading_is_linear():
    """With an open-ended `*` or `+` a long note could make a pattern walk it again from each of its characters."""

    def most(parsed) -> list[int]:
        found = []
        for operation, argument in parsed:
            if str(operation) in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
                found.append(int(argument[1]))
            for part in argument if isinstance(argument, tuple | list) else [argument]:
                for inner in part if isinstance(part, list) else [part]:
                    if isinstance(inner, re._parser.SubPattern):
                        found += most(inner)
        return found

    patterns = [pattern for rule in RULES for pattern in (rule.pattern, rule.guard.before, rule.guard.after)]
    assert max(most(re._parser.parse(r"(?:a|b(?!c{1,9}))+"))) > 1000  # the probe sees through groups
    for pattern in {*patterns, SECRET}:
        assert max(most(re._parser.parse(pattern.pattern, pattern.flags)), default=0) <= 64, pattern.pattern


@pytest.mark.parametrize(
    "piece",
    ["a", "a ", " ", "\t", "\n", "1", "1 ", "1-", "-", "(", "'", "a@", "a.", "a@a.", "$1 ", "+44 ", "256-", "🐶", "é",
     "the ", "for the ", "big, ", "dog ", "dog is and but ", "dog, friendly and ", "Pip and ", "big dog called ",
     "upstairs ", "in the ", "cracked upstairs ", "loose upstairs left ", "key under the ", "retired, ", "not ",
     "wife's cell ", "twenty-", "quoted $1 for the ", "prefers to the ", "gate code ", "don't ring the "],
)  # fmt: skip
def test_four_thousand_characters_of_anything_are_read_at_once(piece):
    note = (piece * 4000)[:4000]
    started = time.process_time()
    read(note)
    assert time.process_time() - started < 1


def test_every_rule_has_its_own_name():
    assert len({rule.name for rule in RULES}) == len(RULES)
