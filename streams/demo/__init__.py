"""`torugart demo`: a broker, a worker and two years of invented trade in one command.

Nothing here is used by the screener. The scenario shares neither code nor constants with the detectors: it imports the
contracts (`streams.declarations.model`) and nothing of goods, destinations, names, watchlists or the ruleset, so that
what the demo counts as found was found.
"""
