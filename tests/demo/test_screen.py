"""What is printed: plain where nobody sits before it, and short enough to be read."""

from io import StringIO

from rich.console import Console

from streams.demo.screen import (
    Screen,
    alert_lines,
    alert_title,
    corridor_totals,
    next_lines,
    totals_lines,
)
from streams.demo.totals import CorridorNews, Tally
from streams.settings import Settings
from tests.demo.factories import alert, corridor, finding, label, verdict

FINDINGS = [
    finding(15, "The telephone +7 916 is Russian, the consignee Kyrgyz."),
    finding(60, "ОсОО «Карголайн» is OSOO KARGOLAYN."),
    finding(20, "The road runs through Belarus and Russia."),
    finding(10, "Telescopic sights are high priority goods."),
    finding(0, "Not worth a line."),
]


def _plain() -> tuple[Screen, StringIO]:
    out = StringIO()
    return Screen(Console(file=out, force_terminal=False, width=80, highlight=False)), out


def test_an_alert_says_who_what_why_and_what_would_clear_it() -> None:
    lines = alert_lines(
        alert(
            "demo.de|22DE1", findings=FINDINGS, what_would_clear=("Proof that it is another firm.", "b", "c")
        )
    )
    assert lines == [
        "Headline of demo.de|22DE1",
        "12 Jul 2022 · DE - LT - BY - RU - KG",
        "+60  ОсОО «Карголайн» is OSOO KARGOLAYN.",
        "+20  The road runs through Belarus and Russia.",
        "+15  The telephone +7 916 is Russian, the consignee Kyrgyz.",
        "     and 1 more finding",
        "Clears: Proof that it is another firm.",
        "Clears: b",
    ]


def test_titles() -> None:
    assert alert_title(alert("demo.de|22DE1")) == "RED 85 · examine goods and documents · 22DE1"
    closed = alert("demo.de|22DE1", "GREEN", status="CLOSED", highest_lane="YELLOW")
    assert alert_title(closed) == "CLOSED · was YELLOW · 22DE1"


def test_plain_output_has_no_colours_no_frames_and_one_line_a_line() -> None:
    screen, out = _plain()
    long = "A sentence that is longer than the eighty columns of the console, " * 3
    with screen:
        screen.step("Broker   embedded")
        screen.progress(published=10, total=20, screened=5, alerts=1, seconds=1.0)
        screen.alert(alert("a|1", "RED", findings=[finding(60, long)]))
        screen.alert(alert("a|2", "BLUE", findings=FINDINGS))
    text = out.getvalue()
    assert "\x1b" not in text
    assert not set("╭╮│━╰") & set(text)
    assert long.strip() in text
    assert "published" not in text
    blue = [line for line in text.splitlines() if line.startswith("BLUE")]
    assert blue == ["BLUE 85 · release, audit afterwards · 2  Headline of a|2"]


def test_names_with_brackets_are_text_not_markup() -> None:
    screen, out = _plain()
    screen.alert(alert("a|1", "BLUE", headline="[bold]Trade [/] [link=x]OsOO[/link]"))
    assert "[bold]Trade [/] [link=x]OsOO[/link]" in out.getvalue()


def test_a_terminal_gets_a_frame_with_the_lane_in_its_title() -> None:
    out = StringIO()
    screen = Screen(Console(file=out, force_terminal=True, width=100, highlight=False))
    screen.alert(alert("a|1", "YELLOW", findings=FINDINGS))
    text = out.getvalue()
    assert "\x1b[" in text
    assert "YELLOW 85" in text
    assert "╭" in text


def test_totals_name_what_was_missed() -> None:
    tally = Tally()
    for key in "abc":
        tally.verdict(verdict(key))
    tally.alert(alert("a", "RED"))
    tally.alert(alert("c", "BLUE"))
    totals = tally.totals(
        [label("a"), label("b", "drones"), label("z", "resale", visible="pattern")],
        published=3,
        seconds=0.5,
        first_alert=6.25,
    )
    text = "\n".join(totals_lines(totals))
    assert "3 of 3 messages (3 declarations) in 0.5 s: 6 a second" in text
    assert "Alerts     2: 1 RED, 0 YELLOW, 1 BLUE; the first 6.2 s after the start" in text
    assert "Planted    1 of 2 found" in text
    assert "missed: drones (b): why of b" in text
    assert "0 of 1 found that only several declarations together show" in text
    assert "1 alert on ordinary trade: 333.3 in 1,000 declarations, of which RED or YELLOW 0.0" in text
    assert "dead letters" not in text


def test_a_corridor_is_told_in_one_sentence_with_its_figures() -> None:
    screen, out = _plain()
    screen.corridor(CorridorNews("RAISED", corridor()))
    screen.corridor(CorridorNews("CLOSED", corridor(status="CLOSED", closed="2022-09")))
    assert out.getvalue().splitlines() == [
        "CORRIDOR raised in April 2022 · YELLOW · integrated circuits (HS 854239) from Germany to Kyrgyzstan",
        "  HS 854239 from DE to KG: EUR 116,430 in 2022-04.",
        "CORRIDOR over by September 2022 · YELLOW · integrated circuits (HS 854239) from Germany to Kyrgyzstan",
    ]


def test_the_first_corridor_comes_first_and_before_the_press() -> None:
    assert corridor_totals(()) == ["Corridors  0 alerts"]
    assert corridor_totals((corridor(), corridor("850440", "2022-06", origin="CN", baseline=0.0))) == [
        "Corridors  2 alerts, the first with April 2022: integrated circuits (HS 854239) from Germany to "
        "Kyrgyzstan; the press wrote of it in July 2023",
        "  HS 854239 from DE to KG: EUR 116,430 in 2022-04.",
        "  April 2022: integrated circuits (HS 854239) from Germany to Kyrgyzstan, EUR 116,430 that month, 46 times "
        "the usual",
        "  June 2022: HS 850440 from CN to Kyrgyzstan, EUR 116,430 that month, never seen before",
    ]


def test_real_exports_are_told_by_year() -> None:
    tally = Tally()
    tally.verdict(verdict("a"))
    tally.alert(alert("a", "BLUE"))
    text = "\n".join(totals_lines(tally.totals([label("a", visible="real")], published=1, seconds=1.0)))
    assert "Real       alerts on 1 of 1 in 2022 that carry real exports" in text
    assert "0 alerts on ordinary trade: 0.0 in 1,000" in text


def test_what_to_do_next() -> None:
    settings = Settings(brokers="127.0.0.1:9", topic_prefix="customs.")
    assert "--keep" in "\n".join(next_lines(settings, "http://127.0.0.1:8/metrics", keep=False))
    kept = "\n".join(next_lines(settings, "http://127.0.0.1:8/metrics", keep=True))
    assert "TORUGART_BROKERS=127.0.0.1:9 TORUGART_TOPIC_PREFIX=customs. torugart alerts tail" in kept
    assert "http://127.0.0.1:8/metrics" in kept
