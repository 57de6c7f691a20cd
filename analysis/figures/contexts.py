"""What figures of other circumstances share: a column a circumstance, the study's own first.

A circumstance is told by two columns of the tables: its kind (town, theory, election, potency) and its value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.figures import layout, style
from analysis.words import Reader

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Row = Mapping[str, Any]
Context = tuple[str, str]
CELL = 0.215  # inches
GAP = 0.3  # columns between kinds of circumstances


def context_of(row: Row) -> Context:
    """Kind and value of a row's circumstance."""
    return str(row["context"]), str(row["value"])


def place_columns(table: Sequence[Row]) -> dict[Context, float]:
    """Where each circumstance stands, in order of mention, with a gap between kinds."""
    return _side_by_side(list(dict.fromkeys(context_of(row) for row in table)))


def blocks(columns: Mapping[Context, float], names: Sequence[str], reader: Reader) -> list[dict[Context, float]]:
    """The columns in as many blocks as a figure of the width asked for needs; each begins with the study's own."""
    width = layout.asked_width()
    if width is None:
        return [dict(columns)]
    longest = min(0.4 * width, max(layout.text_width(name, 8.0) for name in names) / 72.0)
    room = max(3, int((width - longest - 0.35) / (0.85 * CELL)))
    first, *rest = columns
    count = -(-len(rest) // (room - 1))
    size = -(-len(rest) // max(count, 1))
    return [_side_by_side([first, *rest[i : i + size]]) for i in range(0, len(rest), size)] or [{first: 0.0}]


def _side_by_side(contexts: Sequence[Context]) -> dict[Context, float]:
    found: dict[Context, float] = {}
    last = None
    for at in contexts:
        found[at] = found[last] + 1.0 + GAP * (at[0] != last[0]) if last else 0.0
        last = at
    return found


def frame(panel: Axes, columns: Mapping[Context, float], lines: Sequence[str], reader: Reader) -> None:
    """Names at both sides, and nothing else round the cells."""
    panel.set_xlim(-0.6, max(columns.values()) + 0.6)
    panel.set_ylim(len(lines) - 0.4, -0.6)
    panel.set_xticks(list(columns.values()), [reader.context(*at) for at in columns], rotation=90)
    panel.set_yticks(range(len(lines)), lines)
    panel.tick_params(length=0)
    panel.grid(False, axis="x")
    for side in ("left", "bottom"):
        panel.spines[side].set_visible(False)
    style.keep_font(panel)


def one_an_outcome(kind: str, draw: Callable[..., Figure], rows: Sequence[Row], reader: Reader) -> dict[str, Figure]:
    """The figure of a kind; where a width is asked for, in which columns stand in blocks, one an outcome."""
    if layout.asked_width() is None:
        return {kind: draw(rows, reader=reader)}
    shown = [outcome for outcome in reader.outcomes if any(row["outcome"] == outcome for row in rows)]
    return {
        f"{kind}_{outcome}" if len(shown) > 1 else kind: draw(
            rows, reader=reader.of({outcome: reader.outcomes[outcome]})
        )
        for outcome in shown
    }
