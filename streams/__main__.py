"""`python -m streams` is `torugart`."""

from streams.cli.main import main

main()
