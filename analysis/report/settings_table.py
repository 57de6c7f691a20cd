"""What was run, in words: one table with a column a setting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.report.tables import Table
from analysis.words import Reader

ROWS = (
    "fingerprint",
    "town",
    "size",
    "measures",
    "levers",
    "behaviour",
    "theory",
    "knock_out",
    "coupling",
    "potency",
    "weeks",
    "seed",
    "notes",
)


def settings_table(
    settings: Mapping[str, Mapping[str, Any]], reader: Reader, behaviour: Mapping[str, Any] | None = None
) -> Table:
    """`settings` maps a name to {"fingerprint": ..., "setting": plain data of the setting}.

    `behaviour` names the behavioural set whose draws stand in the place of the settings' parameters.

    Unknown parts are left out.
    """
    text = reader.text
    rows = []
    for name in ROWS:
        if name == "behaviour":
            cells = [_behaviour(behaviour, text)] * len(settings)
        else:
            cells = [_cell(name, given, reader) for given in settings.values()]
        if any(cells):
            rows.append([text[f"settings_{name}"], *(cell or "–" for cell in cells)])
    names = [reader.label(setting) for setting in settings]
    return Table(
        text["tab_settings"],
        [text["col_item"], *names],
        rows,
        words=frozenset(range(len(names) + 1)),
    )


def town_name(settings: Mapping[str, Mapping[str, Any]] | None, reader: Reader) -> str:
    """Name of the (first) setting's town."""
    for given in (settings or {}).values():
        town = given.get("setting", {}).get("town", {})
        if isinstance(town, str):
            return town
        found = town.get(f"label_{reader.language}") or town.get("id")
        if found:
            return str(found)
    return reader.text["page_town_fallback"]


def _cell(name: str, given: Mapping[str, Any], reader: Reader) -> str:
    text = reader.text
    setting: Mapping[str, Any] = given.get("setting", {})
    if name == "fingerprint":
        return str(given.get("fingerprint", ""))
    if name == "town":
        return town_name({"": given}, reader)
    if name == "size":
        return _size(setting.get("town"), text)
    if name == "notes":
        town, definitions = setting.get("town"), setting.get("definitions")
        told = [town, *(definitions.values() if isinstance(definitions, Mapping) else ())]
        notes = [note for one in told if isinstance(one, Mapping) for note in one.get("notes", ())]
        return text["semicolon"].join(str(reader.pick(note) if isinstance(note, Mapping) else note) for note in notes)
    if name not in setting:
        return ""
    value = setting[name]
    if name in ("measures", "levers"):
        return _uses(name, value, reader) or text["none"]
    if name == "theory":
        form = text["settings_pair"]
        pairs = (form.format(name=_word(text, key), value=_word(text, kind)) for key, kind in value.items())
        return text["semicolon"].join(pairs)
    if name == "knock_out":
        return text["comma"].join(map(str, value)) or text["none"]
    if name == "coupling":
        return text["yes" if value else "no"]
    if name == "potency":
        return text.get(f"settings_potency_{value}") or text["settings_potency_number"].format(number=value)
    return str(value)


def _behaviour(behaviour: Mapping[str, Any] | None, text: Mapping[str, str]) -> str:
    if not behaviour:
        return ""
    return text["settings_behaviour_each"].format(count=len(behaviour["draws"]), set=behaviour["set"])


def _word(text: Mapping[str, str], name: str) -> str:
    return text.get(f"theory_{name}", str(name))


def _uses(name: str, uses: Sequence[Mapping[str, Any]], reader: Reader) -> str:
    """Measures or lever changes with intensity or value and, if not the whole run, their weeks."""
    text = reader.text
    kinds = {(use.get("intensity"), use.get("start"), use.get("end")) for use in uses}
    if name == "measures" and len(uses) > 2 and len(kinds) == 1 and not uses[0].get("start"):
        names = text["comma"].join(reader.label(use["id"]) for use in uses)
        intensity = f"{float(uses[0]['intensity']):g}"
        return text["settings_all_at"].format(count=len(uses), intensity=intensity, names=names)
    shown = []
    for use in uses:
        known = reader.label(use["id"])
        if name == "measures":
            intensity = f"{float(use['intensity']):g}"
            words_of_use = text["settings_intensity"].format(measure=known, intensity=intensity)
        else:
            words_of_use = text["settings_lever"].format(lever=known, value=f"{float(use['value']):g}")
        if use.get("start"):
            words_of_use += " " + text["settings_from_week"].format(start=use["start"])
        if use.get("end") is not None:
            words_of_use += " " + text["settings_until_week"].format(end=use["end"])
        shown.append(words_of_use)
    return text["semicolon"].join(shown)


def _size(town: Any, text: Mapping[str, str]) -> str:
    shape = town.get("shape") if isinstance(town, Mapping) else None
    if not shape:
        return ""
    form = text["settings_size_text_one" if shape["units"] == 1 else "settings_size_text"]
    return form.format(residents=f"{shape['residents']:,}", villages=f"{shape['villages']:,}", units=shape["units"])
