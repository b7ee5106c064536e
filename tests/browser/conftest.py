"""Chromium for the tests of the pages: run them by themselves, see `.ci/run`."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from bot.sandbox import Sandbox
from tests.browser.echo import served
from tests.browser.people import free_port

HERE = Path(__file__).parent
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--disable-font-subpixel-positioning",
    "--disable-lcd-text",
    "--hide-scrollbars",
    "--autoplay-policy=no-user-gesture-required",
]
PATIENCE = 60_000
"""Units: milliseconds until a page counts as stuck; a busy machine is no mistake."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def base_url() -> None:
    """Nothing: tests open full addresses. The plugin's own fixture warns, and warnings are errors."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    fixed = {"locale": "en-GB", "timezone_id": "Europe/London", "reduced_motion": "reduce"}
    return {**browser_context_args, **fixed, "viewport": {"width": 1440, "height": 900}}


@pytest.fixture(autouse=True)
def _no_errors_in_the_console(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test when the page logs an error, breaks the content policy or misses a file."""
    page = request.getfixturevalue("page")
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("requestfailed", lambda asked: wrong.append(asked.url) if "/events" not in asked.url else None)
    yield
    assert wrong == []


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Sandbox, str]]:
    """Phones with a tiny bot behind them, and the address of their page."""
    port = free_port()
    with served(port) as sandbox:
        yield sandbox, f"http://127.0.0.1:{port}/"


@pytest.fixture
def axe(page: Any) -> Callable[[], None]:
    """Checks the page as it is now: no accessibility rule broken, and none left open."""
    from axe_playwright_python.sync_playwright import Axe

    def check() -> None:
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response
        for outcome in ("violations", "incomplete"):
            nodes = [(rule["id"], node) for rule in found[outcome] for node in rule["nodes"]]
            problems = [(rule, node["target"]) for rule, node in nodes if not _is_beside_its_time(node)]
            assert (outcome, problems) == (outcome, [])

    return check


def _is_beside_its_time(node: dict[str, Any]) -> bool:
    """Whether axe only wonders about words that flow around the time in their own bubble, or are half
    scrolled away: their colours are the bubble's, which tests/sandbox/test_tokens.py measures."""
    told = node["any"][0].get("data") if node["any"] else None
    return isinstance(told, dict) and told.get("messageKey") == "bgOverlap" and ".bubble" in node["target"][0]
