"""How well and how fast names are found: altered names that must be found, near-misses and strangers that must not."""
