"""The town in a page: the model itself in one HTML file, for a class, a reader or a talk.

    python -m experiments.page town=average residents=5000 seeds=8 language=zh output=town.html

The file needs no server and no network. What it shows is equal in every bit to what the desktop computes.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.words import LANGUAGES
from experiments.cli import console
from experiments.ensemble.whole_files import write_whole
from experiments.job import DONE, Life, leave, run_door
from experiments.study.values import ORIGIN, path_of
from sim.inputs import validators
from sim.inputs.layers import SEEDS
from sim.inputs.validators import SettingError

KEYS = ("town", "residents", "seeds", "seed", "language", "output")
MOST_SEEDS = 16
MOST_RESIDENTS = 50_000
OUTPUT = "results/town.html"

HELP = f"""\
python -m experiments.page [town=average] [residents=5000] [seeds=8] [language=en] [output={OUTPUT}]

Writes one HTML file that holds the compiled model, the town at week 0 in so many courses of chance,
and a page to try policies in. It opens in a browser by a double click, without server or network:
Chromium 97, Firefox 113 or newer (Safari 16.4 should do, and has not been tried).

  town       a town of one township unit: average, demo_village, inspected, remote_town, subdistrict, or
             the path of a town file (default average)
  residents  to which the town is scaled, 100 to {MOST_RESIDENTS} (default 5000); 5,000 with 8 seeds take 3 MB
  seeds      courses of chance, 1 to {MOST_SEEDS} (default 8)
  seed       number of the first one (default 0)
  language   {", ".join(LANGUAGES)}: which the page opens in; both are in it (default en)
  output     the file to write (default {OUTPUT})

Example
  python -m experiments.page town=remote_town language=zh output=remote.html"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page; returns the exit code (experiments/job.py)."""
    words = sys.argv[1:] if arguments is None else arguments

    def do(values: Mapping[str, Any], life: Life) -> int:
        target = path_of(str(values.get("output", OUTPUT)), "output")
        if target.is_dir():
            raise SettingError(f"{ORIGIN}, output: {target} given, which is a folder; the path of a file expected")
        content = page(values)
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, content)
        life.written, life.kept = True, f"{target} is complete"
        console.out(f"Page: {target} ({len(content) / 1e6:.1f} MB)")
        return DONE

    return run_door("page", words, HELP, KEYS, do, "no page was written")


def page(values: Mapping[str, Any]) -> bytes:
    """The page for checked values of KEYS. Raises SettingError."""
    from experiments.page.document import document
    from experiments.page.image import call_of, image_of, layout_of, with_every_measure
    from experiments.page.module import read_module
    from sim import run
    from sim.inputs.settings import setting
    from sim.town import build_unit, units_of
    from sim.world import world_of

    seeds = validators.whole(values.get("seeds", 8), 1, MOST_SEEDS, ORIGIN, "seeds")
    first = validators.whole(values.get("seed", 0), SEEDS[0], SEEDS[1] - seeds, ORIGIN, "seed")
    language = validators.choice(values.get("language", "en"), LANGUAGES, ORIGIN, "language")
    residents = validators.whole(values.get("residents", 5000), 100, MOST_RESIDENTS, ORIGIN, "residents")
    chosen = setting(values.get("town", "average"), residents=residents, seed=first, origin=ORIGIN)
    world = world_of(with_every_measure(chosen))
    state = build_unit(chosen, world, *units_of(chosen)[0], False)
    module = read_module(layout_of(call_of(state, world, 1)))
    run.compile()
    images = [image_of(chosen.replace(seed=first + k)) for k in range(seeds)]
    return document(chosen, module, images, language).encode()


if __name__ == "__main__":
    leave(main())
