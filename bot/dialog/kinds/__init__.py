"""The question kinds; a new one is a new file here and one line in KINDS."""

from bot.dialog.kind import Kind
from bot.dialog.kinds import (
    choice,
    confirm,
    consent,
    contact,
    date,
    face,
    info,
    list,
    many,
    number,
    photo,
    place,
    private,
    text,
    times,
)

KINDS: dict[str, Kind] = {
    "info": info.Info(),
    "choice": choice.Choice(),
    "many": many.Many(),
    "text": text.Text(),
    "list": list.List(),
    "place": place.Place(),
    "contact": contact.Contact(),
    "photo": photo.Photo(),
    "times": times.Times(),
    "date": date.Date(),
    "number": number.Number(),
    "face": face.Face(),
    "consent": consent.Consent(),
    "private": private.Private(),
    "confirm": confirm.Confirm(),
}
