"""Every figure of given folders at two widths, in both languages, with colour and in grey: texts measured.

    python -m tests.benchmarks.figures folders=results/full_ranking,results/calibration,results/validation

Prints each fault, and exits with 1 if there is any. Without `folders` it looks through results/ for finished ones.
"""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path

from analysis.figures import kinds
from analysis.figures.measuring import faults
from analysis.words import LANGUAGES
from experiments.output.drawable import drawable

WIDTHS = ("8cm", "16cm")


def main(words: list[str]) -> int:
    """Draw and measure; returns the exit code."""
    asked = dict(word.split("=", 1) for word in words).get("folders", "")
    folders = [Path(name) for name in asked.split(",") if name]
    folders = folders or sorted(path.parent for path in Path("results").glob("*/provenance.json"))
    if not folders:
        print("no finished folder in results/: run a ranking, a calibration and a validation first, or give folders=")
        return 1
    drawn, found, seen = 0, 0, set()
    for folder in folders:
        source = drawable(folder)
        for kind in filter(source.can, kinds()):
            seen.add(kind)
            for language, width, grey in product(LANGUAGES, WIDTHS, (False, True)):
                for name, figure in source.draw(kind, language, width=width, grey=grey).items():
                    wrong = faults(figure)
                    drawn, found = drawn + 1, found + len(wrong)
                    for fault in wrong:
                        print(f"{folder}, {name}, {language}, {width}, {'grey' if grey else 'colour'}: {fault}")
    rest = ", ".join(sorted({*kinds()} - seen)) or "none"
    print(f"{drawn} figures of {len(seen)} kinds, {found} faults; not seen: {rest}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
