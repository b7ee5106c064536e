"""Pictures, voices, grids of buttons and the menu of what else a phone can send, in a real browser."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from bot.sandbox import Sandbox
from tests.browser.echo import TOKEN, tone
from tests.browser.test_phones import SIZES, SMALL_TARGETS, picture

Call = Callable[..., Any]
TIMES = [f"{day} {part}" for day in ("Mon", "Tue", "Wed", "Thu", "Fri") for part in ("am", "pm", "eve")]


@pytest.fixture
def sandbox(running: tuple[Sandbox, str], page: Page) -> Sandbox:
    """The sandbox with a talk begun on Ann's phone, open in the page."""
    sandbox, address = running
    sandbox.network.empty()
    page.goto(address)
    sandbox.press_start("ann")
    expect(page.locator("#phone-ann")).to_contain_text("Hello Ann")
    return sandbox


@pytest.fixture
def call(running: tuple[Sandbox, str]) -> Call:
    """A call of the bot."""

    def post(method: str, files: Any = None, **fields: Any) -> Any:
        given = {name: json.dumps(v) if isinstance(v, dict) else v for name, v in fields.items()}
        answer = httpx.post(f"{running[1]}bot{TOKEN}/{method}", data={"chat_id": 501, **given}, files=files)
        assert answer.json()["ok"], answer.text
        return answer.json()["result"]

    return post


def grid(labels: list[str], columns: int) -> dict[str, Any]:
    buttons = [{"text": label, "callback_data": label} for label in labels]
    return {"inline_keyboard": [buttons[i : i + columns] for i in range(0, len(buttons), columns)]}


def fill(page: Page, call: Call) -> Locator:
    """Something of everything on Ann's phone."""
    phone = page.locator("#phone-ann")
    photo = {"photo": ("easy_read.png", picture(480, 320))}
    call("sendPhoto", files=photo, caption="<b>Easy read</b>\nShort words.", parse_mode="HTML",
         reply_markup=grid(["Easy words", "Audio"], 2))  # fmt: skip
    call("sendVoice", files={"voice": ("audio.wav", tone())}, caption="This is how it sounds.")
    call("sendDocument", files={"document": ("plan.pdf", b"%PDF-1.7")})
    call("sendMessage", text="When?", reply_markup=grid(TIMES, 3))
    call("sendMessage", text="Or like this?", reply_markup=grid([f"✓ {time}" for time in TIMES], 4))
    keys = [
        [{"text": "Send where I am", "request_location": True}],
        [{"text": "Send my number", "request_contact": True}, "Skip"],
    ]
    call("sendMessage", text="Where?", reply_markup={"keyboard": keys, "resize_keyboard": True})
    expect(phone.get_by_role("button", name="Send where I am")).to_be_visible()
    return phone


def menu(page: Page) -> Locator:
    """Ann's menu of what else can be sent, opened."""
    opened = page.locator("#phone-ann [data-attach]")
    opened.locator("summary").click()
    expect(opened.locator(".attach-menu")).to_be_visible()
    return opened


def sent(sandbox: Sandbox) -> list[str]:
    return [shown.kind for shown in sandbox.screen("ann") if shown.mine][1:]


# ---- what the bot shows


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_no_accessibility_rule_is_broken(
    sandbox: Sandbox, page: Page, call: Call, axe: Callable[[], None], size: str, colours: str
) -> None:
    page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
    page.emulate_media(color_scheme="dark" if colours == "dark" else "light")
    fill(page, call)
    if size == "desktop":  # on a small screen it hides other words, whose colours cannot be looked at then
        menu(page)

    axe()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(SMALL_TARGETS) == []


def test_a_picture_stands_over_its_words_and_its_buttons(sandbox: Sandbox, page: Page, call: Call) -> None:
    phone = fill(page, call)
    shown = phone.get_by_role("img", name="Easy read")
    image, words = shown.bounding_box(), phone.get_by_text("Short words.").bounding_box()
    button = phone.get_by_role("button", name="Easy words").bounding_box()

    assert shown.evaluate("e => e.naturalWidth") == 480
    assert image and words and button
    assert image["y"] + image["height"] <= words["y"] + 1
    assert words["y"] + words["height"] <= button["y"] + 1
    assert abs(image["width"] / image["height"] - 1.5) < 0.05


