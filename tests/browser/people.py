"""People with phones on the page that `beforehand try` opens, with the real bot behind it."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

ROOT = Path(__file__).parents[2]
PICTURES = Path(os.environ.get("PICTURES", ROOT / "test-results"))


def free_port() -> int:
    """A port nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def trying(dialogs: Path, told: Path | None = None) -> Iterator[str]:
    """The address of the page, with the scripts of this folder, for as long as the block runs.

    Shape: `told` is the file for what the person at the computer reads beside the page.
    """
    port = free_port()
    environment = {**os.environ, "BEFOREHAND_DIALOGS": str(dialogs)}
    command = [sys.executable, "-m", "bot", "try", "--port", str(port)]
    with (
        told.open("w") if told else nullcontext() as beside,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=beside, text=True
        ) as running,
    ):
        assert running.stdout is not None
        assert "Open this page" in running.stdout.readline()
        yield f"http://127.0.0.1:{port}/"
        running.terminate()
        assert running.wait(10) == 0


def start_again(page: Page, address: str) -> None:
    """Open the page, and forget everyone who was on it."""
    page.goto(address)
    with page.expect_navigation():
        page.get_by_role("button", name="Start again").click()
    expect(page.locator("#phone-gil")).to_contain_text("Ravi has joined")


class Person:
    """Someone with a phone on the page."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name = page, name
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
            self.named(label).last.click()

    def named(self, label: str) -> Locator:
        """Buttons with this label, ticked or not."""
        return self.phone.get_by_role("button", name=re.compile(rf"^(✓ )?{re.escape(label)}$"))

    def say(self, words: str, then: str | None = None) -> None:
        self.phone.get_by_role("textbox").fill(words)
        self.phone.get_by_role("textbox").press("Enter")
        if then:
            self.sees(then)
