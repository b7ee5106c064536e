"""One connection after the other, and over each one call at a time: every answer goes to who asked."""

import asyncio
import base64
import datetime
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from httptools import HttpParserUpgrade

from bot.messenger import line
from bot.messenger.line import Lines, NotReached, Patience
from tests.messenger.listener import Streams, Telegram, asked, http, says, says_nothing

LONG, SHORT = Patience(5, 5, 5), Patience(5, 5, 0.15)


@pytest.fixture
async def lines() -> AsyncIterator[Lines]:
    made = Lines(4, ssl.create_default_context(), "a test")
    yield made
    await made.close()


def tells(*answers: bytes) -> Callable[[*Streams], Awaitable[None]]:
    """Each call gets the next answer, in pieces of three bytes."""
    left = iter(answers)

    async def tell(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answer = next(left)
        for first in range(0, len(answer), 3):
            writer.write(answer[first : first + 3])
            await asyncio.sleep(0)

    return tell


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n4\r\n two\r\n0\r\n\r\n"
SOON_MORE = b"HTTP/1.1 100 Continue\r\n\r\n" + http(b"three")


async def test_an_answer_is_read_whole_however_it_comes(telegram: Telegram, lines: Lines) -> None:
    telegram.answer = tells(
        http(b"zero"), CHUNKED, SOON_MORE, http(b"", "403 Forbidden"), http(b"x" * 100_000)
    )
    answers = [await lines.call(telegram.url, b"{}", LONG) for _ in range(5)]

    assert answers == [(200, b"zero"), (200, b"one two"), (200, b"three"), (403, b""), (200, b"x" * 100_000)]
    assert telegram.connections == 1


async def test_a_late_answer_is_never_taken_for_that_of_the_next_call(
    telegram: Telegram, lines: Lines
) -> None:
    late = asyncio.Event()

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await late.wait()
        writer.write(http(b"for the first"))

    telegram.answer = slow
    with pytest.raises(TimeoutError):
        await lines.call(telegram.url, b"1", SHORT)
    telegram.answer = says(http(b"for the second"))
    late.set()

    assert await lines.call(telegram.url, b"2", LONG) == (200, b"for the second")


async def test_the_answer_to_a_call_somebody_gave_up_goes_to_nobody(telegram: Telegram, lines: Lines) -> None:
    telegram.answer = says_nothing
    given_up = asyncio.create_task(lines.call(telegram.url, b"1", LONG))
    await asked(telegram)
    given_up.cancel()
    await asyncio.wait([given_up])
    telegram.answer = says(http(b"for the second"))

    assert await lines.call(telegram.url, b"2", LONG) == (200, b"for the second")
    assert telegram.connections == 2


@pytest.mark.parametrize("more", [http(b"nobody asked"), b"HTTP/1.1 200 OK\r\nContent-Le"])
@pytest.mark.parametrize("pause", [0.0, 0.05])
async def test_what_nobody_asked_for_is_no_answer_to_the_next(
    telegram: Telegram, lines: Lines, more: bytes, pause: float
) -> None:
    async def twice(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(http(b"first") if pause else http(b"first") + more)
        await asyncio.sleep(pause)
        if pause:
            writer.write(more)

    telegram.answer = twice
    assert await lines.call(telegram.url, b"1", LONG) == (200, b"first")
    await asyncio.sleep(2 * pause)
    telegram.answer = says(http(b"second"))

    assert await lines.call(telegram.url, b"2", LONG) == (200, b"second")


async def test_a_server_that_closes_after_each_answer_gets_a_new_connection_each_time(
    telegram: Telegram, lines: Lines
) -> None:
    telegram.answer = says(http(b"ok", "200 OK", "Connection: close"))
    for _ in range(3):
        assert await lines.call(telegram.url, b"{}", LONG) == (200, b"ok")

    assert telegram.connections == 3


async def test_an_answer_may_end_with_its_connection(telegram: Telegram, lines: Lines) -> None:
    async def tell(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall")
        await writer.drain()
        writer.close()

    telegram.answer = tell

    assert [await lines.call(telegram.url, b"{}", LONG) for _ in range(2)] == [(200, b"all")] * 2


@pytest.mark.parametrize("half", [http(b"all")[:-1], b"HTTP/1.1 200 OK\r\nServer: x\r\n", CHUNKED[:-5]])
async def test_half_an_answer_is_none(telegram: Telegram, lines: Lines, half: bytes) -> None:
    async def tell(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(half)
        writer.close()

    telegram.answer = tell
    with pytest.raises(ConnectionError):
        await lines.call(telegram.url, b"{}", LONG)


async def test_an_answer_of_another_kind_is_none(telegram: Telegram, lines: Lines) -> None:
    telegram.answer = says(b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n")
    with pytest.raises(HttpParserUpgrade):
        await lines.call(telegram.url, b"{}", LONG)


async def test_a_connection_that_was_quiet_for_long_is_not_trusted(
    telegram: Telegram, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "IDLE", 0.05)
    for _ in range(2):
        await lines.call(telegram.url, b"{}", LONG)
        await asyncio.sleep(0.1)

    assert telegram.connections == 2


async def test_there_are_never_more_connections_than_may_be(telegram: Telegram, lines: Lines) -> None:
    calls = [lines.call(telegram.url, b"%d" % number, LONG) for number in range(40)]

    assert {status for status, _ in await asyncio.gather(*calls)} == {200}
    assert sorted(int(body) for _, _, body in telegram.asked) == list(range(40))
    assert telegram.connections <= 4


async def test_what_is_closed_is_never_reached(telegram: Telegram) -> None:
    made = Lines(4, ssl.create_default_context(), "a test")
    await made.close()
    with pytest.raises(NotReached):
        await made.call(telegram.url, b"{}", LONG)

    assert not telegram.asked


async def test_an_address_cannot_add_to_the_request(telegram: Telegram, lines: Lines) -> None:
    await lines.call(f"{telegram.url}/a b\u00e9?x", b"{}", LONG)
    [(first, headers, _)] = telegram.asked

    assert first == "POST /bot/a%20b%C3%A9 HTTP/1.1"
    assert headers["user-agent"] == "a test"


async def test_a_server_of_ones_own_may_want_a_word(telegram: Telegram, lines: Lines) -> None:
    await lines.call(telegram.url.replace("//", "//ann:w%40rd@"), b"{}", LONG)
    [(_, headers, _)] = telegram.asked

    assert headers["authorization"] == "Basic " + base64.b64encode(b"ann:w@rd").decode()
    assert headers["host"] == f"127.0.0.1:{telegram.port}"


# ---- TLS


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost, and its key, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - datetime.timedelta(days=1))
    made = made.not_valid_after(now + datetime.timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    file.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(pem) + secret)
    return file


def lock(certified: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certified)
    return made


async def test_over_tls_calls_go_out_and_come_back(certified: Path) -> None:
    async with Telegram().listening(lock(certified)) as telegram:
        lines = Lines(4, ssl.create_default_context(cafile=str(certified)), "a test")
        url = telegram.url.replace("http://127.0.0.1", "https://localhost")
        answers = [await lines.call(url, b"{}", LONG) for _ in range(3)]
        await lines.close()

    assert [status for status, _ in answers] == [200, 200, 200]
    assert telegram.connections == 1


@pytest.mark.parametrize(("name", "is_known"), [("localhost", False), ("127.0.0.1", True)])
async def test_who_cannot_prove_that_they_are_telegram_is_told_nothing(
    certified: Path, name: str, is_known: bool
) -> None:
    """Neither one nobody knows, nor one that is known by another name."""
    async with Telegram().listening(lock(certified)) as telegram:
        trusted = ssl.create_default_context(cafile=str(certified) if is_known else None)
        lines = Lines(4, trusted, "a test")
        with pytest.raises(NotReached) as refused:
            await lines.call(telegram.url.replace("http://127.0.0.1", f"https://{name}"), b"{}", LONG)
        await lines.close()

    assert isinstance(refused.value.__cause__, ssl.SSLCertVerificationError)
    assert not telegram.asked
