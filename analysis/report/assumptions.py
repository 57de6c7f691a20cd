"""Names of assumptions as sections tell them, and where they are explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.words import Reader


def assumption_name(name: str, reader: Reader) -> str:
    """A parameter by its name, a dial in words, what was drawn of a measure with the measure's name."""
    kind, _, rest = name.partition(".")
    text = reader.text
    if kind == "dials":
        return reader.label_inside(rest)
    if kind == "intensity":
        return reader.inside(text["source_intensity"])
    if kind == "potency":
        measure, _, figure = rest.partition(".")
        return text["potency_of"].format(measure=reader.label_inside(measure), name=figure)
    return rest or name


def explain_names(names: Sequence[str], text: Mapping[str, str]) -> list[str]:
    """Where the names are explained that stand in a table as they are."""
    potency = [name.startswith("potency.") for name in names]
    notes = {"note_parameters": not all(potency), "note_potency": any(potency)}
    return [text[note] for note, needed in notes.items() if needed]
