"""A worker as a child: `torugart worker` in a process of its own, watched and ended by its pid. For demo and bench."""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from streams.child import end, ending_with_parent
from streams.settings import PREFIX, Settings

READY_SECONDS = 180.0
STOP_SECONDS = 10.0
"""To answer what it holds and commit; after this it is killed."""
LAST_WORDS = 12
"""Lines of its log that are shown where it fails."""


class WorkerFailed(Exception):
    """The worker ended or did not become ready; the message holds the end of its log."""


class Worker:
    """A running worker."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self._process = process
        self._log = log
        self._base = f"http://127.0.0.1:{port}"

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def metrics(self) -> str:
        return f"{self._base}/metrics"

    def wait_until_ready(self, seconds: float = READY_SECONDS) -> None:
        """Waits until it has its list and its partitions.

        Raises WorkerFailed where it ends before, or takes longer than `seconds`.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.check()
            try:
                with urllib.request.urlopen(f"{self._base}/health/ready", timeout=2):  # noqa: S310 - our own port
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise WorkerFailed(
            f"the worker is not ready after {seconds:.0f} s; its last words:\n{self.last_words()}"
        )

    def check(self) -> None:
        """Raises WorkerFailed where the worker has ended."""
        code = self._process.poll()
        if code is not None:
            raise WorkerFailed(f"the worker ended with code {code}; its last words:\n{self.last_words()}")

    def wait(self) -> None:
        """Waits for as long as the worker runs.

        Raises WorkerFailed when it ends.
        """
        self._process.wait()
        self.check()

    def last_words(self) -> str:
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(f"  {line}" for line in lines[-LAST_WORDS:]) or "  (it wrote nothing)"


@contextlib.contextmanager
def worker_process(settings: Settings) -> Iterator[Worker]:
    """Starts a worker with these settings and ends it on exit. It may not be ready yet.

    Its log and its working directory are temporary. Ctrl-C reaches the caller alone, which then ends the worker; where
    the caller is killed, the worker dies with it.
    """
    with tempfile.TemporaryDirectory(prefix="torugart-worker-") as folder:
        log = Path(folder) / "worker.log"
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - this very program
                ending_with_parent([sys.executable, "-m", "streams", "worker"]),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=_environment(settings),
                start_new_session=True,
            )
        try:
            yield Worker(process, settings.web_port, log)
        finally:
            end(process, STOP_SECONDS)


def _environment(settings: Settings) -> dict[str, str]:
    """This process's environment with no TORUGART_ variable but those of the settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    here = str(Path(__file__).resolve().parents[1])
    kept["PYTHONPATH"] = os.pathsep.join(filter(None, (here, kept.get("PYTHONPATH"))))
    return kept | settings.environment()
