"""Packs: a finished job with all that it takes to run it again, as an RO-Crate; written here, and read as a stranger's.

recipe.py       the keys of a job and the files they name, out of and back into a study
crate.py        what the pack says of itself: ro-crate-metadata.json
pack_reader.py  a pack of unknown origin into memory, within bounds
differences.py  tables cell by cell
"""
