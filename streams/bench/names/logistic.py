"""A logistic regression whose weights keep the bounds they are given.

Own code, since it is forty lines: numpy and scikit-learn would be a hundred megabytes for developers, and the same bytes on
every machine, which a fit that is committed must give, are not theirs to promise.
"""

from collections.abc import Sequence
from math import exp, sqrt
from operator import mul

Column = Sequence[float]


def fit(
    columns: Sequence[Column],
    labels: Sequence[bool],
    importance: Sequence[float],
    bounds: Sequence[tuple[float, float]],
    rounds: int = 300,
    ridge: float = 1e-3,
) -> tuple[float, list[float]]:
    """(base, a weight for each column), each weight between its bounds. By projected gradient with momentum: the same
    numbers from the same input, whatever the machine has of threads."""
    whole = sum(importance)
    share = [weight / whole for weight in importance]
    wanted = [1.0 if label else 0.0 for label in labels]
    # A step for each column by how much it moves at most; so a rare amount is as quick as a frequent one.
    sparse: list[tuple[list[int], list[float]]] = []
    scales: list[float] = []
    for column in columns:
        rows = [row for row, value in enumerate(column) if value]
        scale = 1.0 / sqrt(sum(share[row] * column[row] ** 2 for row in rows) + 1e-5)
        sparse.append((rows, [column[row] * scale for row in rows]))
        scales.append(scale)
    weights, base = [0.0] * len(columns), 0.0
    ahead, base_ahead = weights, base
    # The longest step that overshoots nowhere: a logistic curve bends by a quarter at most.
    pace = 4.0 / (1.1 * _largest(sparse, share))
    scaled_bounds = [(low / scale, high / scale) for (low, high), scale in zip(bounds, scales, strict=True)]
    momentum = 1.0
    for _ in range(rounds):
        totals = [base_ahead] * len(labels)
        for (rows, values), weight in zip(sparse, ahead, strict=True):
            if weight:
                for row, value in zip(rows, values, strict=True):
                    totals[row] += weight * value
        errors = [
            s * (1.0 / (1.0 + exp(-max(-40.0, min(40.0, total)))) - want)
            for s, total, want in zip(share, totals, wanted, strict=True)
        ]
        error_of = errors.__getitem__
        stepped = [
            min(high, max(low, weight - pace * (sum(map(mul, values, map(error_of, rows))) + ridge * weight)))
            for (rows, values), weight, (low, high) in zip(sparse, ahead, scaled_bounds, strict=True)
        ]
        base_stepped = base_ahead - pace * sum(errors)
        # Momentum is given up where it leads away.
        astray = sum((at - now) * (now - then) for at, now, then in zip(ahead, stepped, weights, strict=True))
        before = momentum if astray <= 0 else 1.0
        momentum = (1.0 + sqrt(1.0 + 4.0 * before * before)) / 2.0
        push = (before - 1.0) / momentum
        ahead = [now + push * (now - then) for now, then in zip(stepped, weights, strict=True)]
        base_ahead = base_stepped + push * (base_stepped - base)
        weights, base = stepped, base_stepped
    return base, [weight * scale for weight, scale in zip(weights, scales, strict=True)]


def _largest(sparse: Sequence[tuple[list[int], list[float]]], share: Sequence[float]) -> float:
    """The largest eigenvalue of the columns' products with each other, by power iteration."""
    direction = [1.0] * (len(sparse) + 1)
    largest = 1.0
    for _ in range(20):
        totals = [direction[0]] * len(share)
        for (rows, values), part in zip(sparse, direction[1:], strict=True):
            for row, value in zip(rows, values, strict=True):
                totals[row] += part * value
        weighted = list(map(mul, totals, share))
        onward = [sum(weighted)]
        onward += [sum(map(mul, values, map(weighted.__getitem__, rows))) for rows, values in sparse]
        largest = sqrt(sum(map(mul, onward, onward)))
        direction = [part / largest for part in onward]
    return largest
