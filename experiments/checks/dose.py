"""Dose and response of the three dials over their range, over draws: a picture for docs/model.md, and its table.

    python -m experiments.checks.dose [--write] [key=value ...]

  draws=      draws of the priors that meet the observed targets (default 64)
  seeds=      common seeds a draw (default 4)
  residents=  of the town (default 10000)
  behaviour=  a set in configs/behaviour, or the path of a behaviour.csv, in place of screened draws
  threads=, store=, seed=, quiet=  as for any job

Each dial is moved alone from week 0 on, the others as today; figures of the evaluation year, means over seeds.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

import numpy as np

from analysis.figures.dose_response import at_today
from experiments.checks import over_draws
from experiments.checks.dials import LANGUAGES, NAMES
from experiments.checks.draws import Draws, figures_over
from experiments.checks.runs import DOCS, provenance, show, table
from experiments.checks.sanity_page import spread
from experiments.job import DONE, leave
from experiments.validation.request import Asked
from sim.indicators import INDICATORS
from sim.inputs.settings import setting
from sim.levers import DIALS, LEVERS

SEEDS = 4
DOSES: Mapping[str, tuple[float, ...]] = {
    "tolerance": (0.0, 0.2, 0.4, 0.6, 0.8, 1.0),
    "burden": (0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 2.5),
    "supervision": (0.0, 0.04, 0.1, 0.25, 0.5, 1.0),
}
AXES = {
    "tolerance": {"en": "honest errors left unpunished, share", "zh": "诚实失误不予处分的比例"},
    "burden": {"en": "forms, meetings and visits,\nmultiple of today", "zh": "文表、会议与检查（现状为 1）"},
    "supervision": {"en": "in-depth examinations a village-year", "zh": "每村每年被深入核查的概率"},
}
# Outcomes, users, paper, initiative, exits and hard days; township exits are too rare to be seen in so small a town.
FIGURES = (
    *("service_efficiency", "micro_corruption", "satisfaction", "user_satisfaction", "paper_demanded"),
    *("initiative_rate", "exits_village", "hard_case_days"),
)
Responses = Mapping[str, Mapping[str, np.ndarray]]  # dial -> figure -> (doses, draws)


def responses_of(asked: Asked, draws: Draws, seeds: int, residents: int) -> Responses:
    """Run every dose of every dial."""
    settings = {
        f"{dial} {dose:g}": setting(residents=residents, levers={dial: dose}) for dial in DIALS for dose in DOSES[dial]
    }
    found = figures_over(asked, settings, draws.parameters, seeds, FIGURES, "doses")
    return {
        dial: {
            name: np.array([found[f"{dial} {dose:g}"][:, :, j].mean(axis=1) for dose in DOSES[dial]])
            for j, name in enumerate(FIGURES)
        }
        for dial in DIALS
    }


def page(responses: Responses, draws: Draws, seeds: int, residents: int, words: str) -> str:
    """Provenance, the picture and the table."""
    units = {name: "share" if INDICATORS[name].unit == "share/year" else INDICATORS[name].unit for name in FIGURES}
    usual = {
        dial: {name: at_today(DOSES[dial], values, LEVERS[dial].default) for name, values in by_figure.items()}
        for dial, by_figure in responses.items()
    }
    first = ("today", "", *(spread(values, units[name], False) for name, values in usual["burden"].items()))
    rows = (
        (dial, f"{dose:g}", *(spread(values[i] - usual[dial][name], units[name]) for name, values in by_figure.items()))
        for dial, by_figure in responses.items()
        for i, dose in enumerate(DOSES[dial])
        if dose != LEVERS[dial].default
    )
    heads = (f"`{name}`" if units[name] == "share" else f"`{name}`, {units[name]}" for name in FIGURES)
    body = table(("dial", "dose", *heads), (first, *rows))
    said = f"`{words}`" if words else "none"
    facts = provenance("dose", range(seeds), residents=residents, draws=draws.said, words=said)
    return f"""# Dose and response of the dials

Each dial alone over its range from week 0 on, the others as today; figures of the evaluation year: median over the
draws, and what holds 90 % of them. The first line is today, the others are changes against it, draw by draw; shares in
percent, their changes in percentage points (pp).

{facts}

![Dose and response](../images/dose_response_en.png)

![剂量与反应](../images/dose_response_zh.png)

{body}
"""


def draw(responses: Responses) -> None:
    """Renew the picture in both languages."""
    from analysis.figures.dose_response import dose_response
    from analysis.figures.image_files import DPI
    from analysis.figures.style import drawing
    from analysis.words import Reader

    labels = {
        name: {key: getattr(INDICATORS[name], key) for key in ("label_en", "label_zh", "unit", "better")}
        for name in FIGURES
    }
    dials = {dial: {key: f"{NAMES[dial][key]}\n{AXES[dial][key]}" for key in LANGUAGES} for dial in DIALS}
    for language in LANGUAGES:
        figure = dose_response(
            responses,
            doses=DOSES,
            today={dial: LEVERS[dial].default for dial in DIALS},
            reader=Reader(language, labels, dials),
        )
        with drawing():
            figure.savefig(DOCS / "images" / f"dose_response_{language}.png", dpi=DPI, metadata={"Software": None})


def work(check: over_draws.Check) -> int:
    """Run every dose, show the page and renew the picture."""
    responses = responses_of(check.asked, check.draws, check.seeds, check.residents)
    show(page(responses, check.draws, check.seeds, check.residents, check.asked.command), "dose", check.write)
    if check.write:
        draw(responses)
    return DONE


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the doses; returns the exit code."""
    return over_draws.run("dose", sys.argv[1:] if arguments is None else arguments, __doc__, SEEDS, work)


if __name__ == "__main__":
    leave(main())
