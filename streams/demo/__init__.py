"""`torugart demo`: runs a broker and a worker over the scenario of `simulation`, counts what they find and shows it.

The scenario shares nothing with the detectors, so that what the demo counts as found was found.
"""
