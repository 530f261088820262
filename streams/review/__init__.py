"""What officers decide of an alert."""
