"""The product's own first talk, the one in dialogs/, on a small phone with the real bot behind it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect

from tests.browser.people import PICTURES, ROOT, Person, start_again, trying

MOST = 60  # questions passed over on the way to one
PASSING = ("OK, next", "Yes, that is right", "Nobody, just me", "No, nothing")
"""Ways past a question that this test has nothing to say to; the first of them that is there."""
SKIPPING = ("Skip", "Not sure")
"""The other ways past one, by turns: the same one twice in a second is taken for one tap."""
UNDER_THE_THUMB = 3_000
"""Units: milliseconds; a second reply brings other buttons while a thumb is on its way to one."""
ONE_LOOK = 100
"""Units: milliseconds in which a second reply comes, as a rule."""
IN_SIGHT = """([log, words]) => {
  const message = [...log.querySelectorAll('.msg.bot')].findLast(m => m.textContent.includes(words));
  if (!message) return false;
  const top = message.getBoundingClientRect().top, box = message.closest('.scroll').getBoundingClientRect();
  return top >= box.top - 2 && top < box.bottom - 40;
}"""
SINCE = """log => {
  const all = [...log.children], said = all.slice(all.findLastIndex(m => m.classList.contains('me')) + 1);
  return said.length && `${said.at(-1).id} ${said.map(m => m.innerText).join(' ')}`;
}"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The page on the scripts that people get."""
    with trying(ROOT / "dialogs") as page:
        yield page


@pytest.fixture
def ann(page: Page, address: str) -> "Phone":
    page.set_viewport_size({"width": 375, "height": 812})
    start_again(page, address)
    return Phone(page, "ann")


class Phone(Person):
    """One of the phones, the only one in sight."""

    @property
    def keys(self) -> Locator:
        return self.phone.locator(".keys")

    def look(self) -> None:
        self.page.locator(f'.switch a[href="#phone-{self.name}"]').click()

    def is_asked(self, words: str) -> None:
        """The question is there, and its beginning stands in sight above the keys."""
        log = self.phone.locator("[data-log]").element_handle()
        self.page.wait_for_function(IN_SIGHT, arg=[log, words])

    def tick(self, *labels: str) -> None:
        for label in labels:
            self.named(label).last.click()
            expect(self.named(f"✓ {label}").last).to_be_visible()

    def go_on(self, until: str) -> None:
        """Past every question, up to the one with these words."""
        for turn in range(MOST):
            asked = self._answered()
            if until in asked:
                return
            there = self.keys.get_by_role("button").all_inner_texts()
            label = next((label for label in (*PASSING, SKIPPING[turn % 2]) if label in there), "")
            try:
                self.keys.get_by_role("button", name=label, exact=True).click(timeout=UNDER_THE_THUMB)
            except TimeoutError:
                continue
            expect(self.phone.locator(".msg").last).not_to_have_attribute("id", asked.split()[0])
        raise AssertionError(f"never asked “{until}”")

    def _answered(self) -> str:
        """The id of the newest message, and what was said since the person said something; all has come."""
        log, told, before = self.phone.locator("[data-log]").element_handle(), "", None
        while told != before:
            before, told = told, str(self.page.wait_for_function(SINCE, arg=log).json_value())
            self.page.wait_for_timeout(ONE_LOOK)
        return told


def test_ann_gets_ready_and_ravi_sees_only_what_she_shares(ann: Phone, page: Page) -> None:
    ravi = Phone(page, "ravi")
    begin(ann)
    choose_information(ann)
    choose_times_and_people(ann)
    ann.go_on("5 of 7: More, if you like")
    ann.tick("Nothing more for now")
    ann.press("Done")
    ann.is_asked("6 of 7: Who can see what")
    ann.go_on("keep just for you?")
    ann.press("Yes, let me pick")
    ann.tick("How things are", "Not at these times")
    ann.press("Done")
    ann.sees("(just for you)", "Nothing has been sent yet.")
    ann.is_asked("What you told me")
    page.screenshot(path=PICTURES / "whole-talk.png")
    ravi.never_saw("Annie")

    ann.press("Share with Ravi")
    ann.sees("I am sending it to Ravi now")
    ravi.look()
    ravi.is_asked("Annie has shared this with you")
    ravi.sees("Print size: Size 20, big", "Tuesday mornings", "Not: Friday evenings", "Mo (family)")
    ravi.sees("Call me: Annie", "Where: At my home")
    ravi.never_saw("So-so")
    ravi.never_saw("choir")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def begin(ann: Phone) -> None:
    """Up to the name they go by, and how they are."""
    ann.phone.get_by_role("button", name="Start the chat").click()
    ann.go_on("May I keep your answers?")
    ann.press("Yes, keep them")
    ann.go_on("What would you like us to call you?")
    ann.say("Annie")
    ann.is_asked("How much would you like to do?")
    ann.press("Usual, 20 minutes")
    ann.is_asked("How are things just now?")
    ann.press("So-so 😐")
    ann.sees("What was a good thing in your week?")


def choose_information(ann: Phone) -> None:
    """The ways to get information are shown before one is chosen."""
    ann.go_on("We can send you things in many ways.")
    ann.press("Show an example")
    ann.sees("Large print looks like this.")
    expect(ann.phone.locator("img.photo")).to_have_count(2)
    expect(ann.phone.locator("[data-voice]")).to_have_count(1)
    ann.go_on("How do you want your information?")
    ann.is_asked("How do you want your information?")
    ann.tick("Large print")
    ann.press("Done")
    ann.is_asked("How big do you need the print?")
    ann.press("Size 20, big")


def choose_times_and_people(ann: Phone) -> None:
    """A week is ticked, and somebody is added with how they know them."""
    ann.go_on("Which days and times are good for you?")
    ann.is_asked("3 of 7: When, where and who")
    ann.tick("Tue am", "Wed pm")
    ann.press("Not then", "Fri eve")
    expect(ann.named("no Fri eve").last).to_be_visible()
    ann.press("Done")
    ann.is_asked("When in the day do you feel at your best?")
    ann.go_on("When is it not good to meet?")
    ann.say("Not on Thursday, that is my choir")
    ann.go_on("Where would you like to meet?")
    ann.press("At my home")
    ann.is_asked("Who would you like to be there with you?")
    ann.say("Mo")
    ann.is_asked("How do you know Mo?")
    ann.press("Family")
    ann.is_asked("So far: Mo (family).")
    ann.press("That is everyone")
    ann.is_asked("What may we tell Mo before the talk?")
