"""Section: each measure on one page: what it is, by which route, what it does, what it costs, and what it hangs on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.figures.contributions import leading_method
from analysis.report.prose import Row, change_text, join_some, range_text, three_numbers
from analysis.report.section import Material, Section
from analysis.report.sections.essay_points import with_indicators
from analysis.report.sections.indicator_effects import reading
from analysis.report.sections.reversals import turning_points
from analysis.report.tables import Table, ranks_text
from analysis.words import Reader
from analysis.words.quantities import number

MOST = 4  # names in a list


@dataclass(frozen=True)
class Told:
    """What the rows of a profile are written from."""

    given: Material
    reader: Reader
    measure: str
    row: Row

    def rows(self, name: str, column: str = "measure") -> list[Row]:
        """Rows of a table that are of the measure, of outcomes that are shown."""
        return [row for row in self.given.rows(name) if row.get(column) == self.measure]


def _make(given: Material) -> list[dict[str, Any]]:
    rows, reader = (
        given.tables.get("measures") or (),
        with_indicators(given).with_composite(given.tables.get("ranking")),
    )
    if not rows:
        return []
    text = reader.text
    tables = [profile(Told(given, reader, str(row["measure"]), row)) for row in rows]
    return [
        {
            "id": "profiles",
            "title": text["sec_profiles"],
            "width": "settings",
            "intro": [text["say_profiles"]],
            "figures": [],
            "tables": tables,
            "notes": [text["note_profiles"], text["note_table"].format(name="measures")],
        }
    ]


def profile(told: Told) -> Table:
    """The profile of a measure: a row for each question the folder answers."""
    text = told.reader.text
    rows = [[text[f"profile_{name}"], said] for name, say in ROWS.items() if (said := say(told))]
    heads = [text["col_item"], told.reader.label(told.measure)]
    caption = text["tab_profile"].format(measure=told.reader.label_inside(told.measure))
    return Table(caption, heads, rows, words=frozenset({0, 1}))


def _what(told: Told) -> str:
    return _words(told, "sentence")


def _words(told: Told, key: str) -> str:
    """A sentence of the measure's own file in the language, or else in English."""
    known = told.given.definitions.get(told.measure, {})
    return str(known.get(f"{key}_{told.reader.language}") or known.get(f"{key}_en") or "")


def _route(told: Told) -> str:
    """The levers it moves, and how far at full strength, most likely."""
    text, reader = told.reader.text, told.reader
    moved = [row for row in told.given.tables.get("measure_levers") or () if row["measure"] == told.measure]
    items = []
    for row in moved:
        mode = float(row["mode"])
        shown = f"{100 * mode:g}%" if row["op"] == "close" else f"{mode:g}"
        items.append(text[f"route_{row['op']}"].format(lever=reader.label_inside(str(row["lever"])), value=shown))
    return text["semicolon"].join(items)


def _effect(told: Told) -> str:
    """What it contributes to each outcome by the leading method, and at which place."""
    text, reader, ranking = told.reader.text, told.reader, told.given.rows("ranking")
    method = leading_method(ranking)
    items = []
    for row in (row for row in told.rows("ranking") if row["method"] == method):
        name = str(row["outcome"])
        numbers, unit = three_numbers(row, "contribution"), reader.unit(name)
        items.append(
            text["profile_effect_item"].format(
                outcome=reader.outcome_inside(name),
                size=change_text(*numbers, unit, reader),
                range=range_text(*numbers, unit, reader),
                ranks=ranks_text(row, reader),
            )
        )
    return text["semicolon"].join(items)


def _points(told: Told) -> str:
    """The pain points whose foremost indicator it makes better, and worse."""
    text, reader = told.reader.text, told.reader
    own = {
        row["indicator"]: row
        for row in told.given.tables.get("indicator_effects") or ()
        if row["measure"] == told.measure
    }
    groups: dict[str, list[str]] = {}
    for point in told.given.catalogue.get("points", ()):
        row = own.get(point["indicators"][0])
        if row is not None:
            groups.setdefault(reading(row, reader), []).append(reader.inside(reader.pick(point)))
    parts = [
        text[f"profile_points_{name}"].format(names=text["points_comma"].join(groups[name]))
        for name in ("improves", "worsens")
        if name in groups
    ]
    return text["semicolon"].join(parts) or (text["profile_points_none"] if own else "")


def _cost(told: Told) -> str:
    """Hours and yuan a year in the whole town, most likely and from low to high."""
    text = told.reader.text
    items = []
    for currency in ("hours", "yuan"):
        low, mode, high = (number(float(told.row[f"{currency}_{end}"]), 0) for end in ("low", "mode", "high"))
        cost = text[f"brief_cost_{currency}"].format(cost=mode).strip()
        shown = text["profile_cost_item"].format(cost=cost, range=text["range"].format(low=low, high=high))
        items.append(shown if low != high else cost)
    return text["semicolon"].join(items)


def _when(told: Told) -> str:
    start, weeks = int(float(told.row["start"])), f"{float(told.row['ramp_weeks']):g}"
    return told.reader.text["profile_when_said"].format(start=start, weeks=weeks)


def _harm(told: Told) -> str:
    known = told.given.catalogue.get("harms", {}).get(told.measure)
    return told.reader.text["profile_harm_said"].format(harm=told.reader.pick(known)) if known else ""


def _hangs(told: Told) -> str:
    """Where it does the opposite, which order turns round at what, and what it needs beside it."""
    text, reader = told.reader.text, told.reader
    found: list[str] = []
    turned: dict[str, list[str]] = {}
    for row in told.rows("signs"):
        if row["verdict"] == "reversed":
            place = reader.inside(reader.context(str(row["circumstance"]), str(row["value"])))
            turned.setdefault(str(row["outcome"]), []).append(place)
    for name, places in turned.items():
        said = {"outcome": reader.outcome_inside(name), "names": join_some(places, reader, MOST)}
        found.append(text["profile_turns"].format(**said))
    near = {
        row["lower"] for (_, upper, _), row in turning_points(told.given.rows("flip")).items() if upper == told.measure
    }
    if near:
        names = join_some([reader.label_inside(str(name)) for name in near], reader, MOST)
        found.append(text["profile_order"].format(names=names))
    found += _pairs(told)
    asked = any(told.given.tables.get(name) for name in ("signs", "flip", "interactions"))
    if not told.given.tables.get("ranking"):
        return ""
    return text["semicolon"].join(found) or text["profile_hangs_none" if asked else "profile_hangs_unasked"]


def _pairs(told: Told) -> list[str]:
    """Measures beside which it does surely more, or surely less."""
    text, reader = told.reader.text, told.reader
    found = []
    for sign, form in ((1, "profile_with"), (-1, "profile_against")):
        names: dict[str, None] = {}
        for row in told.given.rows("interactions"):
            pair = (str(row["first"]), str(row["second"]))
            _, low, high = three_numbers(row, "interaction")
            better = 1 if reader.outcomes[str(row["outcome"])].get("better") != "lower" else -1
            if told.measure in pair and low * high > 0 and low * better * sign > 0:
                names[reader.label_inside(pair[pair[0] == told.measure])] = None
        if names:
            found.append(text[form].format(names=join_some(list(names), reader, MOST)))
    return found


ROWS: Mapping[str, Callable[[Told], str]] = {
    "what": _what,
    "route": _route,
    "effect": _effect,
    "points": _points,
    "cost": _cost,
    "when": _when,
    "risk": lambda told: _words(told, "risk"),
    "harm": _harm,
    "hangs": _hangs,
}

SECTION = Section(175, ("measures", "measure_levers", "indicator_effects"), _make)
