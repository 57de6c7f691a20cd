"""The description of a figure of a job's folder: what it needs, how it is drawn from that, and by what it is asked for.

needs        given by                                          where it comes from
"dataset"    xarray.Dataset [setting, replicate, week]          data.nc
a table      rows as plain mappings                            tables/<name>.csv
"points"     the pain points and causes with their indicators  the model (experiments.figure gives them)
"kinds"      kinds of cases with their limits                  provenance.json
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class JobFigure:
    """A figure, or one an outcome or method, that can be drawn from a job's folder.

    needs: without one of them, or without its rows, there is no figure.
    draw: called with what it needs, in that order, and the reader; gives figures by the names of their files, none
    where there is nothing to show.
    kinds: by what it is asked for, each with a word kind_<name>; a figure's file name is a kind, or begins with it. The
    name of this file, if empty.
    variables: those of the dataset that it needs. by: word by_<name>, the job that writes what it needs.
    written: every job writes it into its folder; otherwise it is drawn when it is asked for.
    """

    needs: tuple[str, ...]
    draw: Callable[..., dict[str, Figure]]
    kinds: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    by: str = "run"
    written: bool = True
