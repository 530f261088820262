"""Corridors: a good (HS6) from an origin to a destination, and when its trade stands out. No I/O."""
