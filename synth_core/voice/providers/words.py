"""Small word lists for taking lines apart without a tagger: English, closed classes and common nouns by kind."""

from __future__ import annotations


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


DETERMINERS = _set("a an the this that these those my your our his her its their every each some any no another one")
POSSESSIVES = _set("my your our his her its their")
NUMBERS = _set(
    "one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty "
    "seventy eighty ninety hundred thousand dozen several few many"
)
PREPOSITIONS = _set(
    "about above across after against along among around as at before behind below beneath beside between "
    "beyond by down during for from in inside into like near of off on onto out outside over past per round "
    "since through till to toward towards under until up upon via with within without apart"
)
#: Prepositions that can stand for each other, each with its own noun.
WHERE: dict[str, str] = {
    word: sort
    for sort, words in (
        ("in", "on in at inside"),
        ("by", "by beside near under behind against beneath outside"),
        ("to", "to toward towards into"),
        ("along", "along past through across over"),
    )
    for word in words.split()
}
CONJUNCTIONS = _set("and or but nor yet so because although though while if unless when where whether than")
RELATIVES = _set("that which who whom whose where when")
#: Words that lean on something said before; a sentence with one does not stand alone.
ANAPHORS = _set(
    "it its itself they them their theirs themselves he him his himself she her hers herself this that these "
    "those so such same other others another both either neither none each ones one's ours yours mine else "
    "too also then there's more most less least rest former latter again instead therefore however still "
    "either likewise afterwards once third second seconds since someone's nobody's"
)
#: A comparison leaves open with what.
COMPARATIVES = _set(
    "longer shorter better worse older newer younger further farther kinder easier harder smaller larger "
    "bigger nearer slower faster louder quieter warmer colder sooner earlier kinder fewer higher lower deeper"
)
BE = _set("am is are was were be been being isn't aren't wasn't weren't")
AUXILIARIES = BE | _set(
    "do does did don't doesn't didn't have has had haven't hasn't hadn't can could may might must shall "
    "should will would cannot can't couldn't mustn't shouldn't won't wouldn't we're you're they're it's we'll "
    "you'll we've you've let's"
)
PAST = _set(
    "was were did had came went got gave took made saw knew said told kept left felt found grew held lost met "
    "paid put ran read sat sent set spent stood thought wrote began broke built chose drew fell flew forgot "
    "sold slept spoke swam swept taught threw woke wore won drank drove ate spilt has"
)
PRONOUNS = _set(
    "i we you they it he she us me them him everyone everybody someone somebody nobody anyone anybody nothing "
    "everything something anything people"
)
ADVERBS = _set(
    "always never often sometimes usually seldom rarely quite rather very almost nearly only just even merely "
    "simply perhaps maybe already soon now later here there not ever well straight back home away twice"
)
_VERBS = (
    "accept add advise agree allow answer appear argue arrive ask bake bathe bear become begin behave believe "
    "belong borrow break bring build burn buy call carry cast catch change charge choose clean climb close "
    "collect come compete cook cost count cover creak creep cross cut dance decide describe dine disapprove do "
    "draw dream dress drift drink drive drop dry eat end enjoy enter exaggerate exist expect explain explore face "
    "fade fall feed feel fetch fill find fit fly follow forget forgive form freeze gather get give glow go greet "
    "grow guess hang happen haul have hear help hide hire hold hope hurry improve include insist join keep knock "
    "know last laugh lay lead leak lean learn leave lend let lie lift like linger listen live lock look lose love "
    "make marry matter mean measure meet melt mend mention mind miss mix move need notice offer open order own "
    "pack paint pass pay pick place plan plant play please pour practise prefer press promise prove pull put "
    "raise reach read receive recline refuse remain remember repeat reply require reserve rest restore return "
    "ride ring rise roar row run sail save say see seem sell send serve set settle shake share shelve shine shut "
    "sing sink sit sleep slip smell soak sound speak spend spill spoil stand stare start stay steal stick stop "
    "stretch study suit swim take talk taste tell thank think throw tie tolerate touch travel treat trim try turn "
    "use vanish visit wait wake walk want warm wash watch wear welcome win wipe wish work write yield"
)


