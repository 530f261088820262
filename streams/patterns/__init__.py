"""What is remembered of trade: a file a detector."""
