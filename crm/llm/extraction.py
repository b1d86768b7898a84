"""Facts out of a close-out note, each with its exact words; the default needs no model and no network.

The rules are a table. Their patterns are written in a small language so that they can be read aloud: a space is a
run of blanks within a line, `'` an apostrophe that may be missing, `~` a blank or hyphen that may be missing, `(…)` a
group, `<PLACE>` an entry of the vocabulary, and a line goes on in the next one. Every repetition has an upper bound,
so reading takes time linear in the note.

A wrong proposal costs trust and a missing one costs little: what is denied, doubted, asked, over, somebody else's or
only so today is not proposed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact worth keeping on the contact: `note[starts_at : starts_at + len(words)] == words`."""

    key: str
    value: str
    words: str
    starts_at: int


class Extractor(Protocol):
    """Whatever reads a note: the rules below, or a model."""

    async def extract(self, note: str) -> list[Finding]: ...


# ---- the vocabulary -----------------------------------------------------------------------------------

UNITS = "one|two|three|four|five|six|seven|eight|nine"
TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
NUMBERS = {word: number for number, word in enumerate(f"{UNITS}|{TEENS}".split("|"), 1)}
NUMBERS |= {word: number * 10 for number, word in enumerate(TENS.split("|"), 2)}
NUMBERS |= {str(number): number for number in range(1, 1000)}

