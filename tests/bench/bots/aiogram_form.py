"""A form of ten questions with aiogram-dialog, kept in memory: measured, no part of us."""
# mypy: ignore-errors

import asyncio
import os

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram_dialog import Dialog, StartMode, Window, setup_dialogs
from aiogram_dialog.widgets.input import TextInput
from aiogram_dialog.widgets.kbd import Button, Column
from aiogram_dialog.widgets.text import Const, Format

QUESTIONS = 10
OPTIONS = ("Morning", "Afternoon", "Evening", "No preference")
ASK = "Question {} of 10: what would work best for you, and is there anything we should know about that?"
Form = type("Form", (StatesGroup,), {f"q{n}": State() for n in range(1, QUESTIONS + 1)} | {"end": State()})
STATES = [*(getattr(Form, f"q{n}") for n in range(1, QUESTIONS + 1)), Form.end]


async def go_on(manager, number, value):
    """Keep an answer and ask the next question."""
    manager.dialog_data[str(number)] = value
    await manager.switch_to(STATES[number])


def pressed(number, option):
    """What a button does."""

    async def on_click(callback, button, manager):
        await go_on(manager, number, OPTIONS[option])

    return on_click


def typed(number):
    """What typed words do."""

    async def on_success(message, widget, manager, value):
        await go_on(manager, number, value)

    return on_success


def window(number):
    """One question."""
    words, state = Const(ASK.format(number)), STATES[number - 1]
    if number % 2 == 0:
        return Window(words, TextInput(id=f"t{number}", on_success=typed(number)), state=state)
    buttons = (
        Button(Const(label), id=f"q{number}_{at}", on_click=pressed(number, at))
        for at, label in enumerate(OPTIONS)
    )
    return Window(words, Column(*buttons), state=state)


async def summary(dialog_manager, **_):
    """All the answers."""
    return {"all": "\n".join(f"{number}. {value}" for number, value in dialog_manager.dialog_data.items())}


async def start(message, dialog_manager):
    """Begin anew."""
    await dialog_manager.start(Form.q1, mode=StartMode.RESET_STACK)


async def main():
    """Answer until stopped."""
    dispatcher = Dispatcher(storage=MemoryStorage())
    end = Window(Format("Thank you! Here is what you told us:\n{all}"), state=Form.end, getter=summary)
    dispatcher.include_router(Dialog(*(window(n) for n in range(1, QUESTIONS + 1)), end))
    setup_dialogs(dispatcher)
    dispatcher.message.register(start, CommandStart())
    api = TelegramAPIServer.from_base(os.environ["BENCH_ROOT"])
    await dispatcher.start_polling(Bot("1000:BENCH-SECRET", session=AiohttpSession(api=api)))


if __name__ == "__main__":
    asyncio.run(main())
