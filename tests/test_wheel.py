"""The wheel: what is in it, and that it works in an empty folder with nothing of the clone near."""

import socket
import subprocess
import sys
import sysconfig
import time
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built once."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`beforehand` from the wheel, in an environment of its own; what it needs comes from this one."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    install = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
    ]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    (packages,) = home.glob("lib/python3*/site-packages")
    (packages / "needed.pth").write_text(sysconfig.get_paths()["purelib"], "utf-8")
    return home / "bin" / "beforehand"


@pytest.fixture(autouse=True)
def _nothing_of_the_clone_near(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)


def test_scripts_languages_and_migrations_are_in_the_wheel(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        *(f"bot/_data/dialogs/{file.name}" for file in (ROOT / "dialogs").glob("*.yaml")),
        *(f"bot/_data/{file.relative_to(ROOT)}" for file in (ROOT / "locales").rglob("*.po")),
        *(str(file.relative_to(ROOT)) for file in (ROOT / "bot").rglob("*.py")),
        *(
            str(file.relative_to(ROOT))
            for file in (ROOT / "bot/sandbox").rglob("*.*")
            if "__pycache__" not in str(file)
        ),
    }

    assert "bot/_data/dialogs/first_talk.yaml" in wanted
    assert any("migrations/versions" in file for file in wanted)
    assert any(file.startswith("bot/_data/locales") for file in inside), "no languages"
    assert wanted - inside == set()
    assert not [file for file in inside if file.startswith("tests/")]


def test_check_works_in_an_empty_folder(command: Path, tmp_path: Path) -> None:
    done = subprocess.run([str(command), "check"], cwd=tmp_path, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
    assert "no problems" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_it_is_the_installed_program_that_runs(command: Path, tmp_path: Path) -> None:
    where = [str(command.with_name("python")), "-c", "import bot; print(bot.__file__)"]
    done = subprocess.run(where, cwd=tmp_path, capture_output=True, text=True, check=True)

    assert Path(done.stdout.strip()).is_relative_to(command.parent.parent)


def test_try_works_in_an_empty_folder(command: Path, tmp_path: Path) -> None:
    with _trying(command, tmp_path) as address:
        page = httpx.get(address)

    assert page.status_code == 200
    assert all(name in page.text for name in ("Ann", "Ravi", "Gil", "You look after the questions here"))
    assert list(tmp_path.iterdir()) == []


@contextmanager
def _trying(command: Path, folder: Path) -> Iterator[str]:
    """`beforehand try`, for as long as the block runs; the address it names."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [str(command), "try", "--port", str(port)]
    with subprocess.Popen(
        words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        try:
            assert running.stdout and running.stderr
            said = running.stdout.readline()
            assert f"http://127.0.0.1:{port}/" in said, said + running.stderr.read()
            yield f"http://127.0.0.1:{port}/"
        finally:
            running.terminate()
            begun = time.monotonic()
            assert running.wait(15) == 0
            assert time.monotonic() - begun < 10
