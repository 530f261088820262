"""Trade statistics as a baseline: what a corridor carried before the first declaration came. No Kafka.

Files are read by `readers`, told apart by their header; `trade` sums them by corridor across editions of the Harmonized
System; `file` is the compact form that is kept.
"""
