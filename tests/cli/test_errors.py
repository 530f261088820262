"""What the user can mend costs one line and exit code 2; a bug of ours leaves its traceback and exit code 1."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import torugart_text
from tests.processes import PATIENCE

LIST = str(Path(__file__).resolve().parents[2] / "docs" / "examples" / "own-list.csv")
BUG = """
import sys
from streams.cli import compare, main
def broken(*_):
    raise {}
compare.compare_names = broken
sys.argv = ["torugart", "compare"]
main.main()
"""


@pytest.mark.parametrize(
    ("arguments", "environment", "named"),
    [
        (("topics", "check"), {"TORUGART_NOPE": "1"}, "TORUGART_NOPE"),
        (("topics", "check"), {"TORUGART_BROKERS": "a:b"}, "'a:b' is not host:port"),
        (("topics", "check"), {"TORUGART_BROKERS": "[::1:9"}, "'[::1:9' is not host:port"),
        (("topics", "check"), {"TORUGART_TOPIC_PREFIX": "a b"}, "TORUGART_TOPIC_PREFIX"),
        (("screen", "--list", LIST), {"TORUGART_RULESET": "{broken}"}, "broken.toml"),
        (("screen", "--list", "{broken}"), {}, "broken.toml"),
        (("screen", "--list", LIST, "--format", "mapped", "--field-map", "{shape}"), {}, "shape.toml"),
        (("corridors", "--trade", LIST, "--controls", "zz"), {}, "'zz'"),
        (("simulate", "--rate", "NEW_CORRIDOR=inf"), {}, "finite"),
        (("simulate", "--from", "9999-12"), {}, "2099"),
        (("simulate", "--out", "/nowhere/x"), {}, "/nowhere/x: No such file or directory"),
        (("bench", "stream", "--list", LIST, "--against", "{broken}"), {}, "broken.toml is no report"),
        (("bench", "names", "--list", LIST, "--persons", "{broken}"), {}, "no column full_name"),
        (("nope",), {}, "nope"),
    ],
    ids=lambda value: " ".join(value)[-40:] if isinstance(value, tuple) else "",
)
def test_what_the_user_can_mend_is_one_line(
    arguments: tuple[str, ...], environment: dict[str, str], named: str, tmp_path: Path
) -> None:
    files = {"broken": "a = [", "shape": "envelope = 5"}
    for name, text in files.items():
        (tmp_path / f"{name}.toml").write_text(text)
    paths = {f"{{{name}}}": str(tmp_path / f"{name}.toml") for name in files}
    done = torugart_text(
        *(paths.get(one, one) for one in arguments),
        **{name: paths.get(value, value) for name, value in environment.items()},
    )
    assert done.returncode == 2, done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("torugart: ") and named in line


@pytest.mark.parametrize("bug", ["KeyError('x')", "ValueError('x')"])
def test_a_bug_leaves_its_traceback(bug: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BUG.format(bug)],
        input="name1,name2\na,b\n",
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 1, done.stderr
    first, *rest = done.stderr.splitlines()
    assert first == "torugart: a bug of ours, not of your making; please report it with this"
    assert rest[0].startswith("Traceback") and rest[-1].startswith(bug[:-5])
    assert any("compare.py" in line for line in rest)