def _forms(base: str) -> tuple[str, ...]:
    if base.endswith(("s", "sh", "ch", "x", "z", "o")):
        third = base + "es"
    elif base.endswith("y") and base[-2] not in "aeiou":
        third = base[:-1] + "ies"
    else:
        third = base + "s"
    past = (
        base + "d"
        if base.endswith("e")
        else base[:-1] + "ied"
        if base.endswith("y") and base[-2] not in "aeiou"
        else base + "ed"
    )
    return base, third, past


VERBS = frozenset(form for base in _VERBS.split() for form in _forms(base)) | PAST | AUXILIARIES
BASE_VERBS = _set(_VERBS)
#: What happens at one time and not at another: “In July the kitchen door stands open”, but not “the beds face west”.
HAPPENS = frozenset(
    form
    for base in _set(
        "arrive bake bathe bring carry close collect come cook dance dine drink eat fetch fill gather go greet "
        "haul light lay leave linger meet open paint pick play pour read return ring run sail serve set sing sit "
        "sleep stand stay stop swim take travel turn visit wait wake walk wash write"
    )
    for form in _forms(base)
)
#: A time of year is in these already.
SEASONAL = _set(
    "leaf leaves snow frost ice lamb lambs swallow swallows geese blackthorn primrose primroses plum plums "
    "jam harvest sun fire fires fireplace embers stove blossom christmas easter heat cold storm storms"
)

MONTHS = _set("january february march april may june july august september october november december")
DAYS = _set(
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays "
    "saturdays sundays"
)
TIMES = MONTHS | DAYS | _set(
        "spring summer autumn fall winter season seasons morning mornings noon midday afternoon afternoons "
        "evening evenings night nights midnight dawn dusk daybreak sunrise sunset day days week weeks weekend "
        "month months year years century hour hours minute minutes moment today tonight tomorrow yesterday "
        "o'clock breakfast lunch dinner supper six seven eight nine ten four five three two while time"
    )  # fmt: skip

