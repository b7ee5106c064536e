"""Plain English."""

import re
from functools import lru_cache

from bot.dialog.check.languages.language import Language

JARGON = {
    "access": "use, get to, or way in",
    "accessed": "used, or got",
    "accessing": "using, or getting",
    "accommodate": "make room for",
    "accommodation": "home, or place to stay",
    "advocacy": "someone to speak up for you",
    "allocate": "give",
    "allocated": "given",
    "ascertain": "find out",
    "assess": "look at what you need",
    "assessed": "looked at",
    "assessment": "a look at what you need",
    "assessor": "the person who looks at what you need",
    "asset-based": "what you are good at",
    "attendee": "someone who comes",
    "barrier": "what is in the way",
    "capacity": "whether you can decide",
    "caseload": "the people a worker helps",
    "case manager": "the person who plans with you",
    "clarify": "make clear",
    "collaborate": "work together",
    "collaborative": "together",
    "commence": "begin",
    "commissioner": "the people who pay for it",
    "commissioning": "paying for",
    "communication needs": "what helps you understand",
    "comply": "do",
    "comprehensive": "full",
    "consult": "ask",
    "consultation": "a talk",
    "coproduction": "doing it together",
    "co-production": "doing it together",
    "deliver services": "help",
    "demographic": "about you",
    "discharge": "go home, or leave",
    "discharged": "gone home",
    "domain": "part of life",
    "dysregulated": "upset",
    "eligibility": "whether you can get it",
    "eligible": "can get",
    "empower": "help you choose",
    "enable": "help",
    "engage": "take part",
    "engagement": "taking part",
    "ensure": "make sure",
    "escalate": "tell someone who can decide",
    "establish": "find out, or set up",
    "evaluate": "look at how it went",
    "facilitate": "help",
    "facilitator": "the person who leads the talk",
    "feedback": "what you think",
    "fulfil": "meet",
    "goals": "what you want",
    "holistic": "all of you",
    "identify": "find, or name",
    "implement": "do",
    "implementation": "doing it",
    "in accordance with": "as … says",
    "inform us": "tell us",
    "initiate": "begin",
    "interdisciplinary": "from several teams",
    "intervention": "help",
    "liaise": "talk to",
    "mdt": "your team",
    "mobility needs": "help to get about",
    "modality": "way",
    "monitor": "keep an eye on",
    "multidisciplinary": "from several teams",
    "multi-agency": "from several teams",
    "objective": "what you want to happen",
    "optimal": "best",
    "outcome": "what you want to happen",
    "pathway": "what happens next",
    "person-centred": "about you",
    "prior to": "before",
    "prioritise": "choose what comes first",
    "professional": "worker",
    "provider": "the people who give you support",
    "provision": "help",
    "referral": "asking another team",
    "referred": "sent to another team",
    "regarding": "about",
    "regulated": "calm",
    "rehabilitation": "getting better at things",
    "reside": "live",
    "respite": "a break",
    "risk assessment": "a look at what could go wrong",
    "safeguarding": "keeping people safe",
    "self-care": "looking after yourself",
    "service user": "person, or you",
    "signpost": "tell you where to go",
    "stakeholder": "the people it matters to",
    "submit": "send",
    "subsequently": "later",
    "support needs": "what you need help with",
    "support package": "your support",
    "support plan": "the plan for your support",
    "care package": "your care",
    "care plan": "the plan for your care",
    "treatment plan": "the plan for getting better",
    "transition": "change, or move",
    "triage": "see who comes first",
    "utilise": "use",
    "vulnerable": "at risk of harm",
    "wellbeing": "how you are",
    "well-being": "how you are",
}
"""Words of the sector that the people we ask do not use, and what to say instead."""

_PARTICIPLES = (
    "given|kept|told|made|done|seen|shown|sent|taken|written|held|chosen|spoken|paid|met|put|read|found"
)
_ADJECTIVES = (
    "tired|worried|excited|pleased|interested|scared|bored|married|retired|needed|allowed|supposed|used|"
    "paid|confused|stressed|frightened|relaxed|annoyed|hundred|indeed|fixed|finished|closed"
)
_ASKS = "who|what|when|where|why|how|which"


