"""The question kinds; a new one is a new file here and one line in KINDS."""

from bot.dialog.kind import Kind
from bot.dialog.kinds import choice, confirm, consent, face, info, list, many, private, text

KINDS: dict[str, Kind] = {
    "info": info.Info(),
    "choice": choice.Choice(),
    "many": many.Many(),
    "text": text.Text(),
    "list": list.List(),
    "face": face.Face(),
    "consent": consent.Consent(),
    "private": private.Private(),
    "confirm": confirm.Confirm(),
}
