"""`make chaos ROW=freeze ROUNDS=20`: faults done to workers on real Kafka, one line a round, and what was found."""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import get_args

from tests.chaos.proxy import Ports, proxy
from tests.chaos.rows import Row, trial
from tests.integration import brokers


def main() -> int:
    """Exit 0 where every trade ended as it should; 1 with what did not."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("row", choices=get_args(Row))
    options.add_argument("--rounds", type=int, default=20, help="faults, over as many trades as they take")
    options.add_argument("--seed", type=int, default=1, help="of the first trade")
    options.add_argument("--fence", choices=("on", "off"), default="on", help="off: to see what it is for")
    chosen = options.parse_args()
    ports, total, seed, wrong = Ports(), Counter[str](), chosen.seed, 0
    with (
        tempfile.TemporaryDirectory(prefix="torugart-chaos-") as folder,
        brokers.kafka(Path(folder) / "kafka", port=ports.client, properties=ports.properties()) as broker,
        proxy(ports) as between,
    ):
        while total["rounds"] < chosen.rounds:
            started = time.monotonic()
            try:
                rounds = trial(
                    broker,
                    Path(folder),
                    chosen.row,
                    seed=seed,
                    name=f"chaos{seed}",
                    proxy=between,
                    most=chosen.rounds - total["rounds"],
                    fence=chosen.fence,
                )
            except AssertionError as error:
                print(json.dumps({"seed": seed, "wrong": str(error)[:4000]}), flush=True)
                rounds, wrong = [], wrong + 1
                if wrong > 2:
                    break
            for one in rounds:
                print(json.dumps({"seed": seed, **asdict(one)}), flush=True)
                total["rounds"] += 1
                total["fenced"] += one.exit == 3
                total["refusedRecords"] += one.refused
                total["heldRequests"] += one.held
                total["refusedRequests"] += len(one.answers) - one.answers.count(0)
            total["trades"] += 1
            print(json.dumps({"seed": seed, "seconds": round(time.monotonic() - started)}), flush=True)
            if chosen.row == "calm":
                break
            seed += 1
    print(json.dumps({"row": chosen.row, "wrong": wrong, **total}))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
