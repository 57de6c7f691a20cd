"""What an ensemble tells while it goes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Estimate:
    """What an ensemble is about to take, told once its first member has been timed."""

    to_do: int
    total: int
    side_by_side: int
    seconds: float
    bytes: int
    free_bytes: int
    folder: Path | str  # "memory" without a store
    later: int = 0  # runs that follow these, at most
    later_seconds: float = 0.0


class Progress:
    """What an ensemble tells while it goes; this one says nothing."""

    def estimate(self, estimate: Estimate) -> None:
        """What it is going to take."""

    def note(self, text: str) -> None:
        """One sentence."""

    def update(self, done: int, total: int, found: int, left: float) -> None:
        """`done` of `total` members are there, `found` of them were there before; seconds left, 0 if unknown."""
