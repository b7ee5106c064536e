"""The colours of the page: enough contrast in both themes, without a browser."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[2] / "bot/sandbox/static/chat.css").read_text()
PAIR = re.compile(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)")
TOKENS = {name: pair for name, *pair in PAIR.findall(CSS)}
THEMES = ["light", "dark"]
WORDS = [
    ("ink", "page"), ("ink", "card"), ("ink", "in"), ("ink", "out"), ("ink", "btn"), ("soft", "page"),
    ("soft", "card"), ("soft", "btn"), ("meta", "in"), ("meta", "btn"), ("out-meta", "out"),
    ("acc-ink", "acc"), ("btn-ink", "btn"), ("btn-ink", "in"), ("btn-ink", "out"), ("btn-ink", "acc-soft"),
    ("btn-ink", "card"),
    ("badge-ink", "badge"), ("page", "ink"), ("ink", "acc-soft"), ("on-dark", "doc"), ("on-dark", "face1"),
    ("on-dark", "face2"), ("on-dark", "face3"), ("on-dark", "face4"), ("on-dark", "face5"),
]  # fmt: skip
EDGES = [
    ("focus", "page"), ("focus", "card"), ("focus", "wall"), ("field", "page"), ("field", "card"),
    ("btn-line", "wall"), ("btn-line", "card"), ("acc", "card"), ("acc", "in"), ("acc", "page"),
]  # fmt: skip


def light_of(colour: str) -> float:
    """Relative luminance, as WCAG defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(front: str, back: str, theme: str) -> float:
    index = THEMES.index(theme)
    dark, light = sorted(light_of(TOKENS[name][index]) for name in (front, back))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "back"), WORDS)
def test_words_stand_out_from_what_is_behind_them(front: str, back: str, theme: str) -> None:
    assert contrast(front, back, theme) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "back"), EDGES)
def test_edges_of_buttons_and_fields_can_be_seen(front: str, back: str, theme: str) -> None:
    assert contrast(front, back, theme) >= 3


def test_every_colour_of_the_page_is_a_pair_that_was_looked_at() -> None:
    body = CSS.split("* { box-sizing", 1)[1]

    assert len(TOKENS) > 20
    assert set(re.findall(r"#[0-9a-fA-F]{6}\b", body)) == set()
    assert set(TOKENS) - {name for pair in WORDS + EDGES for name in pair} == {"line", "wall-dot"}
