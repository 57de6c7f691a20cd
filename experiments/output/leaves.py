"""What a job leaves when it is done: how its folder is written, and what it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.cli import console


@dataclass(frozen=True, slots=True)
class Leaves:
    """write(folder, study, findings, command, clock, languages) and show(study, findings, folder, languages)."""

    write: Callable[..., None]
    show: Callable[..., None]


def _write(*given: Any) -> None:
    from experiments.output import contents

    contents.write(*given)


def _show(study: Any, findings: Any, folder: Path, languages: tuple[str, ...]) -> None:
    from experiments.output.summary import show

    show(study, findings)
    console.out(f"Page: {folder / 'report.html'}")
    for language in languages[1:]:
        console.out(f"Page: {folder / f'report_{language}.html'}")


PAGE = Leaves(_write, _show)
"""Tables, figures and a page: what run, compare, rank and demo leave."""
