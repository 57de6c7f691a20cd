"""Every indicator that stands at 0, or a share that stands at 1, in `average`: docs/model.md gives a reason for each.

    python -m experiments.checks.ends

Year 4, 24,000 residents, the same in each of four seeds. An indicator that is constant today may vary under another
policy; one that never varies would be useless.
"""

from __future__ import annotations

import re

import numpy as np

from experiments.checks.runs import DOCS, Figures, checked, figures
from experiments.cli import console
from experiments.job import leave
from sim.indicators import INDICATORS
from sim.inputs.settings import setting

RESIDENTS, SEEDS = 24_000, range(4)
PAGE = DOCS / "model.md"
HEAD = "## Indicators that stand at 0 or 1 in `average`"
LINE = re.compile(r"^- `(\w+)` \(([01])\): ", re.MULTILINE)


def at_an_end(found: Figures) -> dict[str, int]:
    """Indicators that are 0 in every seed, or shares that are 1 in every seed."""
    ends = {name: [0, 1] if indicator.unit == "share" else [0] for name, indicator in INDICATORS.items()}
    return {name: end for name, both in ends.items() for end in both if np.all(found[name] == end)}


def in_average() -> dict[str, int]:
    """What stands at an end in the town as it is."""
    return at_an_end(figures({"today": setting(residents=RESIDENTS)}, SEEDS)["today"])


def listed(text: str) -> dict[str, int]:
    """What the page lists."""
    part = text.partition(HEAD)[2].partition("\n## ")[0]
    return {name: int(end) for name, end in LINE.findall(part)}


def main() -> int:
    """Print what is found; 0 if docs/model.md lists just that."""

    def check(_write: bool) -> bool:
        found = in_average()
        for name, end in found.items():
            console.out(f"{name}: {end}")
        same = found == listed(PAGE.read_text(encoding="utf-8"))
        console.out(f"docs/model.md lists {'just these' if same else 'others'}")
        return same

    return checked(check, None, __doc__)


if __name__ == "__main__":
    leave(main())
