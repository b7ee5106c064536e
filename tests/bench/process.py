"""A bot in a process of its own, on a core of its own."""

import asyncio
import os
import re
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

ITS_CORE, OUR_CORE = 0, 1
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def can_measure() -> bool:
    """Whether this machine has two cores and says what each process uses: Linux."""
    return Path("/proc/self/stat").exists() and (os.cpu_count() or 1) > OUR_CORE


class Process:
    """A program that is started on this core and looked at; leaving the block stops it, whatever happened."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path, core: int) -> None:
        self._command, self._environment, self._log = command, os.environ | environment, log
        self._core = core
        self._process: asyncio.subprocess.Process | None = None
        self.begun = 0.0

    async def __aenter__(self) -> "Process":
        self.begun = time.perf_counter()
        with self._written() as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl+C is for us alone; it is stopped below
            )
        os.sched_setaffinity(self._process.pid, {self._core})
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process is not None
        try:
            with suppress(TimeoutError, ProcessLookupError):
                self._process.terminate()
                async with asyncio.timeout(10):
                    await self._process.wait()
        finally:
            if self._process.returncode is None:
                self._process.kill()

    def _written(self) -> IO[bytes]:
        return self._log.open("ab")

    @property
    def pid(self) -> int:
        """The number of the process."""
        assert self._process is not None
        return self._process.pid

    def check(self) -> None:
        """Raises: RuntimeError, with the end of its log, when it has ended by itself."""
        assert self._process is not None
        if self._process.returncode is not None:
            said = self._log.read_text("utf-8", "replace")[-2000:]
            raise RuntimeError(f"{' '.join(self._command)} ended:\n{said}")

    def used(self) -> float:
        """Units: seconds of processor time so far, those of children that have ended too."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / TICKS

    def memory(self) -> float:
        """Units: the most megabytes it has held at once."""
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{self.pid}/status").read_text())
        return int(found[1]) / 1024 if found else 0.0


def machine_used() -> float:
    """Units: seconds of processor time that everything on this machine has used so far."""
    user, nice, system, _, _, irq, soft = map(int, Path("/proc/stat").read_text().split(maxsplit=8)[1:8])
    return (user + nice + system + irq + soft) / TICKS


def other_python(module: str) -> str | None:
    """A Python that has this module: BENCH_PYTHON, or this one; None when neither has."""
    for python in filter(None, (os.environ.get("BENCH_PYTHON"), sys.executable)):
        if subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode == 0:
            return python
    return None
