"""Ten laws that a model of this kind must keep, each with a knock-out in which it breaks.

    python -m experiments.checks.sanity [--write] [key=value ...]

  draws=      draws of the priors that meet the observed targets (default 64)
  seeds=      common seeds a draw (default 8)
  residents=  of the town, but for the law of scale (default 10000)
  behaviour=  a set in configs/behaviour, or the path of a behaviour.csv, in place of screened draws
  laws=       some of the laws, as [end, toll]: the others, and what is reported without a verdict, are left out
  threads=, store=, seed=, quiet=  as for any job

The laws are in configs/sanity, one file each, written before the first run. Every rule or prior changed after it is
listed in configs/sanity/changes.yaml. All runs but a few short ones go through the store, so the same line resumes an
interrupted check.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence

from experiments.checks import beside, loops, over_draws, sanity_figure, sanity_page
from experiments.checks.draws import Draws
from experiments.checks.laws import Law, read_laws
from experiments.checks.runs import show
from experiments.checks.sanity_page import Report
from experiments.checks.trial import SEEDS, changes_of, run_trial, told_of, verdict_of
from experiments.job import DONE, FAILED, leave
from experiments.study.values import ORIGIN
from experiments.validation.request import Asked
from sim.inputs import validators

LOOP_DRAWS, LOOP_SEEDS = 16, 4


def judged(
    asked: Asked, laws: Mapping[str, Law], draws: Draws, seeds: int, residents: int, all_of_it: bool = True
) -> Report:
    """Run the laws over the draws, and with `all_of_it` what is reported beside them."""
    began = time.monotonic()
    trial = run_trial(asked, laws, draws.parameters, seeds, residents)
    verdicts = {id: {change: verdict_of(trial, law, change) for change in changes_of(law)} for id, law in laws.items()}
    told = {id: told_of(trial, law) for id, law in laws.items()}
    corners, watched, left, found = None, [], [], None
    if all_of_it:
        rows = list(draws.parameters.values())
        threads = asked.executor.side_by_side()
        corners = beside.corners(asked, draws.parameters, seeds, residents)
        watched = loops.watched_of(loops.read_loops(), rows[:LOOP_DRAWS], min(LOOP_SEEDS, seeds), residents, threads)
        left = beside.left_by_income(rows, threads)
        best = laws["money"].built("all_levers", "", residents)
        found = beside.climb(best, rows, threads)
    return Report(trial, draws, verdicts, told, corners, watched, left, found, time.monotonic() - began)


def chosen(given: object) -> dict[str, Law]:
    """The laws asked for; all where nothing is said. Raises SettingError."""
    laws = read_laws()
    if given is None:
        return laws
    names = [given] if isinstance(given, str) else given
    if not isinstance(names, list) or not names:
        raise validators.refuse(ORIGIN, "laws", given, "a list of laws")
    for name in names:
        if name not in laws:
            raise validators.unknown(ORIGIN, f"laws {name}", "law", laws)
    return {id: law for id, law in laws.items() if id in names}


def work(check: over_draws.Check) -> int:
    """Judge the laws and show the page."""
    given = check.asked.values.get("laws")
    laws = chosen(given)
    report = judged(check.asked, laws, check.draws, check.seeds, check.residents, all_of_it=given is None)
    show(sanity_page.page(report, check.asked.command), "sanity", check.write)
    if check.write:
        sanity_figure.draw(report)
    return DONE if report.kept else FAILED


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the check; 0 if every law that must hold does, breaks with its knock-outs, and no loop runs away."""
    words = sys.argv[1:] if arguments is None else arguments
    return over_draws.run("sanity", words, __doc__, SEEDS, work, {"laws": chosen})


if __name__ == "__main__":
    leave(main())
