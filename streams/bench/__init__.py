"""Measurements in pairs: a rate or a time is a ratio against a named baseline in the same run."""
