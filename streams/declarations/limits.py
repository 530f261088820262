"""How much one declaration may hold: bounds far above what law and practice know, so that none made to be large holds a worker.

Annex B of Del. Reg. (EU) 2015/2446, as amended by (EU) 2021/234, gives the repeats of the EU's data sets; the other models in
use (UK CDS, US EEI and entry summaries, EAEU declarations, ASYCUDA) stay below. Decoding holds them for every format, since
whatever an adapter makes of a message goes through the model, and so does what an amendment makes of a declaration. What is
beyond is a SCHEMA_VIOLATION that names the field and the limit. They are part of the contract: `schemas/`.
"""

SHORT = 500
"""Characters of a code, a number, a date or a reference. Annex B: 70 at most; references of pipelines' own are longer."""
NAME = 1_000
"""Characters of a name, a line of an address, a place. Annex B: 70; the EAEU's: 300; some pipelines add the address to a name."""
TEXT = 10_000
"""Characters of a description, of marks, of a statement. Annex B: 512; the EAEU's: 1,000 and several in a row."""

FEW = 999
"""Entries of a list that Annex B gives 99 or fewer: routing, seals, packages, additional codes and procedures, authorisations,
offices, lines of an address."""
MANY = 9_999
"""Entries of a list that Annex B gives up to 9,999: transport equipment, previous documents."""
PARTIES = 10_000
"""Parties. An item has a receiver of its own in consolidated consignments, and Annex B has 9,999 items. Names are compared of
the first 500, and the rest is said to be NOT_EVALUABLE: `streams.watchlists.hits`."""
ITEMS = 20_000
"""Goods items, and references to them. Twice Annex B's 9,999: summary declarations of a week's trade come near it."""
STATEMENTS = 100_000
"""Statements (additional information) and changed paths, which are those of all items together."""

JSON_DEPTH = 300
"""Levels of lists and objects in a JSON message. Python itself reads 998 of them in 3.11, 9,999 in 3.13, and in 3.14 as many as
its stack holds: one message must not be screened by one worker and refused by another."""
EXTENSION_VALUES = 300_000
"""Values in nationalExtensions, lists and objects with them. No more XML elements are read of a message either."""
EXTENSION_DEPTH = 64
"""Levels of nationalExtensions. What one call can read at 900 levels the next, deeper in the stack, cannot write."""
