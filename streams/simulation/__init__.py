"""Months of invented customs trade with known bad cases in it: `torugart simulate`. See docs/simulation.md.

It is what the detectors are judged by, so it shares neither code nor figures with them: of the project it knows the
canonical declaration and nothing else.
"""