@pytest.mark.parametrize(("width", "columns"), [(1440, 3), (1440, 4), (320, 3), (320, 4)])
def test_buttons_of_a_grid_stand_side_by_side_with_their_whole_labels(
    sandbox: Sandbox, page: Page, call: Call, width: int, columns: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    call("sendMessage", text="When?", reply_markup=grid(TIMES, columns))
    phone = page.locator("#phone-ann")
    expect(phone.get_by_role("button", name="Fri eve")).to_be_visible()
    row = phone.locator(".row", has=page.get_by_role("button", name="Mon am"))
    boxes = [button.bounding_box() for button in row.get_by_role("button").all()]

    assert len(boxes) == columns
    assert len({round(box["y"]) for box in boxes if box}) == 1
    widths = [box["width"] for box in boxes if box]
    assert max(widths) - min(widths) < 1
    assert phone.evaluate(
        "e => [...e.querySelectorAll('.choice')].every(b => b.scrollWidth <= b.clientWidth)"
    )


def test_pressing_in_a_grid_presses_that_button(sandbox: Sandbox, page: Page, call: Call) -> None:
    call("sendMessage", text="When?", reply_markup=grid(["A friend", "Just me"], 2))
    page.get_by_role("button", name="A friend").click()

    expect(page.get_by_role("button", name="✅ A friend")).to_be_visible()


def test_a_voice_of_the_bot_plays_and_says_how_long_it_is(sandbox: Sandbox, page: Page, call: Call) -> None:
    phone = fill(page, call)
    phone.get_by_role("button", name="Play voice message, 2 seconds").click()

    expect(phone.locator(".play")).to_have_attribute("aria-pressed", "true")
    expect(phone.locator(".play")).to_have_attribute("aria-pressed", "false", timeout=8000)


# ---- what a person sends


@pytest.mark.parametrize(
    ("label", "name", "data", "kind"),
    [
        ("Photo from Ann", "garden.png", picture(), "photo"),
        ("Voice note from Ann", "me.wav", tone(), "voice"),
        ("Document from Ann", "notes.txt", b"to bring", "document"),
        ("Document from Ann", "garden.png", picture(), "document"),
    ],
    ids=["photo", "voice", "document", "photo as document"],
)
def test_a_file_is_sent_as_what_was_chosen_with_the_words_that_were_typed(
    sandbox: Sandbox, page: Page, label: str, name: str, data: bytes, kind: str
) -> None:
    page.get_by_role("textbox", name="Message from Ann").fill("my words")
    file = {"name": name, "mimeType": "", "buffer": data}
    menu(page).get_by_label(label).set_input_files(file)  # type: ignore[arg-type]
    expect(page.locator("#phone-ann .me").last).to_contain_text("my words")

    assert sent(sandbox) == [kind]
    expect(page.locator("#phone-ann [data-attach]")).not_to_have_attribute("open", "")


@pytest.mark.parametrize(
    ("name", "words", "kind"),
    [("Location of Ann", "51.5072, -0.1276", "location"), ("Contact from Ann", "+44 7700 900456", "contact")],
)
def test_a_place_and_a_contact_can_be_sent_while_words_are_being_typed(
    sandbox: Sandbox, page: Page, name: str, words: str, kind: str
) -> None:
    page.get_by_role("textbox", name="Message from Ann").fill("half a sent")
    menu(page).get_by_role("button", name=name).click()
    expect(page.locator("#phone-ann .me").last).to_contain_text(words)

    assert sent(sandbox) == [kind]
    expect(page.get_by_role("textbox", name="Message from Ann")).to_have_value("half a sent")


def test_the_keys_that_ask_for_a_place_and_a_number_send_them(
    sandbox: Sandbox, page: Page, call: Call
) -> None:
    fill(page, call).get_by_role("button", name="Send my number").click()
    expect(page.locator("#phone-ann .me").last).to_contain_text("+44 7700 900123")
    fill(page, call).get_by_role("button", name="Send where I am").click()
    expect(page.locator("#phone-ann .me").last).to_contain_text("51.5072")

    assert sent(sandbox) == ["contact", "location"]


def test_a_file_that_is_no_sound_says_so_and_is_not_sent(sandbox: Sandbox, page: Page) -> None:
    file = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"to bring"}
    menu(page).get_by_label("Voice note from Ann").set_input_files(file)  # type: ignore[arg-type]

    expect(page.locator("[data-notice]")).to_contain_text("That is no sound the page knows.")
    assert sent(sandbox) == []


def test_the_menu_opens_and_closes_by_the_keyboard_alone(sandbox: Sandbox, page: Page) -> None:
    opened = page.locator("#phone-ann [data-attach]")
    opened.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(opened.locator(".attach-menu")).to_be_visible()
    page.keyboard.press("Tab")
    expect(opened.get_by_label("Photo from Ann")).to_be_focused()
    page.keyboard.press("Escape")

    expect(opened.locator(".attach-menu")).to_be_hidden()
    expect(opened.locator("summary")).to_be_focused()


def test_the_whole_menu_is_in_the_phone_on_a_small_screen(sandbox: Sandbox, page: Page, call: Call) -> None:
    page.set_viewport_size(SIZES["narrow"])  # type: ignore[arg-type]
    fill(page, call)
    box = menu(page).locator(".attach-menu").bounding_box()
    screen = page.locator("#phone-ann .screen").bounding_box()

    assert box and screen
    assert box["y"] >= screen["y"] and box["x"] >= screen["x"]
    assert box["x"] + box["width"] <= screen["x"] + screen["width"]
    assert page.evaluate(SMALL_TARGETS) == []


def test_the_menu_closes_when_the_reader_goes_elsewhere(sandbox: Sandbox, page: Page) -> None:
    opened = menu(page)
    page.get_by_role("textbox", name="Message from Ann").click()

    expect(opened.locator(".attach-menu")).to_be_hidden()


def test_the_bot_broke_no_rule_of_the_bot_api(sandbox: Sandbox, page: Page, call: Call) -> None:
    sandbox.problems.clear()
    fill(page, call)

    assert sandbox.problems == []
