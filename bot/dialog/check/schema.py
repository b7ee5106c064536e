"""The shape of the files in dialogs/ as a JSON Schema, from the tables that the loader reads by."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.dialog.check import guide
from bot.dialog.condition import WORDS
from bot.dialog.kind import Kind
from bot.dialog.kinds import KINDS
from bot.dialog.load import BOX, KNOWN, PART, SCRIPT, SET
from bot.dialog.load.questions import EVERY, EXAMPLE, LARGEST, OPTION, SECTION, SOME
from bot.dialog.load.reminding import KEYS, MOST
from bot.dialog.script import AUDIENCES, DETAILS

Schema = dict[str, Any]

_WORDS: Schema = {"type": ["string", "number"], "pattern": r"\S"}
_TRUTH: Schema = {"type": "boolean"}
_NUMBER: Schema = {"type": "integer", "minimum": 0, "maximum": LARGEST}


def schema() -> Schema:
    """What an editor has to know to help with any file in dialogs/."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A script, a set or a question box of Beforehand",
        "type": "object",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in ("script", "set", "box")],
        "$defs": {
            "script": _object(SCRIPT, guide.SCRIPT, ("script", "title", "sections"), _script()),
            "set": _object(SET, guide.SET, ("set", "title", "parts"), _set()),
            "box": _object(BOX, guide.BOX, BOX, {"list": _list("known")}),
            "known": _object(KNOWN, guide.KNOWN, KNOWN, {"id": _id(24), "asked": _list_of(_WORDS)}),
            "section": _object(
                SECTION,
                guide.SECTION,
                ("id", "title", "questions"),
                {"id": _id(24), "questions": _list("question")},
            ),
            "question": _question(KINDS),
            "option": {"anyOf": [_WORDS, _object(OPTION, guide.OPTION, ("label",), _truths(OPTION[1:]))]},
            "example": {"anyOf": [_WORDS, _object(EXAMPLE, guide.EXAMPLE, ("words",), _samples())]},
            "part": {"anyOf": [_id(40), _object(PART, guide.PART, ("script",), _part())]},
            "reminder": _object(KEYS, guide.REMINDER, ("id", "send", "text"), _reminder()),
        },
    }


def _object(
    keys: Iterable[str], told: Mapping[str, str], must: Iterable[str], special: Mapping[str, Schema]
) -> Schema:
    """An object with these keys and no others; those that are not special hold words."""
    properties = {key: {**special.get(key, _WORDS), "description": told[key]} for key in keys}
    return {
        "type": "object",
        "properties": properties,
        "required": list(must),
        "additionalProperties": False,
    }


def _id(longest: int) -> Schema:
    words = "|".join(WORDS)
    return {"type": "string", "pattern": rf"^(?!(?:{words})$)[a-z][a-z0-9_]*$", "maxLength": longest}


def _list_of(items: Schema) -> Schema:
    return {"type": "array", "items": items, "minItems": 1}


def _list(name: str) -> Schema:
    return _list_of({"$ref": f"#/$defs/{name}"})


def _truths(keys: Iterable[str]) -> dict[str, Schema]:
    return {key: _TRUTH for key in keys}


def _script() -> dict[str, Schema]:
    return {
        "script": _id(40),
        "for": {"enum": list(AUDIENCES)},
        "language": {"type": "string", "pattern": r"^[a-z]{2,3}([_-][A-Za-z0-9]{2,8})*$"},
        "given": {"type": "object", "additionalProperties": _WORDS, "propertyNames": _id(24)},
        "sections": _list("section"),
        "reminders": {**_list("reminder"), "maxItems": MOST},
    }


def _set() -> dict[str, Schema]:
    shared = {key: value for key, value in _script().items() if key in ("language", "reminders")}
    return {**shared, "set": _id(40), "detail": {"enum": list(DETAILS)}, "parts": _list("part")}


def _part() -> dict[str, Schema]:
    return {"script": _id(40), "stage": {"enum": [1, 2]}, **_truths(("by_choice", "still_right"))}


def _reminder() -> dict[str, Schema]:
    return {
        "id": _id(24),
        "most": {"type": "integer", "minimum": 1, "maximum": 9},
        "if_late": {"enum": ["send now", "tell key contact"]},
        "between": {"type": "string", "pattern": r"^[0-9]{1,2}:[0-9]{2}\s+and\s+[0-9]{1,2}:[0-9]{2}$"},
    }


def _samples() -> dict[str, Schema]:
    sample: Schema = {"type": "string", "pattern": r"^[a-z0-9_-]+\.[a-z0-9]+$"}
    return {key: sample for key in EXAMPLE[1:]}


def _question(kinds: Mapping[str, Kind]) -> Schema:
    """A question; which keys it may have hangs on its kind."""
    special = {
        "id": _id(24),
        "kind": {"enum": list(kinds)},
        "examples": _list("example"),
        "detail": {"enum": list(DETAILS)},
        "options": {
            "type": "object",
            "propertyNames": _id(20),
            "additionalProperties": {"$ref": "#/$defs/option"},
            "minProperties": 2,
        },
        "item": _id(20),
        "if_no": {"enum": ["stop"]},
        "of": {"enum": ["people", "things"]},
        "reads_back": {"enum": ["all", "part"]},
        "answer_by": _list_of({"enum": ["text", "voice", "photo"]}),
        "share_with": {"enum": ["anyone", "key_contact"]},
        **_truths(("optional", "still_right", "private")),
        **{key: _NUMBER for key in ("least", "most")},
    }
    question = _object((*EVERY, *SOME), guide.QUESTION, ("id", "kind", "ask"), special)
    return {**question, "allOf": [_of_kind(name, kind) for name, kind in kinds.items()]}


def _of_kind(name: str, kind: Kind) -> Schema:
    others = [key for key in SOME if key not in kind.takes | kind.needs]
    return {
        "if": {"properties": {"kind": {"const": name}}},
        "then": {"required": sorted(kind.needs), "properties": {key: False for key in others}},
    }
