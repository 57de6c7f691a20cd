"""How the columns of a printed table share the width of a page."""

from __future__ import annotations

from analysis.report.tables import Table

WORDS, FIGURES = 30.0, 24.0  # letters beyond which a column of words, and one of numbers, asks for no more
HEAD, PIECE, EDGE = 9.0, 16.0, 3.6  # letters of a head, and of a piece of a cell, that stay together; and of margins


def column_shares(table: Table) -> list[float]:
    """Shares of the width by how much a column has to hold, at least its longest piece that cannot be broken."""
    wanted = []
    for column, head in enumerate(table.columns):
        cells = [str(row[column]) for row in table.rows]
        most = WORDS if column in table.words else FIGURES
        body = min(max(map(_length, cells), default=0.0), most)
        piece = min(max((_length(word) for cell in cells for word in cell.split()), default=0.0), PIECE)
        wanted.append(EDGE + max(min(max(map(_length, head.split()), default=0.0), HEAD), piece, body))
    return [one / sum(wanted) for one in wanted]


def _length(text: str) -> float:
    """Width in Latin letters: a Chinese character is as wide as two."""
    return sum(2.0 if ord(letter) > 0x2E80 else 1.0 for letter in text)
