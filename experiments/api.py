"""The jobs from Python, for notebooks and scripts; nothing is written unless a store is given.

    from experiments import api
    found = api.rank({"experiment": "quick_ranking", "residents": 2_000, "replicates": 3})
    found.plot()              # a matplotlib figure, in found.study.language
    found.table("ranking")    # rows, names beside ids; pandas.DataFrame takes them as they are
    both = api.side_by_side({"today": {}, "relief": {"burden": 0.5}}, residents=5_000)

Keys are those of the command line, as a mapping or, where they have no dot, as keywords; so are the errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from experiments.job import JobError, describe_failures, study_of
from experiments.study.study import Study

if TYPE_CHECKING:
    import xarray

    from experiments.output.findings import Findings
    from experiments.output.sweeps import Swept

_SHOWN = {"run": "paths", "compare": "effects", "rank": "ranking"}  # the figure of each job
_IDS = ("setting", "other", "base", "outcome", "measure", "upper", "lower", "first", "second")


@dataclass(frozen=True)
class Answer:
    """The result of a job: the study, its findings, and both as tables and figures."""

    study: Study
    findings: Findings

    @property
    def dataset(self) -> xarray.Dataset:
        """Weekly paths, dims (setting, replicate, week), and figures by period."""
        return self.findings.dataset

    @property
    def summary(self) -> Mapping[str, float]:
        """What summary.json of a folder holds."""
        return self.findings.summary

    @property
    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """Rows of ids and numbers by name, as in tables/ of a folder."""
        from experiments.output.csv_tables import tables_of

        return tables_of(self.study, self.findings)

    @property
    def accounts(self) -> list[str]:
        """What was read of tables of villages: what was filled in, converted and left out."""
        return self.study.accounts

    def table(self, name: str) -> list[dict[str, Any]]:
        """The rows of one of the tables; after each id stands its name, in the study's language."""
        from experiments.output.labels import labels, outcomes

        if name not in self.tables:
            raise KeyError(f"{name!r} given, one of {', '.join(self.tables)} expected")
        names = {**outcomes(list(self.findings.evaluations[next(iter(self.study.settings))][0])), **labels(self.study)}
        known = {id: record[self.study.language] for id, record in names.items()}
        return [
            {
                key: value
                for column, cell in row.items()
                for key, value in (
                    (column, cell),
                    *([(f"{column}_name", known[cell])] if column in _IDS and cell in known else []),
                )
            }
            for row in self.tables[name]
        ]

    def plot(self, name: str = "") -> Any:
        """A matplotlib figure: that of the job, or one of figures/ of a folder by its name."""
        from experiments.output.figures import draw_each

        wanted = (name,) if name else (_SHOWN[self.study.job], "paths")
        drawn: dict[str, Any] = {}
        for one, figure in draw_each(self.study, self.findings):
            if one == wanted[0]:
                return figure
            drawn[one] = figure
        if wanted[-1] not in drawn:
            raise KeyError(f"{name!r} given, one of {', '.join(drawn)} expected")
        return drawn[wanted[-1]]


def run(values: Mapping[str, object] | None = None, /, **more: object) -> Answer:
    """One setting, before and after week 0. Raises SettingError for what cannot be used, JobError if runs failed."""
    return _answer(_study("run", {**(values or {}), **more}))


def compare(values: Mapping[str, object] | None = None, /, **more: object) -> Answer:
    """Settings that meet the same shocks; the first is the base of comparison."""
    return _answer(_study("compare", {**(values or {}), **more}))


def rank(values: Mapping[str, object] | None = None, /, **more: object) -> Answer:
    """Which parts of a package contribute how much to its effect."""
    return _answer(_study("rank", {**(values or {}), **more}))


@dataclass(frozen=True)
class SweepAnswer(Answer):
    """The result of a sweep; dimensions of its dataset: each swept key, draw (where there are draws), replicate."""

    findings: Swept  # type: ignore[assignment]

    @property
    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """Rows of sweep and best_region."""
        return dict(self.findings.tables)

    def table(self, name: str = "sweep") -> list[dict[str, Any]]:
        """The rows of one of them."""
        if name not in self.tables:
            raise KeyError(f"{name!r} given, one of {', '.join(self.tables)} expected")
        return self.tables[name]

    def plot(self, name: str = "") -> Any:
        """The picture as a matplotlib figure, in the study's language; None for more than three keys."""
        from experiments.output.sweep_folder import draw

        return draw(self.study, self.findings)


def sweep(values: Mapping[str, object] | None = None, /, **more: object) -> SweepAnswer:
    """Every combination of the values of `sweep`, as in api.sweep(sweep={"burden": "0..1/5"}, draws=16)."""
    from experiments.output.sweeps import run_sweep

    study = _study("sweep", {**(values or {}), **more})
    found, results = run_sweep(study)
    if found is None:
        raise JobError(f"{describe_failures(results)}.")
    return SweepAnswer(study, found)


def side_by_side(settings: Mapping[str, Mapping[str, object]], /, **shared: object) -> Answer:
    """Settings of one's own, each with the keys that it alone has, under the same shocks; the first is the base."""
    values: dict[str, object] = {"experiment": "baseline", **shared}
    for name, own in settings.items():
        values |= {f"settings.{name}.{key}": value for key, value in {"label_en": name, **own}.items()}
    study = _study("compare", values)
    chosen = {name: study.settings[name] for name in settings}
    return _answer(replace(study, settings=chosen, labels={name: study.labels[name] for name in chosen}))


def _study(job: str, values: Mapping[str, object]) -> Study:
    return study_of(job, {"quiet": True, "store": None, **values})


def _answer(study: Study) -> Answer:
    from experiments.output.findings import run_settings
    from experiments.ranking.rank_parts import rank_parts

    found, results = (rank_parts if study.job == "rank" else run_settings)(study)
    if found is None:
        raise JobError(f"{describe_failures(results)}.")
    return Answer(replace(study, replicates=found.replicates or study.replicates), found)
