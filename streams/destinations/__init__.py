"""Facts of countries, borders, telephones and consignees, and the journey that a declaration names."""
