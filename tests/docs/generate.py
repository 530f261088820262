"""`python -m tests.docs.generate`: the parts of docs/ that are made from the code, so that they cannot rot.

Whole pages (settings, metrics, topics), an example file, and in hand-written pages the block below a line
`<!-- example: alert -->`, which is the example of that schema; in a ```text block, as an officer reads it.
"""

import json
import re
from pathlib import Path

import msgspec

from streams import metrics, settings
from streams.assessment.ruleset import load_ruleset
from streams.cases.alert import Alert
from streams.cases.wording import render_alert
from streams.kafka import topics
from tests.docs import control_page, format_page, rule_page
from tests.docs.architecture_page import architecture
from tests.scenarios import uk, uk_papers
from tests.schemas.structure import load

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
MADE = "<!-- made by `make docs` from {}; do not edit -->\n"

EXAMPLE_BLOCK = re.compile(r"(<!-- example: ([a-z-]+) -->\n```(json|text)\n).*?(```)", re.DOTALL)


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |\n" for line in lines)


def settings_page() -> str:
    rows = [
        (f"`{name}`", f"`{default}`" if default else "", said)
        for name, default, said in settings.documentation()
    ]
    return (
        MADE.format("streams/settings.py")
        + "# Settings\n\nEvery setting is an environment variable. A variable that begins with `TORUGART_` and is no\n"
        "setting stops the program: a typing error must not go unnoticed. `torugart doctor` checks them.\n\n"
        + table(("variable", "default", "meaning"), rows)
    )


def metrics_page() -> str:
    rows = [
        (f"`{name}`", kind, f"`{labels}`" if labels else "", said)
        for name, kind, labels, said in metrics.documentation()
    ]
    return (
        MADE.format("streams/metrics.py")
        + "# Metrics\n\nServed by every worker at `/metrics` (port `TORUGART_WEB_PORT`), in base units. No label holds\n"
        "a declaration, a firm or a person. `torugart_process_*` tell of the process itself. Alert rules and a\n"
        "dashboard are in `deploy/prometheus` and `deploy/grafana`.\n\n"
        + table(("metric", "type", "labels", "meaning"), rows)
    )


PARTITIONS = {"any": "any number", "internal": "`TORUGART_PARTITIONS`", "one": "1"}


def topics_page() -> str:
    prefix = settings.Settings().topic_prefix
    rows = [
        (
            f"`{prefix}{topic.name}`",
            topic.key,
            topic.value,
            PARTITIONS[topic.partitions],
            topic.cleanup,
            f"{topic.retention_days} days" if topic.retention_days else "for ever",
        )
        for topic in topics.TOPICS
    ]
    return (
        MADE.format("streams/kafka/topics.py")
        + "# Topics\n\n`torugart topics create` makes the ones that are missing, `torugart topics check` says what is wrong\n"
        "with those that exist; a worker does not start on wrong ones. The prefix is `TORUGART_TOPIC_PREFIX`.\n"
        f"Every topic takes messages of up to {topics.MAX_MESSAGE_BYTES // 1024**2} MiB. Retention is what `create` sets;\n"
        "change it to your needs.\n\nWorkers write in transactions where the brokers have them: read with\n"
        "`isolation.level=read_committed` ([operations](operations.md)).\n\n"
        + table(("topic", "key", "value", "partitions", "cleanup", "kept"), rows)
    )


def example_json(name: str) -> str:
    return json.dumps(load(name)["examples"][0], ensure_ascii=False, indent=2) + "\n"


def example_text(name: str) -> str:
    """The example as `torugart alerts show` prints it."""
    if name != "alert":
        raise ValueError(f"only an alert is read as text, not {name}")
    return render_alert(msgspec.convert(load(name)["examples"][0], Alert)) + "\n"


def with_examples(page: str) -> str:
    """A page with its example blocks made anew."""
    ways = {"json": example_json, "text": example_text}
    return EXAMPLE_BLOCK.sub(lambda found: found[1] + ways[found[3]](found[2]) + found[4], page)


def pages() -> list[Path]:
    """Every page that people read."""
    return [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]


def made() -> dict[Path, str]:
    """Path -> text of everything that is made, wholly or in part."""
    files = (
        {
            DOCS / "settings.md": settings_page(),
            DOCS / "metrics.md": metrics_page(),
            DOCS / "topics.md": topics_page(),
            DOCS / "rules.md": MADE.format("streams/rules/catalogue.toml and the ruleset")
            + rule_page.documentation(load_ruleset()),
            DOCS / "controls.md": MADE.format("the tables of streams/goods") + control_page.documentation(),
            DOCS / "architecture.md": architecture(),
            DOCS / "format-fields.md": MADE.format("streams/declarations/formats/*/format.toml")
            + format_page.documentation(),
            DOCS / "examples" / "declaration.json": example_json("declaration"),
        }
        | uk.made()
        | uk_papers.made()
    )
    for path in pages():
        if path not in files:
            text = path.read_text(encoding="utf-8")
            if EXAMPLE_BLOCK.search(text):
                files[path] = with_examples(text)
    return files


def main() -> None:
    for path, text in made().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
