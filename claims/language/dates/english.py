"""The English words that date expressions are made of; data only."""

from __future__ import annotations


def words_of(words: str) -> frozenset[str]:
    """Return the words of a list."""
    return frozenset(words.split())


def codes_of(pairs: str) -> dict[str, str]:
    """Read "word=code word=code"."""
    return {word: code for word, _, code in (pair.partition("=") for pair in pairs.split())}


def numbers_of(pairs: str) -> dict[str, int]:
    """Read "word=number word=number"."""
    return {word: int(number) for word, number in codes_of(pairs).items()}


def counted(words: str, start: int = 0) -> dict[str, int]:
    """Number the words of a list."""
    return {word: number for number, word in enumerate(words.split(), start)}


MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
# Written in full these are also verbs, given names or nouns: they need a day, a year or a preposition.
SHY_MONTHS = frozenset({"may", "march", "mar", "august", "april", "june", "jan", "dec", "sep"})
WEEKDAYS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "monday mondays mon",
            "tuesday tuesdays tue tues",
            "wednesday wednesdays wed",
            "thursday thursdays thu thur thurs",
            "friday fridays fri",
            "saturday saturdays sat",
            "sunday sundays sun",
        )
    )
    for name in names.split()
}
# Short weekday names count only before a date ("Sat, 5 May") or with a full stop and a capital.
SHORT_WEEKDAYS = words_of("mon tue tues wed thu thur thurs fri sat sun")
UNITS: dict[str, str] = codes_of(
    "day=D days=D week=W weeks=W month=M months=M year=Y years=Y decade=DE decades=DE century=CE"
    " centuries=CE millennium=ML millennia=ML quarter=Q quarters=Q weekend=WE weekends=WE fortnight=FN"
    " fortnights=FN hour=TH hours=TH minute=TM minutes=TM seconds=TS yr=Y yrs=Y hrs=TH mins=TM summers=SU"
    " winters=WI"
)
PLURAL_UNITS = frozenset(word for word in UNITS if word.endswith("s") or word in ("millennia",))
SEASONS: dict[str, str] = codes_of(
    "spring=SP springtime=SP summer=SU summertime=SU fall=FA autumn=FA winter=WI wintertime=WI"
)
SMALL: dict[str, int] = counted(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
)
TENS: dict[str, int] = {
    word: 10 * number
    for word, number in counted("twenty thirty forty fifty sixty seventy eighty ninety", 2).items()
}
SCALES: dict[str, int] = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
# What was put from one day to another.
MOVED = words_of(
    "moved postponed rescheduled shifted brought pushed delayed changed deferred switched moving"
)
# "a few", "several": a length of time whose figure is unknown.
VAGUE = words_of("few several many some couple dozens hundreds thousands various countless numerous")
ORDINALS: dict[str, int] = counted(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
    " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth",
    1,
) | {"twenty": 20, "thirtieth": 30}
ORDINAL_TAILS = frozenset({"st", "nd", "rd", "th"})
DECADES: dict[str, int] = numbers_of(
    "twenties=20 thirties=30 forties=40 fifties=50 sixties=60 seventies=70 eighties=80 nineties=90"
)
DEICTIC: dict[str, int] = {"yesterday": -1, "today": 0, "tomorrow": 1, "tonight": 0}
PARTS_OF_DAY: dict[str, str] = codes_of(
    "morning=TMO mornings=TMO afternoon=TAF afternoons=TAF evening=TEV evenings=TEV night=TNI nights=TNI"
    " midday=T12:00 noon=T12:00 midnight=T24:00 lunchtime=T12:00 dawn=TMO overnight=TNI"
)
ZONES = words_of("gmt est edt cst cdt mst mdt pst pdt bst cet cest utc et pt ct mt eastern")
WHICH: dict[str, int] = numbers_of(
    "last=-1 past=-1 previous=-1 preceding=-1 this=0 current=0 next=1 coming=1 following=1 upcoming=1"
    " latest=-1 same=0 that=0 recent=-1 final=-1"
)
EDGES: dict[str, str] = codes_of(
    "early=START late=END mid=MID middle=MID beginning=START start=START end=END close=END later=END"
    " earlier=START halfway=MID outset=START"
)
LIMITS: dict[str, str] = codes_of(
    "about=APPROX around=APPROX approximately=APPROX roughly=APPROX some=APPROX circa=APPROX"
    " nearly=LESS_THAN almost=LESS_THAN under=LESS_THAN over=MORE_THAN within="
)
TWO_WORD_LIMITS: dict[tuple[str, str], str] = {
    ("more", "than"): "MORE_THAN", ("less", "than"): "LESS_THAN", ("fewer", "than"): "LESS_THAN",
    ("at", "least"): "EQUAL_OR_MORE", ("at", "most"): "EQUAL_OR_LESS", ("up", "to"): "EQUAL_OR_LESS",
    ("no", "more"): "EQUAL_OR_LESS", ("well", "over"): "MORE_THAN", ("close", "to"): "APPROX",
    ("as", "many"): "EQUAL_OR_LESS",
}  # fmt: skip
REFERENCES: dict[str, str] = codes_of(
    "now=PRESENT_REF currently=PRESENT_REF presently=PRESENT_REF nowadays=PRESENT_REF recently=PAST_REF"
    " lately=PAST_REF soon=FUTURE_REF future=FUTURE_REF current=PRESENT_REF recent=PAST_REF"
)
REPEATED: dict[str, str] = codes_of(
    "daily=P1D weekly=P1W monthly=P1M yearly=P1Y annually=P1Y hourly=PT1H nightly=XXXX-XX-XXTNI"
    " biennially=P2Y fortnightly=P2W weekdays=XXXX-WXX-WD"
)
UNIT_REPEATS: dict[str, str] = codes_of(
    "D=P1D W=P1W M=P1M Y=P1Y Q=P1Q TH=PT1H TM=PT1M TS=PT1S DE=P10Y CE=P100Y WE=XXXX-WXX-WE FN=P2W"
)
HOLIDAYS: dict[tuple[str, ...], str] = {
    ("christmas", "day"): "christmas", ("christmas", "eve"): "christmas-eve", ("christmas",): "christmas",
    ("boxing", "day"): "boxing-day", ("new", "year", "'", "s", "eve"): "new-year-eve",
    ("new", "year", "'", "s", "day"): "new-year", ("new", "year", "’", "s", "eve"): "new-year-eve",
    ("new", "year", "’", "s", "day"): "new-year", ("halloween",): "halloween",
    ("thanksgiving", "day"): "thanksgiving", ("thanksgiving",): "thanksgiving",
    ("election", "day"): "election-day", ("labor", "day"): "labor-day", ("memorial", "day"): "memorial-day",
    ("independence", "day"): "independence-day", ("veterans", "day"): "veterans-day",
    ("columbus", "day"): "columbus-day", ("bastille", "day"): "bastille-day",
    ("valentine", "'", "s", "day"): "valentine", ("valentine", "’", "s", "day"): "valentine",
    ("st", ".", "patrick", "'", "s", "day"): "st-patrick",
    ("st", ".", "patrick", "’", "s", "day"): "st-patrick",
    ("good", "friday"): "good-friday", ("easter", "sunday"): "easter", ("easter", "monday"): "easter-monday",
    ("palm", "sunday"): "palm-sunday", ("ash", "wednesday"): "ash-wednesday", ("easter",): "easter",
    ("black", "friday"): "black-friday", ("cyber", "monday"): "cyber-monday",
    ("shrove", "tuesday"): "shrove-tuesday", ("maundy", "thursday"): "maundy-thursday",
    ("holy", "saturday"): "holy-saturday", ("easter", "saturday"): "holy-saturday",
    ("whit", "sunday"): "whit-sunday", ("pentecost", "sunday"): "whit-sunday", ("whit", "monday"): "whit-monday",
    ("pentecost", "monday"): "whit-monday", ("ascension", "day"): "ascension",
    ("all", "saints", "day"): "all-saints", ("all", "saints", "’", "day"): "all-saints",
    ("all", "saints", "'", "day"): "all-saints", ("presidents", "’", "day"): "presidents-day",
    ("presidents", "'", "day"): "presidents-day",
    ("earth", "day"): "earth-day", ("may", "day"): "may-day", ("remembrance", "day"): "veterans-day",
}  # fmt: skip
# In front of a holiday one of these is no given name, though a sentence begins with it.
BEFORE_HOLIDAYS = words_of(
    "on in at by for from to until till since before after over during around near this last next every each the a"
    " his her their our its and or but orthodox western white happy merry"
)
HOLIDAY_STARTS = frozenset(words[0] for words in HOLIDAYS)

