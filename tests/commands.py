"""The program in this process: what `torugart` prints and how it ends, without a second of imports a call. That it starts as a
program of its own is shown where that is the subject (tests/names/test_commands.py, tests/cli/test_errors.py)."""

import io
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from subprocess import CompletedProcess
from unittest import mock

from streams.cli.main import main


def torugart(*arguments: str | Path, stdin: bytes = b"", **environment: str) -> CompletedProcess[bytes]:
    """Runs one command to its end, as a process of its own would be told of. Whatever `main` lets through is raised."""
    words = ["torugart", *map(str, arguments)]
    out, err = io.BytesIO(), io.BytesIO()
    code: object = 0
    with ExitStack() as stack:
        stack.enter_context(mock.patch.dict(os.environ, environment))
        stack.enter_context(mock.patch.object(sys, "argv", words))
        given = io.BufferedReader(io.BytesIO(stdin))
        for name, stream in (("stdin", given), ("stdout", out), ("stderr", err)):
            text = io.TextIOWrapper(stream, encoding="utf-8", write_through=True)
            stack.callback(text.detach)  # else the end of it would close the bytes
            stack.enter_context(mock.patch.object(sys, name, text))
        try:
            main()
        except SystemExit as ended:
            code = ended.code
    return CompletedProcess(words, int(str(code or 0)), out.getvalue(), err.getvalue())


def torugart_text(*arguments: str | Path, **environment: str) -> CompletedProcess[str]:
    """The same, its output as text."""
    done = torugart(*arguments, **environment)
    return CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
