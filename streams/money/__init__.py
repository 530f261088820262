"""Amounts in one currency, by a dated table of monthly reference rates."""