# In front of one of these a bare number is a year whatever comes before: "his failed 1996 campaign".
OF_A_YEAR = words_of(
    "election elections campaign season attack attacks war crisis vote referendum census budget law act"
    " treaty agreement deal accord olympics games coup revolution invasion earthquake hurricane tsunami"
    " presidential recession summit constitution ruling convention primary championship primaries midterm"
    " genocide midterms candidate candidates hopeful hopefuls contender contenders nominee nominees cycle caucus"
    " caucuses race races ballot bid rival rivals"
)
# After one of these a bare number is a label, not a year: "page 2020", "Route 1998", "No. 1984".
LABELS = words_of(
    "page pages p pp no number nr nos room section sections article flight route highway chapter figure"
    " table model windows office version v order resolution law bill act code channel unit building box"
    " size case docket line verse suite apartment apt lot gate bus train platform serial id ref reference"
    " isbn issn form paragraph para rule item part level class grade category type psalm psalms area ext"
    " extension over nearly almost about approximately roughly around than least most total some only"
    " exactly up another euro euros dollars pounds rs usd eur gbp yen yuan"
)
YEAR_PREPOSITIONS = words_of(
    "in since by of until till before after from to during early late mid for through between and or end"
    " beginning spring summer autumn fall winter fiscal year circa around versus vs than throughout pre"
    " post"
)
DETERMINERS = words_of("the a an his her its their our my this that each every")
# A year in front of one of these is a count.
COUNTED = words_of(
    "people percent per dollars euros pounds miles kilometers kilometres km metres meters feet inches"
    " troops soldiers men women children deaths cases jobs points votes homes houses workers employees"
    " students pages copies members tons tonnes acres hectares barrels shares times kg mph kph mw gw km2"
    " degrees cubic square calories million billion trillion hundred thousand words hours days weeks"
    " months years"
)
WEATHER_BEFORE_SUN = frozenset({"the"})
CONNECTIVES: dict[str, int] = {"after": 1, "before": -1, "since": 1, "following": 1, "into": 1}
FUTURE_CUES = words_of(
    "will 'll shall scheduled expected expects due plans plan planned planning upcoming intends hopes"
    " aims begins starts begin start expire expires"
)

TRIGGERS = frozenset(
    set(MONTHS)
    | (set(WEEKDAYS))
    | set(UNITS)
    | set(SEASONS)
    | set(DECADES)
    | set(DEICTIC)
    | (set(PARTS_OF_DAY) - {"dawn"})
    | set(REFERENCES)
    | set(REPEATED)
    | HOLIDAY_STARTS
    | {"ago", "later", "earlier", "fy", "q", "h", "semester", "half", "season", "m", "past", "once", "then"}
    | {
        "year",
        "two",
        "nineteen",
        "patrick",
        "period",
        "time",
        "date",
        "moment",
        "term",
        "bc",
        "bce",
        "weekday",
    }
) - {"new", "st", "good", "labor", "may_", "two"}
