"""Agents: the thin shell between Kafka and the core. Bytes in, one call of the core, messages out."""
