"""Lists from a publisher's address: a server of our own that fails in every way that one does."""

import base64
import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from streams.cli import list_fetch
from streams.cli.list_fetch import NotFetched, fetch_list, shown
from streams.settings import Settings, SettingsError
from streams.watchlists.edition import Fetched
from tests.publisher import LIST, Answer, Publisher, answer, conditional, publisher

SHA = hashlib.sha256(LIST).hexdigest()


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    monkeypatch.setattr(list_fetch, "WAITS", (0.01, 0.01))
    with publisher() as server:
        yield server


def fetched(
    folder: Path, *addresses: str, known: tuple[Fetched, ...] = (), timeout: float = 5.0
) -> tuple[Path, tuple[Fetched, ...]] | None:
    return fetch_list("own", addresses, folder, known, timeout=timeout)


def test_a_list_and_the_files_beside_it(web: Publisher, tmp_path: Path) -> None:
    addresses = [web.at(f"/exports/{name}", answer()) for name in ("SDN.CSV?key=1", "ALT.CSV", "ADD.CSV")]
    got = fetched(tmp_path, *addresses)
    assert got is not None and got[0] == tmp_path / "SDN.CSV"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ADD.CSV", "ALT.CSV", "SDN.CSV"]
    assert got[1][0].address == addresses[0].removesuffix("?key=1")


def test_what_has_not_changed_is_not_sent_again(web: Publisher, tmp_path: Path) -> None:
    addresses = [web.at("/a.csv", conditional('"a1"')), web.at("/b.csv", conditional('"b1"'))]
    first = fetched(tmp_path, *addresses)
    assert first is not None and [one.etag for one in first[1]] == ['"a1"', '"b1"']
    assert fetched(tmp_path, *addresses, known=first[1]) is None
    assert web.count("/a.csv") == web.count("/b.csv") == 2


def test_where_one_file_of_a_list_has_changed_all_are_fetched(web: Publisher, tmp_path: Path) -> None:
    addresses = [web.at("/a.csv", conditional('"a1"')), web.at("/b.csv", conditional('"b1"'))]
    first = fetched(tmp_path, *addresses)
    assert first is not None
    web.at("/b.csv", conditional('"b2"'))
    folder = tmp_path / "second"
    folder.mkdir()
    second = fetched(folder, *addresses, known=first[1])
    assert second is not None and [one.etag for one in second[1]] == ['"a1"', '"b2"']
    assert (folder / "a.csv").read_bytes() == (folder / "b.csv").read_bytes() == LIST


def test_an_address_that_was_changed_is_asked_without_a_condition(web: Publisher, tmp_path: Path) -> None:
    first = fetched(tmp_path, web.at("/a.csv?list=1", conditional('"same"')))
    assert first is not None
    assert fetched(tmp_path, web.at("/a.csv?list=2", conditional('"same"')), known=first[1]) is not None


def broken(handler: BaseHTTPRequestHandler) -> None:
    answer(LIST[:10], Content_Length=str(len(LIST)))(handler)


def chunk_broken(handler: BaseHTTPRequestHandler) -> None:
    handler.protocol_version = "HTTP/1.1"
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"ff\r\n" + LIST)
    handler.close_connection = True


def silent(handler: BaseHTTPRequestHandler) -> None:
    threading.Event().wait(0.5)


@pytest.mark.parametrize(
    "fault",
    [
        answer(b"", 503, Retry_After="0"),
        answer(b"", 429),
        broken,
        chunk_broken,
        silent,
        answer(Repr_Digest=f"sha-256=:{base64.b64encode(bytes(32)).decode()}:"),
    ],
)
def test_a_fault_that_passes_is_tried_again(web: Publisher, tmp_path: Path, fault: Answer) -> None:
    right = f"SHA-256={base64.b64encode(bytes.fromhex(SHA)).decode()}"
    got = fetched(tmp_path, web.at("/a.csv", fault, fault, answer(Digest=right)), timeout=0.2)
    assert got is not None and got[0].read_bytes() == LIST
    assert web.count("/a.csv") == 3


