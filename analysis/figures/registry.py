"""The description of a figure of a job's folder: which tables it needs, and how it is drawn from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class JobFigure:
    """A figure, or one an outcome or method, that a job leaves in its folder.

    needs: "dataset" or the names of tables; without one of them, or without its rows, there is no figure.
    draw: called with what it needs, in that order, and the reader; gives figures by the names of their files.
    """

    needs: tuple[str, ...]
    draw: Callable[..., dict[str, Figure]]
