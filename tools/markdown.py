"""Numbers, names and tables as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def figure(value: float) -> str:
    """A number as people write it: no trailing zeros, thousands apart, four figures at most."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A markdown table; bars and line breaks in cells are kept from breaking it."""
    cells = [[str(cell).replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    lines = [heads, ["---"] * len(heads), *cells]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def code(names: Iterable[str]) -> str:
    """Names in backticks."""
    return ", ".join(f"`{name}`" for name in names)
