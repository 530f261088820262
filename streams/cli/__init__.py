"""The commands of `torugart`, a file each."""
