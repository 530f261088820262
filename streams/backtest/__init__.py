"""A recorded stream under two rulesets: what each would have alerted on, and how well."""