@pytest.mark.parametrize(
    ("fault", "said", "times"),
    [
        (answer(b"", 503), "answers 503 Service Unavailable, and so it did 3 times", 3),
        (broken, "sent 10 of 23 bytes", 3),
        (silent, "sent nothing for 0.2 s|timed out", 3),
        (answer(b"", 404), "/a.csv answers 404 Not Found", 1),
        (answer(b"", 304), "answers 304", 1),
        (answer(b"", 302, Location="file:///etc/passwd"), "answers 302", 1),
    ],
)
def test_one_that_lasts_is_said_in_one_line(
    web: Publisher, tmp_path: Path, fault: Answer, said: str, times: int
) -> None:
    with pytest.raises(NotFetched, match=said) as failed:
        fetched(tmp_path, web.at("/a.csv?token=secret", fault), timeout=0.2)
    assert "secret" not in str(failed.value) and "\n" not in str(failed.value)
    assert web.count("/a.csv?token=secret") == times


def test_nobody_there(tmp_path: Path) -> None:
    with publisher() as server:
        address = server.at("/a.csv", answer())
    with pytest.raises(NotFetched, match=r"/a\.csv cannot be reached: .*refused"):
        fetched(tmp_path, address)


def test_a_published_checksum_is_held_against_the_file(web: Publisher, tmp_path: Path) -> None:
    address = web.at("/a.csv", answer())
    lines = f"{bytes(32).hex()}  other.csv\n{SHA.upper()}  a.csv\n".encode()
    assert fetched(tmp_path, address, web.at("/a.csv.sha256", answer(lines))) is not None
    with pytest.raises(NotFetched, match=f"a.csv has the SHA-256 {SHA[:12]}"):
        fetched(tmp_path, address, web.at("/sums.sha256", answer(bytes(32).hex().encode())))
    with pytest.raises(NotFetched, match="holds no SHA-256: '<html>'"):
        fetched(tmp_path, address, web.at("/a.csv.sha256", answer(b"<html>")))


def test_a_drip_that_never_ends_is_cut_off(
    web: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        answer(b"", Content_Length="1000000")(handler)
        for _ in range(200):
            handler.wfile.write(b"x")
            threading.Event().wait(0.02)

    monkeypatch.setattr(list_fetch, "TRANSFER", 1)
    with pytest.raises(NotFetched, match="is too slow"):
        fetched(tmp_path, web.at("/a.csv", drip), timeout=0.3)


def test_two_files_of_one_name_are_refused(web: Publisher, tmp_path: Path) -> None:
    with pytest.raises(NotFetched, match="two of the same name"):
        fetched(tmp_path, web.at("/1/a.csv", answer()), web.at("/2/a.csv", answer()))


def test_an_address_is_shown_without_its_secrets() -> None:
    assert (
        shown("https://me:secret@lists.example:8443/a.csv?token=secret#x")
        == "https://lists.example:8443/a.csv"
    )


def test_no_way_leads_from_an_encrypted_address_to_one_that_is_not() -> None:
    request = list_fetch.Request("https://lists.example/a.csv")
    handler = list_fetch._SafeRedirects()
    with pytest.raises(NotFetched, match="not encrypted"):
        handler.redirect_request(request, None, 302, "Found", {}, "http://lists.example/a.csv")


def test_addresses_are_read_from_the_settings() -> None:
    said = """
        ofac-sdn=https://lists.example/SDN.CSV?a=1%2C2 https://lists.example/ALT.CSV ,
        own=http://127.0.0.1:8000/own.csv,"""
    assert Settings(list_addresses=said).list_sources() == {
        "ofac-sdn": ("https://lists.example/SDN.CSV?a=1%2C2", "https://lists.example/ALT.CSV"),
        "own": ("http://127.0.0.1:8000/own.csv",),
    }
    for wrong in ("own", "own=", "=https://lists.example", "own=file:///etc/passwd", "own=https:///a.csv"):
        with pytest.raises(SettingsError, match="is not NAME=https"):
            Settings(list_addresses=wrong).list_sources()
