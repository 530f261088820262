"""`make bench`: `torugart bench stream` against a node of real Kafka that lives as long as it takes.

Options are those of that command. The list is LIST, else the 2026 US list of the trial data (TORUGART_DATA), else the
demo's: the output names it.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.integration import brokers

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("TORUGART_DATA") or ROOT.parent / "shared" / "data")
LISTS = (
    DATA / "lists" / "us_csl_2026_names" / "us_csl_2026.targets.simple.csv",
    ROOT / "streams" / "demo" / "data" / "watchlist.targets.simple.csv",
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--list", type=Path, default=next(path for path in LISTS if path.exists()))
    given, options = parser.parse_known_args()
    command = [sys.executable, "-m", "streams", "bench", "stream", "--list", str(given.list), *options]
    with tempfile.TemporaryDirectory(prefix="torugart-bench-") as folder:
        try:
            with brokers.kafka(Path(folder)) as broker:
                own = {name: value for name, value in os.environ.items() if not name.startswith("TORUGART_")}
                return subprocess.run(command, env=own | broker.environment()).returncode
        except brokers.KafkaUnavailable as error:
            print(f"torugart: make bench measures on real Kafka: {error}", file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main())