VOCABULARY = {
    "NUMBER": f"[1-9][0-9]{{0,2}}|({TENS})(~({UNITS}))?|{TEENS}|{UNITS}",
    "END": r"(?= ?([,;.!)/&+\r\n•|–—]|- |$))",
    "THEN": r"<END>|(?= (and|but|so|as|because|please|pls)(?!\w))",
    # Free text, up to where the next thought begins.
    "STOP": r"""and|but|so|then|because|as|she|he|they|we|i|it|will|is|was|were|are|if|when|who|which|that|also|again
        |has|have|had|needs?|wants?|left|took|gave|said|says|told|shut|close|keep|no|not|dogs?|cats?|pays?|prefers?|call
        |text|park|key|pls|please|today|[a-z]{3,12}ed|[0-9]{1,3} ?(screens?|panes?|windows?|skylights?|stor\w{1,4})""",
    "WORD": r"(?!<STOP>(?!\w))[^\W_]([\w\x27\u2019-]{0,18}\w)?(?!\w)",
    "LINK": r"the|an?|to|of|in|on|at|for|her|his|their|with|by|per|every|each|over|from|after|before|or|and|&",
    "NOUN": r"(?!<LINK>(?!\w))<WORD>",
    "WORDS": r"(<LINK> ){0,3}<NOUN>( (<LINK> ){0,3}<NOUN>){0,3}",
    "NOTNAME": r"""the|a|is|in|on|at|and|was|has|had|not|no|next|very|out|inside|outside|owner|bark\w{0,3}|bites?
        |friendly|loose|will|needs?|but|with|all|be|keep|let|call|text|ring|shut|close|gate|key|pays?|paid|prefers?
        |quoted|agreed|sa(id|ys)|told|asked|wants?|came|home|does|did|who|may|can|if|when|please|left|moved|lives?
        |likes?|loves?|happy|windows?|screens?|\w{3,6}day|\w{3,9}ed|cell|mobile|phone|tel|mob|ph|number|work|new|office
        |or|to|her|his|old|wrong|our|ref|order|job|invoice|fax|account|policy|serial""",
    "NAME": r"(?!<NOTNAME>(?!\w))(?-i:[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]{1,14})(?!\w)",
    "NAMES": r"<NAME>( (and|&) <NAME>)?",
    # Where something is: "on the rear bedroom", "upstairs left".
    "BY": r"""on|in|at|by|near|above|over|under|underneath|behind|beside|around|round|outside|inside|out|of|to|next|from
        |the|a|her|his|their|just""",
    "PLACE": r"""upstairs|downstairs|left|right|hand|rear|front|back|side|top|bottom|ground|first|second|third|main
        |master|spare|guest|floor|bed~room( [1-9](?! ?\w))?|bath(room)?|en~suite|kitchen|lounge|living|dining|room
        |sunroom|study|office|landing|hall(way)?|stair(s|well|case)|porch|patio|deck|garage|conservatory|utility
        |basement|attic|loft|dormers?|bay|doors?|doorstep|french|sliding|window|wall|chimney|roof|eaves|soffits?|gutter
        |drive(way)?|path|pool|garden|(back)?yard|corner|house|shed|fence|steps?|meter box|tank|tree|north|south|east
        |west|end|entrance|alley|gable""",
    "WHERE": r"( (<BY> ){0,3}<PLACE>(?!\w)){0,4}",
    "AT": r" (<BY> ){1,3}<PLACE>(?!\w)<WHERE>",
    # Pets
    "ANIMAL": r"""(dogs?|pups?|pupp(y|ies)|cats?|kittens?)(?![\x27\u2019\w]
        | (walk\w{0,3}|poop?|mess|flap|doors?|run|bowls?|food|beds?|hairs?|home|house|kennel|sitter|groomer|lead|leash
        |toys?|shows?|park|lovers?|litter|treats?|gate|[5-8])(?!\w))""",
    "PUREBRED": r"""((golden|german|border|cocker|springer|jack|yorkshire|bull|french|great|miniature|toy) ){0,2}
        (spaniel|springer|labrador|retriever|poodle|cockapoo|cavapoo|labradoodle|goldendoodle|terrier|collie|alsatian
        |german shepherd|husky|bulldog|beagle|dachshund|chihuahua|greyhound|whippet|rottweiler|doberman|corgi|shih~tzu
        |mastiff|great dane|pit~bull|yorkie|jack russell|schnauzer|pomeranian|westie|staffie)s?
        |(black|yellow|chocolate) labs?|(siamese|persian|tabby|ginger) cats?""",
    "LOOK": r"""big|large|huge|small|little|tiny|old|young|friendly|nervous|barky|yappy|noisy|loud|jumpy|excitable|deaf
        |aggressive|protective|blind|rescue|guard|house|indoor|outdoor|lovely|sweet|shy|black|white|brown|gr[ea]y
        |ginger""",
    "TRAIT": r"""((not|very|super|really|too|doesn't|won't) ){0,2}(friendly|nervous|shy|jumpy|yappy|noisy|excitable
        |aggressive|protective|deaf|blind|harmless|barks?( a lot)?|bites?|jumps?( up)?|nips|escapes|runs? (out|off)
        |gets out|((loose|stays|kept) )?in (the )?(back )?(yard|garden|kitchen|house|crate|garage|kennel))""",
    "TRAITS": r"""((,| -)? ((is|are|and|but|who|he|she|can|be|will|always|usually|a bit|quite) ){0,3}<TRAIT>
        (?!\w)){1,3}""",
    "BREED": r"<PUREBRED>( (dog|pup|puppy|cross|mix)(?!\w))?",
    "LOOKS": r"(<NUMBER> )?(<LOOK>,? ){0,3}",
    "PET": r"(<NUMBER> (<LOOK> ){0,2}|(<LOOK>,? ){1,3})(<BREED>|<ANIMAL>)|<BREED>",
    "SOMEPET": r"((an?|<NUMBER>) )?(<LOOK> ){0,2}(<BREED>|<ANIMAL>)",
    # People
    "KIN": r"""wife|husband|partner|son|daughter|mum|mom|mother|dad|father|sister|brother|tenant|land(lord|lady)|manager
        |housekeeper|caretaker|concierge|carer|nanny|cleaner|secretary""",
    "WHO": r"(<KIN>|neighbou?r)( <NAME>)?('s)?( <LINE>){0,2}|<NAME>('s)?( <LINE>){0,2}",
    "LINE": r"cell|mobile|phone|number|tel|work|e~mail|address",
    "MANNER": r"""(chatty|talkative)<THEN>|(loves?|likes?) (to (chat|talk)|a chat)|hard of hearing|lives? alone
        |works? (from home|nights)|(usually|always) home|home all day""",
    "KIND": r"<MANNER>|(friendly|lovely|nice|sweet|quiet|polite|kind|deaf)<END>",
    "FOLK": r"""(couple|lady|gent(leman)?|man|woman|family|widow(er)?|mum|mom)
        (?![\x27\u2019]s| of(?!\w)| (day|home|house|room|business|friend)(?!\w))""",
    "OFAGE": r"retired|elderly|older|old|young|nice|lovely|friendly|sweet|single|busy|kind|quiet|polite|deaf|chatty",
    # Numbers and addresses to be reached at, as the US and the UK write them; money; codes
    "PHONE": r"""(?<![0-9][-./+])((\+?1[\x20.-]?)?(\([2-9][0-9]{2}\)\x20?|[2-9][0-9]{2}[\x20.-])[0-9]{3}[\x20.-][0-9]{4}
        |(\+44[\x20-]?(\(0\))?\x20?|\(?0)(7[0-9]{3}[\x20-]?[0-9]{3}[\x20-]?[0-9]{3}
        |2[0-9]\)?[\x20-]?[0-9]{4}[\x20-]?[0-9]{4}|1[0-9]{3}\)?[\x20-]?[0-9]{3}[\x20-]?[0-9]{3}
        |1[0-9]{2}\)?[\x20-]?[0-9]{3}[\x20-]?[0-9]{4}))(?![-./]?[0-9])""",
    "EMAIL": r"(?<![\w.+%-])[a-z0-9._%+-]{1,64}@([a-z0-9-]{1,63}\.){1,4}[a-z]{2,24}",
    "MONEY": r"""([$£€] ?[1-9][0-9]{0,5}(,[0-9]{3})?(\.[0-9]{2})?|[1-9][0-9]{0,5}(\.[0-9]{2})? ?
        (dollars|bucks|quid|pounds|euros?|usd|gbp|eur))( ?[–-] ?[$£€]?[0-9]{1,6})?(?![0-9]|[.,][0-9])""",
    "FOR": r"( ?/ ?<NOUN>)?( (each|extra|more|monthly|weekly|total))?( (for|to|per|an?|next|every|from) <WORDS>)?",
    "CODE": r"[#*]?[a-z]?[0-9]{3,8}[a-z]?[#*]?(?![\w-]|[.,:/][0-9]| [0-9]{3}| ?(am|pm|hours?|mins?)(?!\w))",
    "METHOD": r"""cash|card|checks?|cheques?|(bank )?transfer|bacs|direct debit|standing order|venmo|zelle|paypal
        |cash~app|apple pay|online|(credit|debit) card|monthly|quarterly|in advance|up~front|on the day|at the door""",
    "DAY": r"(mon|tues|wednes|thurs|fri|satur|sun)days|weekends|weekdays|(early )?mornings|afternoons|evenings",
    "OURS": r"(<KIN>|neighbou?r)('s)?( <LINE>){0,2} ?$",
    # Getting in, up and water
    "HIDE": r"""(under|in|behind|with|on|inside|at|above) ((the|a|an|her|his|their) )?([a-z]{2,12} ){0,2}?
        ((door)?mat|(plant|flower)~pots?|pots?|planter|brick|stone|rock|gnome|hook|ledge|bench|step|table|porch|shed
        |garage|meter box|mail~box|letter~box|lock~box|key~safe|bin|neighbou?rs?|next door|concierge|reception
        |office)""",
    "DOOR": r"""((back|side|rear|front|garage|basement|patio|kitchen|main|garden|service|tradesman's
        |neighbou?r's) ){1,2}(entrance|door|gate|steps|stairs|passage|path|hallway|alley(way)?|lane|garden|yard)
        |(back|side|rear|alley(way)?|lane|garage|passage|intercom|buzzer)(<THEN>|(?= only(?!\w)))""",
    "GATE": r"((the|both|all|her|his|their) )?((side|back|front|garden|rear|main|top|bottom) ){0,2}gates?",
    "KERB": r"""(<BY> ){1,3}([a-z]{2,10} )?(street|road|drive(way)?|back|rear|front|side|lane|alley|car park|lot|garage
        |kerb|curb|verge|church|corner|yard|gate|school|grass|lawn)""",
    "REACH": r"(needs?|bring|use|requires?|must have)( (the|a|an|our|your))?",
    "LONG": r"""long(est)?|big|tall|extension|triple|double|short|small|step|roof|combination|a~frame|little giant
        |[1-9][0-9]?~(ft|foot|feet|m|rung)|[1-9][0-9]\x27|(two|three|2|3)~(section|part)""",
    "POLE": r"""([1-9][0-9]?~(ft|foot|feet|m)|long|extension|carbon|water~fed) ((extension|carbon|water~fed) )?poles?
        |water~fed|wfp""",
    "KIT": r"""<POLE>|poles?(?= for )|(safety )?harness|cherry~picker|scissor lift|scaffold(ing)?( tower)?|shoe covers
        |booties|drop cloths?|dust sheets?""",
    "USE": r"( (for|to reach|to get to) <WORDS>|<AT>)?",
    "TAP": r"((outside|outdoor|garden|external|exterior) )?(water )?(tap|spigot|faucet|hose~bib)",
    # What is broken, what is dangerous
    "BROKEN": r"""cracked|broken|chipped|torn|ripped|scratched|shattered|rotten|rotting|bent|missing|damaged|blown
        |fogged""",
    "PART": r"""panes?|windows?|glass|glazing|screens?|sills?|frames?|seals?|skylights?|sash( cords?)?|latch|handle
        |gutters?|downspout|downpipe|putty|hinge|mesh|fascia|(double~)?glazed units?""",
    "UNDERFOOT": r"""(window~)?sills?|slabs?|steps?|tiles?|bricks?|pavers?|paving|hand~rail|railings?|boards?|decking
        |stones?|slates?|flagstones?|gutters?|lintel""",
}  # fmt: skip


