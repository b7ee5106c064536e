"""The whole first talk on the page that `beforehand try` opens, with the real bot behind it."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

Axe = Callable[[], None]
ROOT = Path(__file__).parents[2]
PICTURES = Path(os.environ.get("PICTURES", ROOT / "test-results"))


@pytest.fixture(scope="module")
def dialogs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of scripts that may be changed."""
    folder = tmp_path_factory.mktemp("dialogs")
    shutil.copy(ROOT / "tests" / "dialogs" / "first_talk.yaml", folder)
    return folder


@pytest.fixture(scope="module")
def address(dialogs: Path) -> Iterator[str]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    environment = {**os.environ, "BEFOREHAND_DIALOGS": str(dialogs)}
    command = [sys.executable, "-m", "bot", "try", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert "Open this page" in running.stdout.readline()
        yield f"http://127.0.0.1:{port}/"
        running.terminate()
        assert running.wait(10) == 0


@pytest.fixture
def ann(page: Page, address: str) -> "Person":
    """Ann's phone, on a page that has been started again."""
    page.goto(address)
    with page.expect_navigation():
        page.get_by_role("button", name="Start again").click()
    expect(page.locator("#phone-gil")).to_contain_text("Ravi has joined")
    return Person(page, "Ann")


class Person:
    """Someone with a phone on the page."""

    def __init__(self, page: Page, name: str) -> None:
        self.name = name
        self.phone: Locator = page.locator(f"#phone-{name.lower()}")

    def start(self) -> None:
        self.phone.get_by_role("button", name="Start the chat").click()

    def sees(self, *words: str | re.Pattern[str]) -> None:
        for each in words:
            expect(self.phone.locator("[data-log]")).to_contain_text(each)

    def never_saw(self, words: str) -> None:
        expect(self.phone.locator("[data-log]")).not_to_contain_text(words)

    def press(self, *labels: str) -> None:
        for label in labels:
            self.phone.get_by_role("button", name=re.compile(rf"^(✓ )?{re.escape(label)}$")).last.click()

    def say(self, words: str, then: str | None = None) -> None:
        self.phone.get_by_role("textbox").fill(words)
        self.phone.get_by_role("textbox").press("Enter")
        if then:
            self.sees(then)


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


def test_a_changed_question_is_on_the_phone_a_second_later(ann: Person, dialogs: Path) -> None:
    file = dialogs / "first_talk.yaml"
    words = file.read_text("utf-8").replace("What would you like us to call you?", "Which name do you like?")
    file.write_text(words, "utf-8")
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
