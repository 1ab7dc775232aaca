"""Directories in whatever shape they have (GeoJSON, CSV) into HSDS tables, through a file that a person can write.

`definition` reads such a mapping file, `features` the data, `convert` brings both together. Nothing is guessed: what
the mapping does not say how to understand is reported with its row, and left out. docs/formats.md shows each key.
"""