def grade(words: int, sentences: int, syllables: int) -> float:
    """The school grade by Flesch and Kincaid; five more is about the age of a reader.

    Source: Kincaid, Fishburne, Rogers and Chissom 1975.
    """
    return 0.39 * words / sentences + 11.8 * syllables / words - 15.59


@lru_cache(4096)
def syllables(word: str) -> int:
    """How many syllables a word has, near enough for a whole script."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    if len(letters) <= 3:
        return 1
    spoken = re.sub(r"(?:[^laeiouy]es|[^td]ed|[^laeiouy]e)$", "", letters)
    return max(1, len(re.findall(r"[aeiouy]{1,2}", spoken.removeprefix("y"))))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ENGLISH = Language(
    jargon=JARGON,
    meant=r"\b{word}s?[”\"']?(?: \(|,? (?:means|is when|is a|is an|is the|is someone|are people|is what)\b)"
    r"|\((?:an? |the )?[“\"']?{word}s?[”\"']?\)|\bcalled (?:an? |the )?[“\"']?{word}",
    known_capitals=_words("A I OK TV UK NHS GP PDF CD DVD QR ID BSL USB UTC AM PM SMS PIN MP"),
    fine_long_words=_words(
        "information appointment appointments conversation conversations grandchildren grandmother "
        "grandfather grandparents grandparent grandchild photographs independent understanding "
        "electricity physiotherapist granddaughter comfortable"
    ),
    negatives=re.compile(r"\b\w+n['’]t\b", re.IGNORECASE),
    passive=re.compile(
        rf"\b(?:is|are|was|were|be|been|being) (?:\w+ly |not )?(?!(?:{_ADJECTIVES})\b)"
        rf"(?:\w{{2,}}ed|{_PARTICIPLES})\b(?=\s+by\b|[.,;:!?]|\s+(?:to|for|in|on|at|with|from)\b|$)",
        re.IGNORECASE,
    ),
    style={
        "please": "Ask without it: it makes a request of a choice.",
        "simply": "Leave it out: what is simple for you may not be for them.",
        "easily": "Leave it out: what is easy for you may not be for them.",
        "it is easy": "Leave it out: what is easy for you may not be for them.",
        "it's easy": "Leave it out: what is easy for you may not be for them.",
        "obviously": "Leave it out.",
        "of course": "Leave it out.",
        "you should": "Say what happens, or what they can do.",
        "you must": "Say what happens, or what they can do.",
        "failure to": "Say what happens, without blame.",
        "in order to": "Write to.",
    },
    two_asks=re.compile(
        rf"\band/or\b|(?<!who )(?<!what )\b(?:and|or) (?:{_ASKS})\b(?! (?:\w+ )?not\b)[^.?!]*\?",
        re.IGNORECASE,
    ),
    closed=re.compile(
        r"(?:^|[.!?\n]\s*)(?:is|are|am|do|does|did|can|could|would|will|have|has|was|were|may|shall) "
        r"[^.!?\n]*\?\s*$",
        re.IGNORECASE,
    ),
    yes=re.compile(r"yes\b|yeah\b|yep\b|ok\b|true\b|i do$|i am$|i can$", re.IGNORECASE),
    no=re.compile(r"no\b(?! (?:steps|stairs|pets|one\b))|nope\b|false\b|i do not$|i am not$", re.IGNORECASE),
    no_answer=re.compile(
        r"not sure|maybe|perhaps|i do not know|i don['’]t know|i do not mind|sometimes", re.IGNORECASE
    ),
    something_else=re.compile(
        r"^(?:(?:an)?other(?:s| one| thing| way| place| person| reason)?|some(?:thing|where|one|body) else|"
        r"some other \w+|.*\bor other)\W*$",
        re.IGNORECASE,
    ),
    figures={
        re.compile(
            r"\b(?:[01]?\d|2[0-3]):[0-5]\d\b(?!\s?[ap]m)", re.IGNORECASE
        ): "Write 2pm or half past two.",
        re.compile(r"\d\s?%|\bper ?cent\b", re.IGNORECASE): "Write 1 in 4, or half.",
        re.compile(
            r"\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[.-]\d{1,2}[.-]\d{2,4}\b"
        ): "Write Monday 6 August.",
    },
    grade=grade,
    syllables=syllables,
)
