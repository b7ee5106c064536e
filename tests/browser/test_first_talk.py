"""The whole first talk on the page that `beforehand try` opens, with the real bot behind it."""

import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import PICTURES, ROOT, Person, start_again, trying

Axe = Callable[[], None]

LATEST = 20.0
"""Units: seconds; a changed file is read every second, and checked on a machine that may be busy."""


@pytest.fixture(scope="module")
def dialogs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of scripts that may be changed."""
    folder = tmp_path_factory.mktemp("dialogs")
    shutil.copy(ROOT / "tests" / "dialogs" / "first_talk.yaml", folder)
    return folder


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the person at the computer has read so far."""
    return tmp_path_factory.mktemp("told") / "beside the page.txt"


@pytest.fixture(scope="module")
def address(dialogs: Path, told: Path) -> Iterator[str]:
    with trying(dialogs, told) as page:
        yield page


@pytest.fixture
def ann(page: Page, address: str) -> Person:
    """Ann's phone, on a page that has been started again."""
    start_again(page, address)
    return Person(page, "Ann")


def answer_everything(ann: Person) -> None:
    """Ann's whole talk, up to the read-back."""
    ann.start()
    ann.sees("I am a computer program")
    ann.press("OK, next")
    ann.sees("Telegram keeps a copy")
    ann.press("OK, next")
    ann.sees("May I keep your answers?")
    ann.press("Yes, keep them")
    ann.say("Annie", "How you want your information")
    ann.press("OK, next", "Large print")
    expect(ann.phone.get_by_role("button", name="✓ Large print")).to_be_visible()
    ann.press("Done", "Very big")
    ann.sees("Which days are good for you?")
    ann.press("Tuesday", "Done", "In the morning")
    ann.say("Not on Thursday, that is my choir", "Where would you like to meet?")
    ann.press("At my home")
    ann.say("Mo", "So far: Mo.")
    ann.press("That is everyone", "Family", "Only when and where")
    ann.say("Jane. She is calm.", "How can people help you well")
    ann.say("Give me time.", "How are things")
    ann.press("So-so 😐")
    ann.say("My garden, and my choir", "working well")
    ann.say("My new chair", "not working so well")
    ann.say("The bus is always late", "just for you?")
    ann.press("No, nothing")
    ann.sees("What you told me", "Nothing has been sent yet.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_ann_shares_ravi_sets_a_date_and_the_reminder_comes(
    ann: Person, page: Page, axe: Axe, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    ravi, gil = Person(page, "Ravi"), Person(page, "Gil")
    answer_everything(ann)
    ravi.never_saw("garden")

    ann.press("Share with Ravi")
    ann.sees("I am sending it to Ravi now")
    ravi.sees("Annie has shared this with you", "What matters to me: My garden, and my choir")
    ravi.press("I have read this")
    ann.sees("Ravi has read what you shared.")
    ravi.press("Write to Annie")
    ravi.say("Shall I bring cake?", "Thank you. I am passing it on to Annie.")
    ann.sees("A message from Ravi", "Shall I bring cake?")
    ravi.press("Set the date")
    ravi.say("12 March 2pm", "Is that right?")
    ravi.press("Yes, tell Annie")
    ann.sees("Your talk with Ravi is on Friday 12 March")
    page.get_by_role("button", name=re.compile("next reminder", re.IGNORECASE)).click()
    ann.sees("is tomorrow: Friday 12 March")
    gil.never_saw("garden")
    expect(page.locator("[data-notice]")).to_be_empty(timeout=15_000)  # it covers a little of the phones
    page.screenshot(path=PICTURES / f"shared-{scheme}.png")
    axe()


def test_it_all_works_on_a_small_phone(ann: Person, page: Page, axe: Axe) -> None:
    page.set_viewport_size({"width": 320, "height": 640})

    answer_everything(ann)

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=PICTURES / "small.png")
    axe()


def test_a_changed_question_is_on_the_phone_a_second_later(ann: Person, dialogs: Path, told: Path) -> None:
    file = dialogs / "first_talk.yaml"
    words = file.read_text("utf-8").replace("What would you like us to call you?", "Which name do you like?")
    file.write_text(words, "utf-8")
    until = time.monotonic() + LATEST
    while "first_talk.yaml is live now" not in told.read_text() and time.monotonic() < until:
        time.sleep(0.1)
    ann.start()
    ann.sees("I am a computer program")
    ann.press("OK, next")
    ann.sees("Telegram keeps a copy")
    ann.press("OK, next", "Yes, keep them")

    ann.sees("Which name do you like?")


def test_a_reload_in_the_middle_keeps_everything(ann: Person, page: Page) -> None:
    ann.start()
    ann.sees("I am a computer program")
    ann.press("OK, next")
    ann.sees("Telegram keeps a copy")

    page.reload()

    ann.sees("I am a computer program", "Telegram keeps a copy")
    ann.press("OK, next")
    ann.sees("May I keep your answers?")
