"""Control lists, editions of the Harmonized System, descriptions and licences: what the goods of a declaration are."""
