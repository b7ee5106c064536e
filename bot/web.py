"""The web side: one place that serves whatever this installation shows."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.checkup import Checkup
from bot.errors import SettingWrong
from bot.metrics import CONTENT_TYPE

WEBHOOK_PATH = "/telegram"


def site(checkup: Checkup, receive: Callable[[Request], Awaitable[Response]] | None = None) -> Starlette:
    """What a running bot serves: how it is, and the web hook when it has one."""

    async def health(request: Request) -> Response:
        at_work, said = await checkup.health()
        return JSONResponse(said, status_code=200 if at_work else 503)

    async def metrics(request: Request) -> Response:
        return Response(await checkup.metrics(), headers={"content-type": CONTENT_TYPE})

    routes = [Route("/healthz", health), Route("/metrics", metrics)]
    if receive is not None:
        routes.append(Route(WEBHOOK_PATH, receive, methods=["POST"]))
    return Starlette(routes=routes)


@asynccontextmanager
async def serving(app: ASGIApp, host: str, port: int) -> AsyncIterator[None]:
    """Serve an app for as long as the block runs.

    Raises: SettingWrong when the port is taken.
    """
    config = uvicorn.Config(app, host, port, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(_serve(server))
    while not server.started:
        if task.done():
            words = f"Nothing can listen on {host}:{port}. Stop what runs there, or name another port."
            raise SettingWrong(words)
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        await task


async def _serve(server: uvicorn.Server) -> None:
    try:
        await server._serve()
    except SystemExit:  # uvicorn's way to say that the port is taken
        return
