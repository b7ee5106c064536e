"""The page with the phones: HTML down, forms up, one stream of events; works by reload too."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import quote

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.sandbox.drawing import Drawing
from bot.sandbox.files import File, seconds, sniff
from bot.sandbox.guard import same_origin
from bot.sandbox.people import People
from bot.sandbox.phones import Handset

Answer = dict[str, Any]
Act = Callable[[FormData], Awaitable[Answer]]

KEEP_ALIVE = 15.0
YEAR = "public, max-age=31536000, immutable"
LARGEST = 20 * 1024 * 1024
PLAYED = ("image/", "audio/")
ATTACHED = {"photo": "image/", "voice": "audio/", "document": ""}
"""The kinds of file the page sends, and what their type must begin with."""

MO = "Mo", "+44 7700 900456"
ALL_STARTED = "All phones are in use already. Start again to try this link."


class Page:
    """The routes of the page.

    Shape: every form may be sent with the header `x-js`; then the answer is JSON,
    else it leads back to the page.
    """

    def __init__(
        self,
        people: People,
        *,
        jump: Callable[[], Awaitable[str]] | None,
        restart: Callable[[], Awaitable[None]] | None,
    ) -> None:
        self.people, self.network = people, people.network
        self.drawing = Drawing(people.network)
        self._jump, self._restart = jump, restart
        forms: dict[str, Act] = {
            "/say": self.say, "/press": self.press, "/share": self.share, "/start": self.start,
            "/open": self.open, "/jump": self.jump, "/again": self.again,
        }  # fmt: skip
        self.routes = [
            Route("/", self.show),
            Route("/events", self.events),
            Route("/files/{id}", self.file),
            Route("/static/{name}", self.static),
            *[Route(path, self._form(act), methods=["POST"]) for path, act in forms.items()],
        ]

    async def show(self, request: Request) -> Response:
        """The page."""
        with self.network.lock:
            notice, self.network.notice = self.network.notice, ""
            html = self.drawing.page(notice, self._jump is not None)
        return HTMLResponse(html, headers={"cache-control": "no-store"})

    async def static(self, request: Request) -> Response:
        """A file of the page; kept for a year when asked for by its print."""
        name, static = request.path_params["name"], self.drawing.static
        if name not in static.files:
            return Response("Not found", 404)
        same = request.query_params.get("v") == static.version(name)
        headers = {"cache-control": YEAR if same else "no-cache"}
        return Response(static.files[name], media_type=static.type(name), headers=headers)

    async def file(self, request: Request) -> Response:
        """A file somebody sent: pictures and sound are shown, anything else is downloaded."""
        file = self.network.files.get(request.path_params["id"])
        return _served(file, request.headers.get("range", "")) if file else Response("Not found", 404)

    def _form(self, act: Act) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            if not same_origin(request):
                return Response("This form was not sent from this page.", 403)
            try:
                async with request.form() as form:
                    answer = await act(form)
            except (LookupError, ValueError, RuntimeError) as problem:
                answer = {"notice": str(problem.args[0]) if problem.args else "That did not work."}
            return self._back(request, answer)

        return endpoint

    def _back(self, request: Request, answer: Answer) -> Response:
        if "x-js" in request.headers:
            return JSONResponse(answer)
        self.network.notice = answer.get("notice", "")
        return RedirectResponse(f"/#phone-{answer['phone']}" if "phone" in answer else "/", 303)

    async def say(self, form: FormData) -> Answer:
        """Words, or a file with words under it."""
        key, text = _word(form, "phone"), _word(form, "text").strip()
        given = [(kind, form.get(kind)) for kind in ATTACHED]
        files = [(kind, file) for kind, file in given if isinstance(file, UploadFile) and file.filename]
        for kind, file in files:
            await self._send(key, kind, file, text)
        if text and not files:
            self.people.say(key, text)
        return {"phone": key}

    async def _send(self, key: str, kind: str, file: UploadFile, caption: str) -> None:
        if (file.size or 0) > LARGEST:
            raise ValueError("That file is too big. The largest is 20 MB.")
        data, name = await file.read(), file.filename or ""
        if not sniff(data, name)[0].startswith(ATTACHED[kind]):
            what = "picture" if kind == "photo" else "sound"
            raise ValueError(f"That is no {what} the page knows. It can be sent as a document.")
        if kind == "photo":
            self.people.send_photo(key, data, caption)
        elif kind == "voice":
            self.people.send_voice(key, data, seconds(data), caption)
        else:
            self.people.send_document(key, name, data, caption)

    async def press(self, form: FormData) -> Answer:
        """A button under a message."""
        key, data = _word(form, "phone"), _word(form, "data")
        query = self.people.press_on(key, int(_word(form, "message")), data=data)
        return {"phone": key, "query": query}

    async def share(self, form: FormData) -> Answer:
        """The person's own number, the place they are at, or the number of somebody they know."""
        key, what = _word(form, "phone"), _word(form, "what")
        if what == "location":
            self.people.send_location(key)
        else:
            self.people.send_contact(key, *(MO if what == "card" else ()))
        return {"phone": key}

    async def start(self, form: FormData) -> Answer:
        """The big Start button."""
        key = _word(form, "phone")
        self.people.press_start(key)
        return {"phone": key}

    async def open(self, form: FormData) -> Answer:
        """A link into the bot: it opens on the first phone nobody has used yet."""
        fresh = next((h for h in self.network.handsets.values() if _is_fresh(h)), None)
        if fresh is None:
            return {"notice": ALL_STARTED}
        self.people.start_with(fresh.phone.key, _word(form, "start"))
        notice = f"The link is open on {fresh.phone.name}’s phone. Press Start there."
        return {"phone": fresh.phone.key, "notice": notice}

    async def jump(self, form: FormData) -> Answer:
        """Move the bot's clock to the next reminder."""
        notice = await self._jump() if self._jump else "There is nothing to jump to."
        self.network.bell.ring()
        return {"notice": notice}

    async def again(self, form: FormData) -> Answer:
        """Empty all phones and let the bot forget them."""
        self.network.empty()
        if self._restart:
            await self._restart()
        return {}

    async def events(self, request: Request) -> Response:
        """Everything that happens from now on, or since the event the page saw last."""
        last = request.headers.get("last-event-id") or request.query_params.get("since", "")
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(self._stream(last), media_type="text/event-stream", headers=headers)

    async def _stream(self, last: str) -> AsyncIterator[str]:
        net, clock = self.network, ""
        run, _, seq = last.partition(":")
        at = int(seq) if run == net.run and seq.isdigit() else -1
        yield "retry: 1000\n\n"
        while not net.closing:
            seen, events = net.bell.rings, net.events_after(at) if at >= 0 else None
            if events is None:
                yield _sent(net.seq, net.run, {"op": "reset"})
                return
            for event in events:
                at = event.seq
                change = self.drawing.change(event.key, event.op, event.data)
                yield _sent(at, net.run, change) if change else ""
            if clock != (clock := self.drawing.clock()):
                yield _sent(at, net.run, {"op": "clock", "text": clock})
            if not events:
                await net.bell.wait(seen, KEEP_ALIVE)
                yield ": still here\n\n" if net.bell.rings == seen else ""


def _sent(seq: int, run: str, change: Answer) -> str:
    return f"id: {run}:{seq}\ndata: {json.dumps(change)}\n\n"


def _word(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _is_fresh(handset: Handset) -> bool:
    return handset.phone.shown and not handset.started


def _served(file: File, wanted: str) -> Response:
    headers = {"accept-ranges": "bytes", "cache-control": "private, max-age=3600"}
    if not file.mime.startswith(PLAYED):
        headers["content-disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
    first, _, last = wanted.removeprefix("bytes=").partition("-")
    if not wanted.startswith("bytes=") or not first.isdigit():
        return Response(file.data, media_type=file.mime, headers=headers)
    start, whole = int(first), len(file.data)
    stop = min(int(last), whole - 1) if last.isdigit() else whole - 1
    if start > stop:
        return Response(status_code=416, headers={"content-range": f"bytes */{whole}"})
    headers["content-range"] = f"bytes {start}-{stop}/{whole}"
    return Response(file.data[start : stop + 1], 206, media_type=file.mime, headers=headers)