#: Common nouns of marketing copy by kind, singular. A noun may be of one kind only: the commonest.
KINDS: dict[str, frozenset[str]] = {
    "water": _set("water sea lake river bay reef ocean estuary tide creek pond pool stream harbour harbor lagoon"),
    "shore": _set("shore coast beach jetty dyke dune quay pier island bank landing cove marsh sand"),
    "land": _set(
        "hill mountain valley field meadow path road lane track forest wood moor plain cliff village churchyard"
    ),
    "garden": _set(
        "garden orchard lawn hedge wall gate terrace courtyard yard bench hammock vineyard greenhouse border"
    ),
    "plant": _set(
        "rose tree oak fig quince pear plum apple vine thyme primrose daisy cedar reed blackthorn flower herb"
    ),
    "house": _set(
        "house hotel lodge barn boathouse shed cottage chapel tower cellar attic pantry scullery kitchen library bar"
    ),
    "room": _set("room suite bedroom hall landing corridor stair stairs parlour study bathroom sauna spa lobby"),
    "part": _set("door window shutter sash sill step floor ceiling beam hearth mantel range stove fireplace balcony"),
    "seat": _set("chair table armchair stool sofa desk bed shelf cushion pillow mattress bath tub"),
    "cloth": _set("linen blanket sheet towel robe curtain rug quilt napkin"),
    "clothing": _set(
        "boot coat hat sock shoe jacket shirt dress wellington scarf glove pocket bag backpack trainer sneaker"
    ),
    "light": _set("lamp candle lantern light fire ember log match moon star sun flame"),
    "food": _set(
        "bread toast loaf egg porridge kipper marmalade honey cream soup broth crab potato pudding butter salt "
        "chocolate cake sandwich jam mustard ham biscuit olive asparagus peach fish oyster cheese apple lemon "
        "mushroom"
    ),
    "drink": _set("coffee tea wine whisky gin sherry ale beer cider champagne cocktail tonic juice cup glass"),
    "vessel": _set("jar bottle pot bowl kettle bucket basket box tin tray spoon plate thermos stockpot"),
    "person": _set(
        "guest cook chef gardener boatman guide butler pianist registrar fiddler child cousin uncle friend judge "
        "host waiter stranger neighbour regular staff sommelier barista driver maker"
    ),
    "animal": _set(
        "dog cat goose gull curlew seal swallow owl hen duck spaniel terrier wasp lamb pigeon bee horse lion"
    ),
    "craft": _set("boat ferry dinghy sail oar engine train car bus bicycle plane compass rope knot hull buoy mooring"),
    "text": _set(
        "book novel thriller letter postcard map atlas diary newspaper menu recipe chapter poem bill catalogue story"
    ),
    "weather": _set("rain snow fog mist storm gale wind frost drizzle draught cloud breeze heat dark"),
    "music": _set("song piano bell silence quiet hush speech conversation tale"),
    "money": _set("price rate bill offer sale cost deal voucher"),
    "body": _set("hand eye face skin hair foot arm eyebrow shoulder heart"),
    "care": _set("serum cream lotion balm oil soap shampoo mask scrub scent perfume treatment massage"),
    "device": _set("phone laptop screen app camera speaker headphone battery charger watch clock keyboard button"),
}
#: Nouns that can stand for each other in most sentences: narrower than a kind.
SISTERS: tuple[frozenset[str], ...] = tuple(
    _set(names)
    for names in (
        "gull curlew owl swallow duck goose hen pigeon seal heron",
        "ferry boat dinghy",
        "dog spaniel terrier cat",
        "boot shoe wellington",
        "jetty quay pier landing beach shore dyke",
        "chair armchair bench sofa",
        "towel blanket robe",
        "letter postcard note",
        "novel thriller",
        "tea coffee",
        "guest visitor traveller",
        "lake river bay sea harbour",
        "island coast valley village",
        "lamp candle lantern",
        "kitchen pantry scullery",
        "rain snow mist fog",
        "orchard garden",
        "linen quiet silence",
        "cook chef",
        "gardener boatman butler",
        "pillow cushion",
        "whisky sherry gin wine",
        "pear plum peach apple fig quince",
        "attic cellar",
        "shutter window",
        "bag coat jacket hat",
        "laptop phone",
        "serum cream lotion",
        "trainer sneaker",
        "scarf glove",
        "jar bottle",
        "shampoo soap",
        "chapel tower lighthouse",
        "mountain hill",
    )
)
SISTERS_OF: dict[str, frozenset[str]] = {noun: group for group in SISTERS for noun in group}
KIND_OF: dict[str, str] = {noun: kind for kind, nouns in KINDS.items() for noun in nouns}


def kind_of(word: str) -> str | None:
    """The kind of a noun, singular or plural; None for words that are in no list."""
    for form in (
        word,
        word[:-1] if word.endswith("s") else "",
        word[:-2] if word.endswith("es") else "",
        word[:-3] + "y" if word.endswith("ies") else "",
        word[:-3] + "f" if word.endswith("ves") else "",
    ):
        if form in KIND_OF:
            return KIND_OF[form]
    return {"geese": "animal", "feet": "body", "children": "person", "people": "person", "loaves": "food"}.get(word)


def singular(word: str) -> str:
    """The singular of a noun of the lists; else the word."""
    if word in ("geese", "feet"):
        return {"geese": "goose", "feet": "foot"}[word]
    for form in (
        word,
        word[:-1] if word.endswith("s") else "",
        word[:-2] if word.endswith("es") else "",
        word[:-3] + "y" if word.endswith("ies") else "",
    ):
        if form in SISTERS_OF or form in KIND_OF:
            return form
    return word


def plural(word: str) -> str:
    """The plural of a noun of the lists."""
    if word == "goose":
        return "geese"
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "sh", "ch", "x")) else "s")


def is_plural(word: str) -> bool:
    """Whether a noun looks plural."""
    return word in ("geese", "feet", "children", "people", "staff") or (
        word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3
    )