def _pattern(*sources: str) -> re.Pattern[str]:
    """One of these sources as a pattern: whole words in any case."""
    source = "|".join(sources)
    entry = re.compile(r"<([A-Z]+)>")
    while entry.search(source):
        source = entry.sub(lambda found: f"({VOCABULARY[found[1]]})", source)
    source = re.sub(r"\n *", "", source)
    source = re.sub(r"(?<!\\)\((?!\?)", "(?:", source)
    source = source.replace(" ", r"(?:[\x20\t\xa0]{1,4})").replace("~", r"(?:[\x20\t\xa0]{1,4}|-)?")
    source = source.replace("'", r"[\x27\u2019]?")
    return re.compile(rf"(?<!\w)(?:{source})(?!\w)", re.IGNORECASE)


# ---- what takes a fact back ---------------------------------------------------------------------------

# Where a thought and a sentence end: guards look no further.
BREAK = re.compile(r"[,;:!?()\n\r\u2028\u2029•|–—]|(?<!\bno)(?<!\bapt)\.(?=\s|$)|\s-\s|\bbut\b", re.IGNORECASE)
SENTENCE = re.compile(r"[;!?\n\r\u2028\u2029•|]|\.(?=\s|$)")

# Before the words.
DENIED = r"""(no|not|never|without|nor|neither|hardly|nothing|cannot|(is|are|do|does|did|was|were|has|have|had|ca|could
    |should|need|wo)n't)( [\w\x27\u2019]{1,20}){0,3} ?$"""
