"""A declaration over its life: its record, its verdicts, what detectors were asked and answered, the alert and its words."""
