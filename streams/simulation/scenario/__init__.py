"""The demo's scenario: two years of trade by lanes, real exports among it, and planted cases. See `declarations.py`."""
