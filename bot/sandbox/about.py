"""What the bot says about itself: name, descriptions, commands, for each language."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.fields import Fields, check_commands, limited
from bot.sandbox.network import Network

Method = Callable[[Network, Fields], Any]

LENGTHS = {"name": 64, "description": 512, "short_description": 120}


def _menu(fields: Fields) -> str:
    scope = fields.get("scope") or {"type": "default"}
    return f"{scope.get('type')}:{scope.get('chat_id', '')}:{fields.get('language_code', '')}"


def set_my_commands(net: Network, fields: Fields) -> Any:
    """The menu of commands, for a scope and a language."""
    net.about.commands[_menu(fields)] = check_commands(fields.get("commands", []))
    return True


def get_my_commands(net: Network, fields: Fields) -> Any:
    """The menu for a scope and a language."""
    return net.about.commands.get(_menu(fields), [])


def delete_my_commands(net: Network, fields: Fields) -> Any:
    """No menu any more."""
    net.about.commands.pop(_menu(fields), None)
    return True


def _set_text(name: str) -> Method:
    def set_text(net: Network, fields: Fields) -> Any:
        net.about.texts[f"{name}:{fields.get('language_code', '')}"] = limited(fields, name, LENGTHS[name])
        net.emit(None, "about")
        return True

    return set_text


def _get_text(name: str) -> Method:
    def get_text(net: Network, fields: Fields) -> Any:
        language = fields.get("language_code", "")
        return {name: net.about.text(name, language)}

    return get_text


def set_chat_menu_button(net: Network, fields: Fields) -> Any:
    """Accepted; the page draws no menu button."""
    return True


ABOUT: dict[str, Method] = {
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": _set_text("name"),
    "getMyName": _get_text("name"),
    "setMyDescription": _set_text("description"),
    "getMyDescription": _get_text("description"),
    "setMyShortDescription": _set_text("short_description"),
    "getMyShortDescription": _get_text("short_description"),
    "setChatMenuButton": set_chat_menu_button,
}
