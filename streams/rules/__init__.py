"""Rules that need no memory, a file each, found by their file: `RULES` lists them in the order of catalogue.toml.

To add one: a file here with a `RULE` (or several `RULES`), its entry in catalogue.toml, its weight in the ruleset, a test.
"""

import pkgutil
from importlib import import_module

from streams.rules.catalogue import catalogue
from streams.rules.rule import Rule


def _found() -> tuple[Rule, ...]:
    found: list[Rule] = []
    for one in pkgutil.iter_modules(__path__):
        module = import_module(f"{__name__}.{one.name}")
        found += getattr(module, "RULES", ())
        if hasattr(module, "RULE"):
            found.append(module.RULE)
    order = [words.id for words in catalogue()]
    return tuple(sorted(found, key=lambda rule: order.index(rule.id)))


RULES = _found()
"""Every rule, in the order in which a verdict names what they lacked."""
