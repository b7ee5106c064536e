"""The page with the phones, in a real browser, with a tiny bot behind it."""

import re
import struct
import zlib
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.sandbox import Sandbox

Axe = Callable[[], None]
SIZES = {"desktop": {"width": 1440, "height": 900}, "narrow": {"width": 320, "height": 640}}
SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, input')]
    .filter(e => e.checkVisibility() && !e.closest('.vh, .skip') && !e.matches('.linkish, .txt a'))
    .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
    .filter(([, r]) => r.width && (r.width < 24 || r.height < 24)).map(([html]) => html)"""


@pytest.fixture
def sandbox(running: tuple[Sandbox, str], page: Page) -> Sandbox:
    """The sandbox with empty phones, open in the page."""
    sandbox, address = running
    sandbox.network.empty()
    sandbox.problems.clear()
    page.goto(address)
    return sandbox


def start(page: Page, name: str = "Ann") -> Locator:
    page.get_by_role("button", name=f"Start the chat on {name}’s phone").click()
    phone = page.locator(f"#phone-{name.lower()}")
    expect(phone).to_contain_text(f"Hello {name}")
    return phone


def fill(sandbox: Sandbox, page: Page) -> None:
    """Something of everything on the phones."""
    start(page)
    sandbox.send_photo("ann", picture(), "My garden")
    for words in ("document", "voice", "link", "place"):
        sandbox.say("ann", words)
    expect(page.get_by_role("button", name="At my home")).to_be_visible()


def picture(width: int = 40, height: int = 30) -> bytes:
    """A small green picture as PNG."""
    rows = b"".join(b"\0" + b"\x40\xa0\x60" * width for _ in range(height))
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows))]
    out = b"\x89PNG\r\n\x1a\n"
    for kind, data in [*parts, (b"IEND", b"")]:
        out += struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return out


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("filled", [False, True], ids=["empty", "filled"])
def test_no_accessibility_rule_is_broken(
    sandbox: Sandbox, page: Page, axe: Axe, size: str, colours: str, filled: bool
) -> None:
    page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
    page.emulate_media(color_scheme="dark" if colours == "dark" else "light")
    if filled:
        fill(sandbox, page)

    axe()


@pytest.mark.parametrize("width", [320, 412, 768, 1440])
def test_the_page_never_scrolls_sideways(sandbox: Sandbox, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    fill(sandbox, page)

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_every_button_is_big_enough_to_hit(sandbox: Sandbox, page: Page) -> None:
    fill(sandbox, page)

    assert page.evaluate(SMALL_TARGETS) == []


def test_a_whole_talk_needs_only_the_keyboard(sandbox: Sandbox, page: Page) -> None:
    page.get_by_role("button", name="Start the chat on Ann’s phone").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Let’s start")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Let’s start")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#phone-ann")).to_contain_text("to be there")
    page.get_by_role("textbox", name="Message from Ann").focus()
    page.keyboard.type("place")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="At my home")).to_be_visible()
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="At my home")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("#phone-ann")).to_contain_text("Thank you: At my home")
    expect(page.get_by_role("textbox", name="Message from Ann")).to_be_focused()


def test_a_button_that_is_drawn_anew_keeps_the_focus(sandbox: Sandbox, page: Page) -> None:
    start(page).get_by_role("button", name="Let’s start").click()
    page.get_by_role("button", name="A friend").click()

    expect(page.get_by_role("button", name="✅ A friend")).to_be_focused()


def test_a_message_whose_buttons_go_hands_the_focus_to_the_messages(sandbox: Sandbox, page: Page) -> None:
    start(page).get_by_role("button", name="Let’s start").click()
    page.get_by_role("button", name="A friend").click()
    page.get_by_role("button", name="Done").click()
    expect(page.locator("#phone-ann")).to_contain_text("Who will be there: A friend")

    expect(page.get_by_role("group", name="Messages on Ann’s phone")).to_be_focused()
    expect(page.locator("#phone-ann [data-toast]")).to_have_text("Saved")


def test_the_keyboard_sends_what_its_button_says_and_can_be_hidden(sandbox: Sandbox, page: Page) -> None:
    fill(sandbox, page)
    toggle = page.get_by_role("button", name="Answer buttons of Ann")
    toggle.click()
    expect(page.get_by_role("button", name="By phone")).to_be_hidden()
    expect(toggle).to_have_attribute("aria-expanded", "false")
    toggle.click()
    page.get_by_role("button", name="By phone").click()

    expect(page.locator("#phone-ann .me").last).to_contain_text("By phone")
    expect(page.get_by_role("button", name="By phone")).to_have_count(0)


def test_a_long_keyboard_scrolls_inside_the_phone(sandbox: Sandbox, page: Page) -> None:
    fill(sandbox, page)
    page.set_viewport_size({"width": 1440, "height": 560})

    box = page.locator("#keys-ann").bounding_box()
    screen = page.locator("#phone-ann .screen").bounding_box()
    assert box and screen and box["height"] <= 0.46 * screen["height"]
    assert page.locator("#phone-ann .scroll").evaluate("e => e.clientHeight") > 80


def test_inner_boxes_do_not_scroll_away(sandbox: Sandbox, page: Page) -> None:
    fill(sandbox, page)
    page.locator("[data-voice] .play").click()
    page.get_by_role("button", name="More").focus()

    tops = page.evaluate("[...document.querySelectorAll('.screen, .keys, body, .msg')].map(e => e.scrollTop)")
    assert len(tops) > 8 and set(tops) == {0}


def test_a_reload_keeps_what_was_said(sandbox: Sandbox, page: Page) -> None:
    fill(sandbox, page)
    count = page.locator("#phone-ann .msg").count()
    page.reload()

    expect(page.locator("#phone-ann .msg")).to_have_count(count)
    expect(page.get_by_role("button", name="At my home")).to_be_visible()


def test_a_picture_is_sent_and_shown(sandbox: Sandbox, page: Page) -> None:
    phone = start(page)
    chooser = phone.locator("input[name=photo]")
    chooser.set_input_files({"name": "garden.png", "mimeType": "image/png", "buffer": picture()})

    shown = phone.get_by_role("img", name="Picture from Ann")
    expect(shown).to_be_visible()
    expect(phone).to_contain_text("Thank you: a file")
    assert shown.evaluate("e => e.naturalWidth") == 40
    assert [s.kind for s in sandbox.screen("ann") if s.mine] == ["text", "photo"]


def test_any_other_file_is_sent_as_a_document(sandbox: Sandbox, page: Page) -> None:
    phone = start(page)
    file = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"to bring"}
    phone.locator("input[name=document]").set_input_files(file)  # type: ignore[arg-type]
    with page.expect_download() as download:
        phone.get_by_role("link", name="notes.txt").click()

    assert download.value.suggested_filename == "notes.txt"


def test_a_voice_note_plays_seeks_and_changes_speed(sandbox: Sandbox, page: Page) -> None:
    start(page)
    sandbox.say("ann", "voice")
    page.get_by_role("button", name="Play voice message, 2 seconds").click()
    expect(page.locator(".play")).to_have_attribute("aria-pressed", "true")
    page.locator(".speed").click()
    page.get_by_role("slider", name="Position in voice message").fill("1.5")

    expect(page.locator(".speed")).to_have_text("1.25×")
    expect(page.locator(".play")).to_have_attribute("aria-pressed", "false", timeout=8000)


def test_an_alert_waits_for_ok(sandbox: Sandbox, page: Page, axe: Axe) -> None:
    start(page).get_by_role("button", name="Who will see my answers?").click()
    expect(page.get_by_role("dialog")).to_contain_text("Only you.")
    axe()
    page.keyboard.press("Enter")

    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_link_into_the_bot_opens_on_the_next_unused_phone(sandbox: Sandbox, page: Page) -> None:
    start(page)
    sandbox.say("ann", "link")
    page.get_by_role("button", name="https://t.me/beforehand_bot?start=abc").click()
    expect(page.get_by_role("button", name="Start the chat on Ravi’s phone")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("#phone-ravi .me")).to_contain_text("/start")
    assert sandbox.screen("ravi")[0].text == "/start abc"  # sent, though a phone does not show the word
    expect(page.get_by_role("link", name="https://example.org/a")).to_have_attribute(
        "rel", "noopener noreferrer"
    )


def test_a_link_has_nowhere_to_go_when_all_phones_are_used(sandbox: Sandbox, page: Page) -> None:
    for name in ("Gil", "Ravi", "Ann"):
        start(page, name)
    sandbox.say("ann", "link")
    page.get_by_role("button", name="https://t.me/beforehand_bot?start=abc").click()

    expect(page.locator("[data-notice]")).to_contain_text("All phones are in use")


def test_one_phone_at_a_time_counts_what_the_others_get(sandbox: Sandbox, page: Page) -> None:
    page.set_viewport_size({"width": 412, "height": 839})
    sandbox.press_start("ravi")
    tab = page.get_by_role("navigation", name="Whose phone to show").get_by_role(
        "link", name=re.compile("Ravi")
    )
    expect(tab).to_contain_text("1 new")
    tab.click()

    expect(page.locator("#phone-ravi")).to_be_in_viewport(ratio=0.9)
    expect(tab.locator("[data-unread]")).to_be_hidden()
    expect(tab).to_have_attribute("aria-current", "true")


def test_the_start_button_is_in_view_on_a_small_phone(sandbox: Sandbox, page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})

    expect(page.get_by_role("button", name="Start the chat on Ann’s phone")).to_be_in_viewport(ratio=1)


def test_jumping_says_where_the_clock_is_now(sandbox: Sandbox, page: Page) -> None:
    page.get_by_role("button", name="Jump to the next reminder").click()

    expect(page.locator("[data-notice]")).to_contain_text("Sunday 22 November")


def test_starting_again_empties_every_open_page(sandbox: Sandbox, page: Page) -> None:
    start(page)
    page.get_by_role("button", name="Start again").click()

    expect(page.locator(".msg")).to_have_count(0)
    expect(page.get_by_role("button", name="Start the chat on Ann’s phone")).to_be_visible()


def test_the_chosen_colours_stay_after_a_reload(sandbox: Sandbox, page: Page) -> None:
    page.get_by_role("button", name="Dark colours").click()
    page.reload()

    expect(page.get_by_role("button", name="Light colours")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(15, 23, 22)"


def test_more_spacing_between_letters_cuts_nothing_off(sandbox: Sandbox, page: Page) -> None:
    fill(sandbox, page)
    page.evaluate("""() => { for (const e of document.querySelectorAll('*')) {
        e.style.setProperty('line-height', '1.5', 'important');
        e.style.setProperty('letter-spacing', '.12em', 'important');
        e.style.setProperty('word-spacing', '.16em', 'important'); } }""")

    clipped = page.evaluate("""() => [...document.querySelectorAll('.choice, .key, .bubble, .tool, .start')]
        .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent.trim())""")
    assert clipped == []


def test_the_bot_broke_no_rule_of_the_bot_api(sandbox: Sandbox, page: Page) -> None:
    fill(sandbox, page)

    assert sandbox.problems == []
    assert len(sandbox.ledger) > 5
