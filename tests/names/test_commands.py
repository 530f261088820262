"""`torugart names` and `torugart compare` as others call them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from streams.cli.compare import compare as compare_command
from streams.cli.names import names as names_command
from streams.errors import UserError
from tests.data import PROJECT
from tests.processes import PATIENCE
from tests.watchlists import files

app = typer.Typer(pretty_exceptions_enable=False)
app.command()(names_command)
app.command()(compare_command)


def run(*arguments: str, stdin: str | bytes = "") -> Result:
    """The command in this process; the last tests run it as a program."""
    return CliRunner().invoke(app, list(arguments), input=stdin)


def lines(done: Result) -> list[dict[str, object]]:
    assert done.exit_code == 0, done.exception
    return [json.loads(line) for line in done.stdout_bytes.splitlines()]


def refused(done: Result) -> str:
    """The one line that `main` prints before it exits with 2."""
    assert isinstance(done.exception, UserError), done.exception
    (line,) = str(done.exception).splitlines()
    return line


@pytest.fixture
def two_lists(tmp_path: Path) -> tuple[str, ...]:
    un = files.write(tmp_path, "consolidated.xml", files.UN)
    own = files.write(tmp_path, "own.csv", files.SIMPLE)
    return ("--list", str(un), "--list", str(own))


def test_names_answers_each_line_in_order(two_lists: tuple[str, ...]) -> None:
    queries = [
        {"id": "latin", "name": "Raisa Exampleva", "type": "person", "country": "KG"},
        {"id": "cyrillic", "name": "ЭКЗЕМПЛЯРОВА Раиса"},
        {"id": "arabic", "name": "كريم المثال"},
        {"id": "chinese", "name": "华为技术有限公司"},
        {"id": "empty", "name": ""},
        {"id": 6, "name": "A" * 10_000},
        {"id": "clear", "name": "Quite Another Firm"},
    ]
    stdin = "\n".join(json.dumps(query, ensure_ascii=False) for query in queries)
    answers = lines(run("names", *two_lists, stdin=stdin))
    assert [answer["id"] for answer in answers] == [query["id"] for query in queries]
    hits = {answer["id"]: answer["hits"] for answer in answers}
    for met, entry in (("latin", "x-1"), ("cyrillic", "x-1"), ("arabic", "TAi.901")):
        first = hits[met][0]  # type: ignore[index]
        assert first["entry"] == entry
        assert {"list", "entry", "name", "score", "explanation"} <= first.keys()
        assert 0 <= first["score"] <= 1
    assert hits["chinese"] == hits["empty"] == hits[6] == hits["clear"] == []
    assert answers[5]["degraded"] is True


def test_threshold_zero_gives_candidates(two_lists: tuple[str, ...]) -> None:
    (answer,) = lines(
        run("names", *two_lists, "--threshold", "0", stdin='{"id":1,"name":"Example Shipping"}')
    )
    scores = [hit["score"] for hit in answer["hits"]]  # type: ignore[attr-defined]
    assert scores and scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("stdin", "said"),
    [
        ('{"id":1,"name":"a"}\n{"id":', "line 2"),
        ("[]", "line 1"),
        ('{"id":1,"name":5}', "line 1"),
        ('{"id":1,"name":"a","type":"alien"}', "line 1"),
        (b'{"id":1,"name":"\xff"}', "line 1"),
        ("[" * 100_000, "line 1"),
    ],
)
def test_bad_line_is_named(two_lists: tuple[str, ...], stdin: str | bytes, said: str) -> None:
    assert said in refused(run("names", *two_lists, stdin=stdin))


def test_bad_usage_of_names(two_lists: tuple[str, ...], tmp_path: Path) -> None:
    assert "--list" in refused(run("names"))
    assert "cannot be read" in refused(run("names", "--list", "no-such-file"))
    assert "no known list format" in refused(run("names", "--list", str(files.write(tmp_path, "x.txt", "x"))))
    assert "between 0 and 1" in refused(run("names", *two_lists, "--threshold", "1.5"))


def test_compare_gives_a_score_a_line() -> None:
    pairs = (
        "name1,name2,type\n"
        "Владимир Путин,Vladimir Putin,person\n"
        '"Smith, John",John Smith,\n'
        "李明,Li Ming,\n"
        "محمد علي,Mohamed Ali,person\n"
        ",Acme,\n"
        f"{'A' * 10_000},{'B' * 10_000},\n"
        "Acme Trading,Zenith Trading,organization\n"
    )
    scores = [answer["score"] for answer in lines(run("compare", stdin=pairs))]
    assert len(scores) == 7
    assert all(isinstance(score, float) and 0 <= score <= 1 for score in scores)
    assert scores[0] == 1.0
    assert scores[1] > 0.95 > 0.7 > scores[6]  # type: ignore[operator]
    assert scores[4] == 0.0


def test_compare_without_types_and_with_a_byte_order_mark() -> None:
    assert len(lines(run("compare", stdin="\ufeffname1,name2\r\na,b\r\n\r\nc,d\r\n"))) == 2


@pytest.mark.parametrize(
    ("stdin", "said"),
    [
        ("", "header"),
        ("a,b\nc,d\n", "header"),
        ("name1,name2\nx\n", "line 2"),
        ("name1,name2\nx,y,z\n", "line 2"),
        ("name1,name2,type\nx,y,alien\n", "alien"),
        ('name1,name2\n"x,y\n', "line"),
        (b"name1,name2\n\xff,y\n", "UTF-8"),
    ],
)
def test_bad_input_of_compare(stdin: str | bytes, said: str) -> None:
    assert said in refused(run("compare", stdin=stdin))


def test_names_answers_while_input_is_open(two_lists: tuple[str, ...]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "streams", "names", *two_lists],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=PROJECT,
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        for number in (1, 2):
            process.stdin.write(b'{"id":%d,"name":"Raisa Exampleva"}\n' % number)
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait(timeout=PATIENCE) == 0
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [(["names"], b""), (["names", "--threshold", "x"], b""), (["compare"], b"name1,name2\nx\n")],
)
def test_program_ends_with_two(arguments: list[str], stdin: bytes) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "streams", *arguments],
        input=stdin,
        capture_output=True,
        cwd=PROJECT,
        timeout=PATIENCE,
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr and b"Traceback" not in done.stderr
