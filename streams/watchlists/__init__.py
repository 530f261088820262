"""Lists of parties, vessels and aircraft: their readers, their editions, and whom a declaration meets on them."""