DOUBTED = r"""if|unless|maybe|perhaps|might|may|think|guess|probably|apparently|looks? like|(could|would) be|wonder
    |until"""
ELSEWHERE = r"""next door('s)?|neighbou?rs?('s)?|used to|no longer|previous(ly)?|former(ly)?|unlike|stray|my|saw
    |last (customer|house|job)|was|were|had an?|passing|raining|wants?|wanted|getting|instead of|rather than|forgot"""
DONE = r"""fix|fixed|repair|repaired|replaced|replacing|replace|mended|sorted|nearly|almost|removed|treated|i|we|they|he
    |she|of ?$"""
LOST = r"""forgot|left|lost|broke|bought|should have|returned|dropped|put|my|truck|van|was|were|neighbou?rs?('s)?
    |next door"""
SPENT = r"key~safe|lock~box|old|wrong|previous|was|neighbou?rs?('s)?|next door"
NUMBERED = r"wrong|old|our|no longer|fax|order|job|ref\w{0,6}|account|serial|policy|invoice( (no\.?|number))? ?$"
RIVAL = r"""company|companies|competitor|(other|last) (guy|cleaner)|somebody|someone|will|i'll|to|can|could|ask|please
    |pls"""
LABELLED = r"""(no\.?|number|unit|apt\.?|flat|suite|house|room|bed|bedroom|bay|floor|level|phase|at|by|between|since|lot
    |building|to|or|over|hundred( and)?|thousand|half|another|other|first|last|next|top|(only|just)( \w{1,9})?|extra
    |missed|skipped|replaced|repaired|fixed|redid|broke|removed|dropped|ordered|needs?|wants?|quoted( for)?|add|added
    |told( (me|us))?|jan\w{0,6}|feb\w{0,6}|march|april|may|june|july|aug\w{0,4}|(sep|oct|nov|dec)\w{0,6}) ?$"""

# After the words.
OVER = r"""next door|(across|over|down|up) the (street|road|way)|opposite|died|passed away|no longer|(has )?gone
    |((now|been|was|were|is|are|all) )?(fixed|repaired|replaced|removed|sorted|mended|treated)"""
PASSING = rf"""{OVER}|today|(this|that) (time|morning|afternoon|week)|tonight|for now|tomorrow|yesterday|until|if|unless
    |except"""
ROAMED = r"^ ?([a-z]{2,12}ed|ran|came|went|was|were|watching|barking at)"
VISITED = r"^ ?at (no|number|[0-9])|wants|asked|stopped|came|helped"
FAILED = r"""^ ?(does( not|n't)|did( not|n't)|is( not|n't)|no longer|not|won't|failed|wrong|stopped
    |has(n't| changed))"""
BROKE = r"^ ?back|broke|broken|snapped|leak\w{0,3}|failed|packed up|stopped|playing up"
REDUCED = r"if|unless|by|^ ?(off|tips?|discount|too|or)"
PARTIAL = r"""^ ?(left|to (go|do)|remaining|missing|short|loose|dirty|out|off|back|per|each|next|extra|stuck|with
    |without|only|later|today|tomorrow|at a time|of|about|torn|broken|bent|shut|was|were|are|is|had|have|has|needs?
    |still|not|(do|did|could|ca|wo|would)n't|(?!cleaned|washed|scrubbed|rinsed|counted|included|detached
    |terraced)[a-z]{2,14}ed|(?!including)[a-z]{3,14}ing)"""


