"""The figures of what a ranking leaves in doubt: as many as its tables allow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from analysis.figures.circumstances import places, statements
from analysis.figures.spread import by_measure, sources

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TABLES = ("sources", "stability", "circumstances", "statements")
PACKAGE = "package"  # what the whole package is called among the measures of tables/sources.csv


def doubt_figures(
    tables: Mapping[str, Iterable[Mapping[str, Any]]], *, outcomes: Mapping[str, Mapping[str, Any]], **shared: Any
) -> dict[str, Figure]:
    """Figures by name from the rows of TABLES.

    A table that is missing or empty has no figure. `shared` are labels and language, as for all figures.
    """
    rows = {name: list(tables.get(name) or ()) for name in TABLES}
    drawn: dict[str, Figure] = {}
    whole = _by_outcome(outcomes, (row for row in rows["sources"] if row["measure"] == PACKAGE))
    agreed = _by_outcome(outcomes, rows["stability"])
    both = [name for name in whole if name in agreed]
    if both:
        drawn["sources"] = sources(
            {name: whole[name] for name in both}, {name: agreed[name] for name in both}, outcomes=outcomes, **shared
        )
    if rows["sources"]:
        drawn["sources_by_measure"] = by_measure(rows["sources"], outcomes=outcomes, **shared)
    if rows["circumstances"]:
        drawn["circumstances"] = places(rows["circumstances"], outcomes=outcomes, **shared)
    if rows["statements"]:
        drawn["statements"] = statements(rows["statements"], outcomes=outcomes, **shared)
    return drawn


def _by_outcome(outcomes: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    table = list(rows)
    found = {name: [row for row in table if row["outcome"] == name] for name in outcomes}
    return {name: own for name, own in found.items() if own}
