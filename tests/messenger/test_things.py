"""Pictures, voices and documents: they are shown with their words, and the words go out whatever happens."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from telegram import Bot

from bot.dialog.talk import CAPTION, Button, Prompt, Thing
from bot.errors import SettingWrong
from bot.messenger.send import Sender, build_api
from bot.messenger.things import LARGEST_SAMPLE
from bot.sandbox import Fault, Phone, Sandbox, Shown
from bot.store.letters import Dead, Delivered, InDoubt, NotSent
from bot.wording import NOT_SHOWN
from tests.inprocess import in_process
from tests.messenger.test_send import TOKEN, Telegram, ok, refusal, sending

ANN = 101
PNG = b"\x89PNG\r\n\x1a\n" + bytes(16)
EASY = Thing("photo", "easy_read.png")
TICKS = (Button("easy", "Easy words", "formats"), Button("audio", "Audio", "formats"))
QUESTION = Prompt("Like this?", thing=EASY, buttons=TICKS, columns=2)


@pytest.fixture
def sandbox() -> Sandbox:
    sandbox = Sandbox([Phone("ann", "Ann", "Person getting ready", ANN)], token=TOKEN)
    sandbox.press_start("ann")
    return sandbox


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    folder = tmp_path / "samples"
    folder.mkdir()
    for name, data in (("easy_read.png", PNG), ("audio.ogg", b"OggS" + bytes(60)), ("plan.pdf", b"%PDF-1")):
        (folder / name).write_bytes(data)
    return folder


async def opened(transport: httpx.AsyncBaseTransport) -> AsyncIterator[Bot]:
    made = build_api(TOKEN, "http://127.0.0.1/bot", in_process(transport))
    yield made
    await made.request.shutdown()


@pytest.fixture
async def sender(sandbox: Sandbox, samples: Path) -> AsyncIterator[Sender]:
    async for api in opened(httpx.ASGITransport(app=sandbox.app)):
        yield Sender(api, samples)


def screen(sandbox: Sandbox) -> list[Shown]:
    return sandbox.screen("ann")[1:]


def sent(sandbox: Sandbox) -> list[str]:
    return [call.method for call in sandbox.ledger]


# ---- what is shown


@pytest.mark.parametrize(
    "thing", [EASY, Thing("voice", "audio.ogg"), Thing("document", "plan.pdf")], ids=lambda thing: thing.kind
)
async def test_a_sample_is_shown_with_its_words_and_its_keyboard(
    sender: Sender, sandbox: Sandbox, thing: Thing
) -> None:
    prompt = Prompt("A & B", title="Like this?", thing=thing, buttons=TICKS, columns=2)
    outcome = await sender.send(sending(prompt))
    [shown] = screen(sandbox)

    assert isinstance(outcome, Delivered) and outcome.message_id == shown.message_id
    assert (shown.kind, shown.file_name, shown.html) == (
        thing.kind,
        thing.file,
        "<b>Like this?</b>\n\nA &amp; B",
    )
    assert shown.buttons == [["Easy words", "Audio"]]
    assert sandbox.problems == []


async def test_a_sample_goes_up_once_and_is_shown_again_by_its_name(sender: Sender, sandbox: Sandbox) -> None:
    for _ in range(3):
        await sender.send(sending(QUESTION))
    files = [call.fields["photo"] for call in sandbox.ledger]

    assert len(screen(sandbox)) == 3
    assert {file.id for file in files} == {files[0].id}


async def test_what_a_person_sent_is_shown_by_telegrams_name_for_it(sender: Sender, sandbox: Sandbox) -> None:
    sandbox.send_photo("ann", PNG)
    theirs = sandbox.network.updates.waiting[-1]["message"]["photo"][-1]["file_id"]
    await sender.send(sending(Prompt("You sent this.", thing=Thing("photo", theirs))))

    assert [(shown.kind, shown.text) for shown in screen(sandbox)] == [
        ("photo", ""),
        ("photo", "You sent this."),
    ]


async def test_a_keyboard_can_come_with_a_picture(sender: Sender, sandbox: Sandbox) -> None:
    keys, wants = (("Send where I am",), ("Skip",)), (("Send where I am", "location"),)
    await sender.send(sending(Prompt("Where?", thing=EASY, keys=keys, wants=wants)))
    sandbox.press("ann", "Send where I am")

    assert [shown.kind for shown in screen(sandbox)] == ["photo", "location"]


# ---- the words are never lost


@pytest.mark.parametrize("name", ["gone.png", "../secret.png", "..", "."])
async def test_the_words_go_out_without_a_sample_that_is_not_there(
    sender: Sender, sandbox: Sandbox, samples: Path, name: str
) -> None:
    (samples.parent / "secret.png").write_bytes(PNG)
    outcome = await sender.send(sending(Prompt("Like this?", thing=Thing("photo", name), buttons=TICKS)))
    [shown] = screen(sandbox)

    assert isinstance(outcome, Delivered)
    assert (shown.kind, shown.text, len(shown.buttons)) == ("text", "Like this?", 2)


async def test_the_words_go_out_without_a_sample_that_is_too_large(
    sender: Sender, sandbox: Sandbox, samples: Path
) -> None:
    with (samples / "easy_read.png").open("wb") as file:
        file.truncate(LARGEST_SAMPLE + 1)
    await sender.send(sending(QUESTION))

    assert sent(sandbox) == ["sendMessage"]


async def test_the_words_go_out_without_a_picture_that_is_none(
    sender: Sender, sandbox: Sandbox, samples: Path
) -> None:
    (samples / "easy_read.png").write_text("this is no picture")
    await sender.send(sending(QUESTION))

    assert [shown.text for shown in screen(sandbox)] == ["Like this?"]


@pytest.mark.parametrize("file", ["nobody-knows-this", "voice"])
async def test_the_words_go_out_without_a_file_telegram_refuses(
    sender: Sender, sandbox: Sandbox, file: str
) -> None:
    if file == "voice":
        sandbox.send_voice("ann")
        file = sandbox.network.updates.waiting[-1]["message"]["voice"]["file_id"]
    outcome = await sender.send(sending(Prompt("Your photo", thing=Thing("photo", file))))

    assert isinstance(outcome, Delivered)
    assert (screen(sandbox)[-1].kind, screen(sandbox)[-1].text) == ("text", "Your photo")


async def test_a_picture_without_words_that_cannot_be_shown_says_that_something_is_missing(
    sender: Sender, sandbox: Sandbox
) -> None:
    outcome = await sender.send(sending(Prompt(thing=Thing("photo", "gone.png"))))

    assert isinstance(outcome, Delivered)
    assert [shown.text for shown in screen(sandbox)] == [NOT_SHOWN]


async def test_a_sample_telegram_has_forgotten_goes_up_again(sender: Sender, sandbox: Sandbox) -> None:
    await sender.send(sending(QUESTION))
    sandbox.network.files.clear()
    await sender.send(sending(QUESTION))
    await sender.send(sending(QUESTION))
    files = [call.fields["photo"].id for call in sandbox.ledger]

    assert [shown.kind for shown in screen(sandbox)] == ["photo"] * 3
    assert files[0] != files[1] == files[2]


async def test_the_log_names_the_sample_and_never_the_words(
    sender: Sender, caplog: pytest.LogCaptureFixture
) -> None:
    await sender.send(sending(Prompt("a private thing", thing=Thing("photo", "gone.png"))))
    await sender.send(sending(Prompt("a private thing", thing=Thing("photo", "the-file-of-a-person"))))
    said = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("bot."))

    assert "gone.png" in said
    assert "private" not in said and "the-file-of-a-person" not in said


# ---- what became of it


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [(Fault(before=500), InDoubt), (Fault(after=True), InDoubt), (Fault(retry_after=3), NotSent)],
)
async def test_a_picture_that_may_have_arrived_is_not_followed_by_its_words_again(
    sender: Sender, sandbox: Sandbox, fault: Fault, outcome: type
) -> None:
    sandbox.faults = lambda method, fields: fault if method == "sendPhoto" else None

    assert isinstance(await sender.send(sending(QUESTION)), outcome)
    assert "sendMessage" not in sent(sandbox)


async def test_a_person_who_blocked_the_bot_gets_no_picture(sender: Sender, sandbox: Sandbox) -> None:
    sandbox.block("ann")

    assert await sender.send(sending(QUESTION)) == Dead("Forbidden", blocked=True)


@pytest.fixture
def telegram() -> Telegram:
    return Telegram()


@pytest.fixture
async def told(telegram: Telegram) -> AsyncIterator[Sender]:
    """A sender whose Telegram answers as it is told to."""
    async for api in opened(httpx.MockTransport(telegram)):
        yield Sender(api)


def is_really(kind: str) -> httpx.Response:
    return refusal(400, f"Bad Request: can't use file of type {kind} as VoiceNote")


async def test_a_recording_sent_as_music_arrives_as_music(told: Sender, telegram: Telegram) -> None:
    telegram.answers["sendVoice"] = [is_really("Audio")]
    await told.send(sending(Prompt("From Ann:", thing=Thing("voice", "music"))))

    assert [(method, body.get("audio"), body.get("caption")) for method, body in telegram.calls][1:] == [
        ("sendAudio", "music", "From Ann:")
    ]


async def test_a_recording_sent_as_a_round_video_is_followed_by_its_words(
    told: Sender, telegram: Telegram
) -> None:
    telegram.answers["sendVoice"] = [is_really("VideoNote")]
    await told.send(sending(Prompt("From Ann:", thing=Thing("voice", "round"), keys=(("OK",),))))
    calls = [(method, body.get("text"), "reply_markup" in body) for method, body in telegram.calls]

    assert calls[1:] == [("sendVideoNote", None, False), ("sendMessage", "From Ann:", True)]


async def test_a_round_video_without_words_is_one_message(told: Sender, telegram: Telegram) -> None:
    telegram.answers["sendVoice"] = [is_really("VideoNote")]
    await told.send(sending(Prompt(thing=Thing("voice", "round"))))

    assert [method for method, _ in telegram.calls] == ["sendVoice", "sendVideoNote"]


async def test_nothing_is_tried_for_ever(told: Sender, telegram: Telegram) -> None:
    for method in ("sendVoice", "sendAudio", "sendMessage"):
        telegram.answers[method] = [is_really("Audio")]
    outcome = await told.send(sending(Prompt("From Ann:", thing=Thing("voice", "music"))))

    assert outcome == Dead("BadRequest", blocked=False)
    assert [method for method, _ in telegram.calls] == ["sendVoice", "sendAudio", "sendMessage"]


async def test_a_refused_token_is_for_the_admin(told: Sender, telegram: Telegram) -> None:
    telegram.answers["sendPhoto"] = [refusal(401, "Unauthorized")]

    with pytest.raises(SettingWrong):
        await told.send(sending(Prompt("a", thing=Thing("photo", "p"))))


async def test_an_answer_that_says_nothing_leaves_doubt_and_no_second_message(
    told: Sender, telegram: Telegram
) -> None:
    telegram.answers["sendPhoto"] = [ok(True)]

    assert isinstance(await told.send(sending(Prompt("a", thing=Thing("photo", "p")))), InDoubt)
    assert len(telegram.calls) == 1


# ---- redrawing


TICKED = Prompt(
    "Like this?", thing=EASY, buttons=(Button("easy", "Easy words", "formats", ticked=True),), edits=True
)


async def test_a_tick_redraws_the_words_under_the_picture(sender: Sender, sandbox: Sandbox) -> None:
    first = await sender.send(sending(QUESTION))
    assert isinstance(first, Delivered)
    await sender.send(sending(TICKED, edits=first.message_id))
    again = await sender.send(sending(TICKED, edits=first.message_id))
    [shown] = screen(sandbox)

    assert isinstance(again, Delivered) and again.message_id == first.message_id
    assert (shown.kind, shown.text, shown.buttons) == ("photo", "Like this?", [["✓ Easy words"]])
    assert sent(sandbox) == ["sendPhoto", "editMessageCaption"]


async def test_a_tick_redraws_words_that_had_to_go_without_their_picture(
    sender: Sender, sandbox: Sandbox, samples: Path
) -> None:
    (samples / "easy_read.png").unlink()
    first = await sender.send(sending(QUESTION))
    assert isinstance(first, Delivered)
    await sender.send(sending(TICKED, edits=first.message_id))
    [shown] = screen(sandbox)

    assert (shown.kind, shown.buttons) == ("text", [["✓ Easy words"]])


async def test_words_without_a_picture_redraw_those_under_one(sender: Sender, sandbox: Sandbox) -> None:
    first = await sender.send(sending(QUESTION))
    assert isinstance(first, Delivered)
    await sender.send(sending(Prompt("Saved.", edits=True), edits=first.message_id))
    [shown] = screen(sandbox)

    assert (shown.kind, shown.text, shown.buttons) == ("photo", "Saved.", [])


async def test_words_grown_too_long_for_a_picture_come_anew(sender: Sender, sandbox: Sandbox) -> None:
    first = await sender.send(sending(QUESTION))
    assert isinstance(first, Delivered)
    long = Prompt("a" * (CAPTION + 1), thing=EASY, buttons=TICKS, edits=True)
    outcome = await sender.send(sending(long, edits=first.message_id))

    assert isinstance(outcome, Delivered) and outcome.message_id != first.message_id
    assert [(shown.kind, len(shown.text)) for shown in screen(sandbox)] == [
        ("photo", len("Like this?")),
        ("text", CAPTION + 1),
    ]


async def test_a_picture_that_is_gone_is_shown_anew(sender: Sender, sandbox: Sandbox) -> None:
    outcome = await sender.send(sending(TICKED, edits=99))

    assert isinstance(outcome, Delivered)
    assert [shown.kind for shown in screen(sandbox)] == ["photo"]


async def test_two_people_may_be_shown_the_same_sample_at_the_same_time(
    sender: Sender, sandbox: Sandbox
) -> None:
    outcomes: list[Any] = await asyncio.gather(*(sender.send(sending(QUESTION)) for _ in range(4)))

    assert all(isinstance(outcome, Delivered) for outcome in outcomes)
    assert [shown.kind for shown in screen(sandbox)] == ["photo"] * 4
