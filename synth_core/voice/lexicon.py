"""Word lists behind the masked text and the style traits. English; all in lower case, straight apostrophes."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ARTICLES = _words("a an the")
YOU = _words("you your yours yourself yourselves you're you'll you've you'd ya")
WE = _words("we our ours us ourselves we're we'll we've we'd let's")
ME = _words("i me my mine myself i'm i'll i've i'd")
THEY = _words(
    "he him his she her hers it its they them their theirs himself herself itself themselves he's she's it's "
    "they're they've they'll he'll she'll it'll"
)
BE = _words("am is are was were be been being isn't aren't wasn't weren't 's 're")
MODALS = _words(
    "can could may might must shall should will would cannot can't couldn't mustn't shouldn't won't wouldn't ought"
)
AUXILIARIES = _words("do does did don't doesn't didn't have has had haven't hasn't hadn't having done")
NEGATIONS = _words(
    "no not never none nothing nobody nowhere neither nor without cannot can't couldn't don't doesn't didn't won't "
    "wouldn't isn't aren't wasn't weren't haven't hasn't hadn't shouldn't mustn't ain't"
)
JOINING = _words("and or but nor yet so")
TURNING = _words("but yet though although however instead rather still")
SUBORDINATING = _words(
    "because since although though while whilst when whenever where wherever until till unless if whether before "
    "after as that which who whom whose than once"
)
PREPOSITIONS = _words(
    "about above across after against along among around at before behind below beneath beside between beyond by "
    "down during for from in inside into like near of off on onto out outside over past through throughout to "
    "toward towards under until up upon via with within without per"
)
POINTING = _words("this that these those here there such")
QUANTIFIERS = _words(
    "all any both each either enough every few less little many more most much several some same other another only "
    "own half none"
)
QUESTION_WORDS = _words("what who why how when where which whose ever never ready want need looking got are do did can")
ADVERBS = _words(
    "also always already again almost even ever just never now often once quite rather simply soon then too very well"
)

#: Kept as they are when a line is masked: they carry style, not subject.
FUNCTION_WORDS = (
    ARTICLES | YOU | WE | ME | THEY | BE | MODALS | AUXILIARIES | NEGATIONS | JOINING | TURNING | SUBORDINATING
    | PREPOSITIONS | POINTING | QUANTIFIERS | ADVERBS | _words("what who why how")
)  # fmt: skip

INTENSIFIERS = _words(
    "very really so too extremely incredibly absolutely completely truly utterly super highly simply literally "
    "definitely insanely hugely deeply awfully terribly"
)
HEDGES = _words(
    "almost perhaps maybe quite rather somewhat nearly usually often sometimes rarely seldom probably mostly may might"
)
SUPERLATIVES = _words(
    "best most worst least finest greatest ultimate top leading premier number-one unbeatable perfect first-class"
)
URGENCY = _words(
    "now today hurry limited last only ends tonight midnight sale save deal deals offer offers free off discount "
    "bonus book buy order shop call click code instant join deposit exclusive"
)
#: Stock words of advertising.
CLICHES = _words(
    "amazing awesome best-in-class bespoke breathtaking captivating charming cherish chic crafted curated cutting- "
    "edge dazzle delight delightful discover dreamy effortless effortlessly elegance elegant elevate embark embrace "
    "enchanting enhance escape exceptional exclusive exquisite extraordinary fabulous flawless game-changing "
    "glamorous gorgeous iconic immerse impeccable incredible indulge indulgence indulgent innovative introducing "
    "irresistible journey lavish luxe luxurious luxury magical mesmerizing must-have nestled next-level oasis "
    "opulent passion perfect perfection premium pristine reimagined revolutionary seamless seamlessly sensational "
    "sleek sophisticated sophistication spectacular state-of-the-art stunning sumptuous timeless transform "
    "transformative ultimate unforgettable unique unleash unlock unmatched unparalleled unrivalled unwind versatile "
    "vibrant world-class"
)
SLANG = _words(
    "ain't awesome bro bruh cheers chill cool crazy cuz dang dope dude dunno epic folks fam gimme gonna gotta guys "
    "haha hell hey kinda lemme lit lol mad mate mates nah nope ok okay omg oops outta psst pumped sorta stoked sup "
    "sweet ugh vibe vibes wanna wassup whoa wow y'all ya yay yeah yep yo yup"
)
#: Words that plain-language guides advise against (after plainlanguage.gov, "Use simple words and phrases").
FORMAL = _words(
    "accordance accordingly acquire additional advise aforementioned applicable appropriate ascertain assist "
    "assistance attain commence commencement component comply comprise comprises concerning consequently constitute "
    "demonstrate designate discontinue disseminate endeavour ensure ensures evaluate expedite facilitate "
    "facilitates finalise forward furnish furthermore hereby however identify implement inception initiate modify "
    "monitor moreover necessitate notify objective obtain optimum option participate permit personnel pertaining "
    "prior procure provide provided provides provision purchase pursuant regarding reimburse remain remuneration "
    "request require required requirements requires respective retain selection shall solicit submit subsequent "
    "subsequently sufficient terminate therefore transmit upon utilise utilize validate via whereas"
)
TIME_WORDS = _words(
    "morning mornings noon afternoon afternoons evening evenings night nights dawn dusk day days week weeks month "
    "months year years century hour hours minute minutes second seconds spring summer autumn fall winter january "
    "february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday season seasons today tomorrow yesterday tonight moment moments weekend"
)
NUMBER_WORDS = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million "
    "first second third fourth fifth dozen once twice half"
)
#: Verbs that a call to action opens with.
IMPERATIVES = _words(
    "add ask bask be begin book bring browse build buy call capture carry catch celebrate check choose claim click "
    "come connect conquer create discover ditch dive don't download draw dress earn elevate embark embrace enhance "
    "enjoy escape experience explore expect feel fill find follow forget get give go grab have help hurry immerse "
    "imagine indulge introduce join just keep learn leave let let's listen live look lose love make meet never open "
    "order pack pay pick plan plant play pour pull put read relax rediscover rejuvenate reserve rest return ring "
    "save savor savour say see send set share shop sign sip sit skip sleep slip smash spend start stay step stick "
    "stop take taste tell think travel treat try turn unlock unleash unwind upgrade visit wait wake walk watch wear "
    "welcome witness work write"
)
#: Contracted forms and what they stand for; the ambiguous 's and 'd are left alone, save for the commonest.
CONTRACTIONS = {
    "can't": "cannot", "won't": "will not", "shan't": "shall not", "ain't": "is not", "n't": " not", "'re": " are",
    "'ll": " will", "'ve": " have", "'m": " am", "it's": "it is", "that's": "that is", "there's": "there is",
    "what's": "what is", "who's": "who is", "here's": "here is", "he's": "he is", "she's": "she is", "let's": "let us",
}  # fmt: skip
