"""One invented world of customs trade: labelled months of it (`torugart simulate`) and the demo's scenario.

See docs/simulation.md. It is what the detectors are judged by, so it shares neither code nor figures with them: of the project
it knows the canonical declaration and nothing else.
"""
