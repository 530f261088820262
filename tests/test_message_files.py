"""Files as messages: a line each or whole, gzipped or not, whatever they are called."""

import gzip
import io
from pathlib import Path

import pytest

from streams.errors import UserError
from streams.message_files import read_paths, read_stream

LINES = b'{"a":1}\n\n{"b":2}\r\n'
DOCUMENT = b'{\n  "a": 1\n}\n'


@pytest.mark.parametrize("name", ["one.jsonl", "one.jsonl.gz", "one.json.gz", "one"])
@pytest.mark.parametrize("pack", [False, True])
def test_a_message_a_line(tmp_path: Path, name: str, pack: bool) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(LINES) if pack else LINES)
    assert [(one.number, one.data) for one in read_paths([path])] == [(1, b'{"a":1}'), (3, b'{"b":2}')]


@pytest.mark.parametrize("name", ["one.json", "one.json.gz", "one.xml", "one.xml.gz"])
@pytest.mark.parametrize("pack", [False, True])
def test_a_document_is_one_message(tmp_path: Path, name: str, pack: bool) -> None:
    (tmp_path / name).write_bytes(gzip.compress(DOCUMENT) if pack else DOCUMENT)
    assert [one.data for one in read_paths([tmp_path])] == [DOCUMENT]


def test_a_stream_may_be_gzipped_and_a_damaged_one_is_named() -> None:
    packed = gzip.compress(LINES * 1000)
    taken = list(read_stream(io.BufferedReader(io.BytesIO(packed)), "stdin", whole=False))
    assert len(taken) == 2000
    for damaged in (packed[:-30], packed[:40] + b"?" * 20 + packed[60:], packed[:2] + b"no gzip at all"):
        with pytest.raises(UserError, match="stdin is a damaged gzip file"):
            list(read_stream(io.BufferedReader(io.BytesIO(damaged)), "stdin", whole=False))
