"""Faults done to workers on real Kafka, and what must be true afterwards: `make chaos ROW=freeze`."""
