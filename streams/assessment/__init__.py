"""One version of a declaration judged: rules and detectors weighed by the ruleset into a score, a lane and a verdict."""