@dataclass(frozen=True, slots=True)
class Guard:
    """What must not stand before or after a kind of fact."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    opens: bool = False  # an instruction: it opens its clause or follows an opener, and has no condition
    agrees: bool = False  # not at all when it is said twice and differs


FACT = Guard(_pattern(DENIED, DOUBTED, ELSEWHERE), _pattern(PASSING))
TOLD = Guard(_pattern(DENIED, DOUBTED), _pattern(PASSING), opens=True)
REACH = Guard(_pattern(DENIED, NUMBERED), _pattern(FAILED))
OWN = Guard(_pattern(DENIED, NUMBERED, "<OURS>"), _pattern(FAILED))
COUNT = Guard(_pattern(DENIED, DOUBTED, ELSEWHERE, LABELLED), _pattern(OVER, PARTIAL), agrees=True)
PRICE = Guard(_pattern(DENIED, DOUBTED, ELSEWHERE, RIVAL), _pattern(REDUCED))
PET = Guard(_pattern(DENIED, DOUBTED, ELSEWHERE), _pattern(PASSING, ROAMED))
CODE = Guard(_pattern(DENIED, DOUBTED, SPENT), _pattern(FAILED, OVER))
KEY = Guard(_pattern(DENIED, DOUBTED, LOST), _pattern(PASSING))
KIT = Guard(_pattern(DENIED, DOUBTED, LOST), _pattern(PASSING, BROKE))
FOLK = Guard(FACT.before, _pattern(PASSING, VISITED))
LIKES = Guard(_pattern(DENIED, DOUBTED, ELSEWHERE, "i|we"), _pattern(PASSING))
FLAW = Guard(_pattern(DENIED, DOUBTED, ELSEWHERE, DONE), _pattern(OVER))

# "Shut the gate", "please shut the gate", "remember to shut the gate"; "I shut the gate" is a report.
OPENER = _pattern(r"""(please|pls|plz|always|must|should|so|remember|nb|note|just|best|only
    |(needs?|have|has|remember|asks?|asked|wants?|best|better|easiest|us|me|ok|okay|said|says|told|sure) to) ?$""")
CONDITION = _pattern(r"if|unless|when|once|while")

# Card numbers, right or mistyped, social security numbers, and what has been taken out already.
GAP = r"[\x20\t\xa0.-]{0,2}"
SECRET = re.compile(
    rf"\[REDACTED\]|(?<![0-9])(?:[2-6][0-9]{{3}}(?:{GAP}[0-9]{{4}}){{2}}{GAP}[0-9]{{1,7}}|[0-9]{{13,40}}"
    rf"|3[0-9]{{3}}{GAP}[0-9]{{6}}{GAP}[0-9]{{4,5}}|[0-9]{{3}}{GAP}[0-9]{{2}}{GAP}[0-9]{{4}}(?![0-9]))"
)


# ---- what a fact is worth: its value ------------------------------------------------------------------

Match = re.Match[str]
Value = Callable[[Match], str]


def _typed(text: str | None) -> str:
    """As it was typed, on one line; what was shouted is said."""
    text = " ".join((text or "").split()).strip(" ,-")
    return text.lower() if text.isupper() and len(text) > 5 else text


def _small(text: str | None) -> str:
    """With a small first letter, unless that is an abbreviation."""
    text = _typed(text)
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def _said(found: Match) -> str:
    """The words themselves, or those of them that matter (`what`)."""
    return _typed(found["what"]) if "what" in found.re.groupindex else _small(found[0])


def _listed(*groups: str, by: str = ", ") -> Value:
    """Some of the words, in this order: "wife, Karen"."""
    return lambda found: _small(by.join(_typed(found[group]) for group in groups if found[group]))


def _always(value: str) -> Value:
    return lambda _: value


def _email(found: Match) -> str:
    whose = found.groupdict().get("whose")
    return found["email"].lower() + (f", {_small(whose)}" if whose else "")


def _counted(found: Match) -> str:
    """A number in digits, and where: "24", "about 30", "2 over the stairs"."""
    words = re.split(r"[\s-]", (found["number"] or found["then"]).casefold())
    if not (number := sum(NUMBERS.get(word, 0) for word in words)):
        return ""
    return " ".join(filter(None, ["about" if found["about"] else "", str(number), _small(found["where"])]))


def _pet(found: Match) -> str:
    """What it is, what it does, what it is called: "big dog, barks, Rex"."""
    said = found.groupdict()
    traits = [trait[0] for trait in TRAIT.finditer(said.get("traits") or "")]
    names = [_typed(said.get("name")), _typed(said.get("called"))]
    return ", ".join([*(_typed(word).lower() for word in [said["kind"], *traits]), *filter(None, names)])


TRAIT = _pattern("<TRAIT>")


# ---- the rules ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rule:
    """How one kind of fact is written. Of the rules for a key the first that finds something gives it."""

    name: str
    key: str
    guard: Guard
    pattern: re.Pattern[str]
    value: Value


def _rule(name: str, key: str, guard: Guard, source: str, value: Value = _said) -> Rule:
    return Rule(name, key, guard, _pattern(rf"(?=[\w+\x28$£€\x7e])({source})"), value)


def _count(key: str, noun: str) -> Rule:
    source = rf"""(?<![0-9][.,:/–-])(?<![0-9]\s[–-]\s)(?<![$£€#/])(?<![$£€]\s)
        (?P<about>about |approx\.? |roughly |\x7e ?)?((?P<number><NUMBER>)~(x )?({noun})(?! ?[0-9@])
        (?P<where> (upstairs|downstairs)(?!\w)|<AT>)?|({noun})( ?[:=] ?| x ?)(?P<then><NUMBER>)
        (?![\x20-]?[\w.:/$£€%-]))"""
    return _rule(f"{key}_count", key, COUNT, source, _counted)


def _code(key: str, place: str) -> Rule:
    code, is_ = "(code|pin|combo|combination)", "( (is|is now|now|changed to))?( ?[:=-])? ?"
    source = rf"""({place})('s)?~{code}{is_}(?P<code><CODE>)|{code} (for|to|on) (the )?({place}){is_}(?P<for><CODE>)
        |{code}:? (?P<of><CODE>) (for|on) (the )?({place})"""
    return _rule(key.replace(" ", "_"), key, CODE, source, _listed("code", "for", "of"))


RULES = (
    _rule("phone_of", "other phone", REACH,
          r"(?P<whose><WHO>)( (is|on|at|no\.?|=))?[:#.]? ?(- )?\(?(?P<number><PHONE>)", _listed("number", "whose")),
    _rule("phone_for", "other phone", REACH,
          r"(?P<number><PHONE>)( ?\(| is | for | ?[-=] ?)((the|her|his|their) )?(?P<whose><WHO>)\)?",
          _listed("number", "whose")),
    _rule("phone", "phone", OWN, r"<PHONE>(?! ?(\(|is |for )?((the|her|his|their) )?<WHO>)"),
    _rule("phone_short", "phone", OWN, r"""(phone|cell|mobile|tel|call|text|ring|number)
        ( (is|no|her|him|them|on|at))?[:#.]? ?(?P<what>[2-9][0-9]{9}|[2-9][0-9]{2}[.-][0-9]{4})(?![-./]?[0-9])"""),
    _rule("email_of", "other email", REACH,
          r"(?P<whose><WHO>)( (is|on|at|=))?[:#.]? ?(- )?\(?(?P<email><EMAIL>)", _email),
    _rule("email", "email", OWN, r"(?P<email><EMAIL>)", _email),
    _count("screens", "((window|fly|insect|bug|solar|mesh) )?screens"),
    _count("panes", "((glass|georgian|french|window|leaded) )?panes"),
    _count("skylights", "skylights?|velux(es)?( windows?)?|roof~lights?"),
    _count("windows", "windows"),
    _count("storeys", "storeys?|story|stories"),
    _rule("storeys_single", "storeys", FACT, r"single~(storey|story)", _always("1")),
    _rule("price_quoted", "quoted price", PRICE, r"""(quoted?|agreed|offered|told|new price|agreed price
        |price goes up to)( (him|her|them|customer|owner|on|at|price|is|of)){0,2}:? (?P<what><MONEY><FOR>)"""),
    _rule("price_then_quoted", "quoted price", PRICE, r"(?P<price><MONEY>)( is)? (quoted|agreed)(?P<for><FOR>)",
          _listed("price", "for", by=" ")),
    _rule("pet_called", "pet", PET, r"""(?P<kind><LOOKS>(<BREED>|<ANIMAL>))(?P<traits><TRAITS>)?,?
        ( (is|who is|is a|which is))?(('s)? (called|named|name is|name:|names are) (?P<called>[^\W\d_]{2,15}
        ( (and|&) [^\W\d_]{2,15})?)|( ?[:=-] ?| ?\(| )["“”]?(?P<name><NAMES>)(?!'s )["“”)]?)""", _pet),
    _rule("pet_kind", "pet", PET,
          r"(?P<kind><PET>( (and|&) <SOMEPET>){0,2}|<ANIMAL> (and|&) <SOMEPET>)(?P<traits><TRAITS>)?", _pet),
    _rule("pet_trait", "pet", PET, r"(?P<kind><ANIMAL>)(?P<traits><TRAITS>)", _pet),
    _rule("pet_owned", "pet", FACT, r"(has|have|got|owns?) ((an?|their|her|his) )?(?P<what><ANIMAL>)"),
    _rule("pet_alone", "pet", TOLD, r"<ANIMAL><END>"),
    _rule("pet_kept_in", "pet", TOLD, r"""(don't|do not|never) let ((the|her|his) )?<ANIMAL> out
        |keep ((the|her|his) )?<ANIMAL> in(side)?"""),
    _rule("pet_beware", "pet", FACT, r"(beware of|mind|watch( out)? for) (the )?(dogs?|cats?)<END>"),
    _rule("pet_none", "pet", TOLD, r"no (pets|animals)<END>", _always("none")),
    _rule("pet_no_dog", "pet", TOLD, r"no dogs?<END>"),
    _rule("gate_shut", "gate", TOLD, r"""(shut|close|latch|lock|bolt) <GATE>
        ( (behind|after) you| when leaving| on (the|your) way out| properly)?"""),
    _rule("gate_kept", "gate", TOLD, r"""(keep|leave) <GATE> (closed|shut|locked|open|latched|bolted|unlocked
        |as found)"""),
    _rule("gate_must", "gate", FACT, r"""<GATE> (must|has to|needs to|should|is always|always|is kept|is to|kept)( be)?
        ( (kept|left))? (closed|shut|locked|open|latched|bolted|unlocked)|<GATE> (sticks|(is )?(stiff|padlocked))"""),
    _code("gate code", "((main|side|front|back|garden|driveway) )?gate"),
    _code("alarm code", "((burglar|house) )?alarm"),
    _code("door code", "((front|back|side|garage) )?door|garage"),
    _code("lockbox code", "lock~box"),
    _code("key safe code", "key~safe"),
    _code("entry code", "entry|entrance|access|building|key~pad|call~box"),
    _rule("key_kept", "access", KEY, r"""((spare|house|front|back|side|door|gate|garage) ){0,2}keys?
        ( (is|are|kept|lives|hidden|left)){0,2} <HIDE>( (by|near|next to) (the )?((back|front|side) )?
        (door|gate|porch|steps?|garage|shed))?"""),
    _rule("key_with", "access", FACT,
          r"(next door|neighbou?rs?)( at [0-9]{1,4})? (has|have|keeps?|holds?) ((the|a) )?(spare )?keys?"),
    _rule("door_used", "access", TOLD, r"""((don't|do not|never) )?(use|go (through|via|round|around)
        |enter (via|through|by|from)|come (in )?(through|via|round)|(access|entry|entrance)( is)?
        ( only)? (via|through|from|by|round|at))( to)?( the)? <DOOR>(?! code)"""),
    _rule("access_none", "access", FACT, r"""no (rear|back|side|roof|loft) access|no access (to|round)<AT>
        |no access to <PLACE>"""),
    _rule("parking", "parking", TOLD, r"""((don't|do not|never|can't|cannot|can|no) )?(park|parking)
        ( (is|only|available|free))? <KERB>"""),
    _rule("parking_permit", "parking", FACT, r"""permit parking( only)?|parking (is )?(by )?permit( only)?
        |parking permit (needed|required)|visitor('s)? parking"""),
    _rule("ladder_needed", "ladder", KIT, r"<REACH> (?P<what><LONG>~ladders?<USE>)"),
    _rule("ladder_for", "ladder", KIT, r"<LONG>~ladders? (for|to reach|to get to|needed for|required for) <WORDS>"),
    _rule("ladder_alone", "ladder", TOLD, r"""<LONG>~ladders?( (needed|required|only|job))?<END>
        |no ladders? (needed|required|necessary)"""),
    _rule("kit_needed", "equipment", KIT, r"<REACH> (?P<what><KIT>( only)?<USE>)"),
    _rule("kit_alone", "equipment", TOLD, r"<POLE>(<USE>| (only|needed|required|job))<END>"),
    _rule("water_none", "water", FACT, r"""no (outside|outdoor|external|garden|exterior) (water )?
        (tap|water|spigot|faucet|hose~bib)s?|no (spigot|hose~bib|water (on site|outside|supply))
        |brings? (((your|our) )?own )?water"""),
    _rule("water_where", "water", FACT, r"<TAP>(?! (on|at) (the )?(\w{1,9} )?(window|door))( is|'s)?<AT>"),
    _rule("water_alone", "water", TOLD, r"(outside|outdoor|garden|external) (tap|spigot|faucet)<END>"),
    _rule("people", "people", FOLK, r"""(<OFAGE>,? (and )?){1,2}<FOLK>
        ((,| -)? ((and|both|very|really|quite|a bit|bit) ){0,2}<KIND>){0,3}"""),
    _rule("people_named", "people", FACT,
          r"(?P<kin><KIN>)('s name is| is called| called| named|:)? (?P<name><NAME>)(?!'s )", _listed("kin", "name")),
    _rule("people_manner", "people", FACT, r"""((customer|owner|couple|lady|<KIN>|he|she|they)( is| are|'s|'re)? )?
        ((very|quite|a bit|bit|really) )?<MANNER>"""),
    _rule("prefers_call", "prefers", TOLD, r"""(call|ring|phone|text|message|email|knock)
        ( (her|him|them|customer|owner|wife|husband|the office))?( (<NUMBER>|an|half an) (min|minute|hour|hr|day)s?)?
        ( (first|ahead|beforehand|on arrival|on the way)| before (coming|arriving|arrival|you come|going|visiting)
        | before (each|every) visit|( the)? (day|night) before| before<END>)"""),
    _rule("prefers_quiet", "prefers", TOLD, r"""(don't|do not|never) ((ring|use|knock)( (on|at))?( (the|her|his))?
        ( (front|back))? ((door~?)?bell|door)|ring|knock|call|phone|text)
        ( (before|after|until|till) (noon|[0-9]{1,2}(:[0-9]{2})? ?(am|pm)?))?
        ((,| as| because| -) ((the|their) )?(baby|dog|cat|kids?|toddler|husband|wife|he|she|they)('s| is| are)?
        ( (sleeping|sleeps|asleep|naps?|napping|barks|goes mad|works nights))|<END>)"""),
    _rule("prefers", "prefers", LIKES, r"""(prefers|(they|would|'d|customers?|couple) prefer)
        (?! (us|me|him|her|them|it)(?!\w))( (?P<what>(texts?|calls?|e~mails?)(ing)?(?!\w)|<WORDS><THEN>))"""),
    _rule("prefers_days", "prefers", TOLD, r"""<DAY> (only|best|are best)|only (on )?<DAY>|(not|never) (on )?<DAY>
        |no (?!mornings)<DAY>"""),
    _rule("prefers_shoes", "prefers", TOLD, r"""(take )?shoes off( (inside|indoors|in the house|at the door))?
        |no shoes (inside|indoors|in the house|on the carpets?)"""),
    _rule("pays", "payment", FACT, r"""(pays|(they|always|usually|likes to|prefers to) pay)
        ( (by|in|with|via|her|his|the)){0,2} (?P<what><METHOD>((,| or| and|/) ?<METHOD>)?
        ( (on the day|at the door|monthly|in advance))?)"""),
    _rule("leaves_payment", "payment", FACT,
          r"leaves ((the|a|an|her|his|their) )?(cash|check|cheque|money|payment|envelope)( <HIDE>)?"),
    _rule("payment_only", "payment", TOLD, r"(cash|checks?|cheques?|card) only<THEN>"),
    _rule("payer", "payment", FACT, r"(<KIN>|(head )?office|(letting|estate|managing) agent) pays"),
    _rule("damage", "damage", FLAW, r"""(<NUMBER> )?<BROKEN> ((<PLACE>|<PART>|storm) ){0,2}<PART>
        (?! (<PART>|clean\w{0,4}))<WHERE>"""),
    _rule("damage_is", "damage", FLAW, r"""(<NUMBER> )?((<PLACE>|storm|screen|glass) ){0,3}<PART>( (is|are))? <BROKEN>
        (?! (the )?(<PLACE> ){0,2}<PART>)<WHERE>"""),
    _rule("damage_in", "damage", FLAW,
          r"(crack|chip|hole|tear|rip|scratch)(s|es)? (in|on) (the )?(<PLACE> ){0,3}<PART><WHERE>"),
    _rule("hazard_loose", "hazard", FLAW, r"loose (<PLACE> ){0,2}<UNDERFOOT><WHERE>"),
    _rule("hazard_nest", "hazard", FLAW, r"""(wasp|hornet|bee|yellow~jacket)s?'?~nests?<WHERE>
        |(wasps|hornets|bees)<AT>"""),
    _rule("hazard_underfoot", "hazard", FACT, r"""(slippery|mossy|uneven|steep|wobbly|rotten|crumbling|fragile|sloping)
        ( <PLACE>)?( (steps?|deck(ing)?|path|patio|slope|drive(way)?|ground|stairs|roof|bank|paving|slabs?))<WHERE>"""),
    _rule("hazard_wires", "hazard", FACT, r"""(overhead|low|live|exposed|bare) (power ?lines?|cables?|wires?
        |wiring)<WHERE>|power ?lines?<AT>|trip hazard<WHERE>"""),
)  # fmt: skip


class RuleExtractor:
    """The default: the rules above."""

    async def extract(self, note: str) -> list[Finding]:
        """At most one finding for each key, in the order of the note; no word of it is used twice."""
        used = [found.span() for found in SECRET.finditer(note)]
        findings: dict[str, Finding] = {}
        for rule in RULES:
            if rule.key in findings:
                continue
            found = [finding for finding in _read(rule, note) if _is_fit(finding, used)]
            if found and not (rule.guard.agrees and len({finding.value for finding in found}) > 1):
                findings[rule.key] = found[0]
                used.append(_span(found[0]))
        return sorted(findings.values(), key=lambda finding: finding.starts_at)


def _read(rule: Rule, note: str) -> Iterator[Finding]:
    """What a rule finds, less what is taken back around it."""
    for found in rule.pattern.finditer(note):
        start, end = found.span()
        sentence = SENTENCE.split(note[max(0, start - 80) : start])[-1]
        before, rest = BREAK.split(sentence)[-1], note[end : end + 40]
        asked = SENTENCE.search(rest)
        if (
            rule.guard.before.search(before)
            or rule.guard.after.search(BREAK.split(rest, maxsplit=1)[0])
            or (asked and asked[0] == "?")
            or (rule.guard.opens and not _opens(sentence, before))
        ):
            continue
        yield Finding(rule.key, rule.value(found), found[0], start)


def _opens(sentence: str, before: str) -> bool:
    return not CONDITION.search(sentence) and (not re.search(r"\w", before) or bool(OPENER.search(before)))


def _span(finding: Finding) -> tuple[int, int]:
    return finding.starts_at, finding.starts_at + len(finding.words)


def _is_fit(finding: Finding, used: list[tuple[int, int]]) -> bool:
    """What the database takes, no part of another finding and no part of a secret number."""
    start, end = _span(finding)
    fits = len(finding.words) <= 300 and 0 < len(finding.value) <= 300 and finding.value.isprintable()
    return fits and not any(start < stop and begin < end for begin, stop in used)
