"""Facts of countries, borders, cities and consignees, and the journey that a declaration names."""
