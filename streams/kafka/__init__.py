"""All that knows Kafka: topics, clients, transport, state in compacted topics, delivery, the embedded broker."""
