"""What can be drawn from a finished folder, or from a dataset that was saved: what figures need, and their labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from analysis.words import Reader, words
from experiments.output import labels
from experiments.output.catalogue import points
from experiments.output.folder import MARK
from experiments.study.values import ORIGIN
from sim.inputs import validators
from sim.inputs.files import csv_rows, read_json
from sim.inputs.validators import SettingError

POSTERS = {  # figures of a long picture, the first five that the folder can draw
    "rank": ("pain_points", "ranking", "effects", "hours", "paths", "distributions"),
    "": ("paths", "pain_points", "effects", "waiting", "hours", "gaps"),
}
MOST, FEWEST = 5, 3


@dataclass(frozen=True)
class Drawable:
    """A folder, or the file of a dataset."""

    path: Path

    # ---------------------------------------------------------------- what is there

    @cached_property
    def record(self) -> Mapping[str, Any]:
        """The folder's provenance; nothing for a file."""
        found = self.path / MARK
        return read_json(found) if found.is_file() else {}

    @cached_property
    def given(self) -> dict[str, Any]:
        """What figures need, by name (analysis/figures/registry.py)."""
        tables = {} if self.path.is_file() else {
            path.stem: [{key: value or "nan" for key, value in row.items()} for row in csv_rows(path)]
            for path in sorted((self.path / "tables").glob("*.csv"))
        }  # fmt: skip
        found: dict[str, Any] = {**tables, "points": points(), "kinds": kinds_of_cases(self.record)}
        if self.dataset is not None and "sweep" not in self.record:  # a sweep's has no settings and no weeks
            found["dataset"] = self.dataset
        return found

    @cached_property
    def dataset(self) -> Any:
        """The labelled data, None if there is none; SettingError for a file that is no dataset."""
        import xarray

        path = self.path if self.path.is_file() else self.path / "data.nc"
        if not path.is_file():
            return None
        try:
            with xarray.open_dataset(path, engine="h5netcdf") as opened:
                found = opened.load()
        except (OSError, ValueError) as error:
            said = " ".join(str(error).split())[:120]
            raise SettingError(f"{ORIGIN}, from: {path} is no dataset that can be read ({said})") from None
        settings = self.record.get("settings") or {}
        if settings and "unchanged" not in found.attrs:  # written by an older version
            still = [name for name, one in settings.items() if not _changes(one.get("setting", {}))]
            found.attrs["unchanged"] = " ".join(still)
        return found

    def reader(self, language: str, outcomes: Sequence[str] = ()) -> Reader:
        """For whom figures are drawn: the outcomes named, or those of the job; SettingError for an unknown one."""
        from sim.indicators import INDICATORS, OUTCOMES

        for name in outcomes:
            if name not in INDICATORS:
                raise validators.unknown(ORIGIN, f"outcome {name}", "indicator", INDICATORS)
        asked = (self.record.get("ranking") or {}).get("outcomes", OUTCOMES)
        ranking = self.given.get("ranking")
        first = list(outcomes) or labels.first_outcomes(asked, ranking)
        known = {**labels.player_labels(()), **self._checked_labels(), **(self.record.get("labels") or {})}
        reader = Reader(language, labels.outcomes(first), known)
        return reader if outcomes else reader.with_composite(ranking)

    def _checked_labels(self) -> dict[str, Mapping[str, str]]:
        """Names of a calibration's targets and a validation's rules."""
        job = self.record.get("job")
        if job == "validate":
            rows = self.given.get("rules") or []
            return {row["id"]: {"en": row["label_en"], "zh": row["label_zh"]} for row in rows}
        if job == "calibrate":
            return target_labels()
        return {}

    # ---------------------------------------------------------------- what can be drawn

    def can(self, kind: str) -> bool:
        """Whether a figure can be drawn of what is there."""
        from analysis.figures import CATALOGUE, kinds, missing

        figure = CATALOGUE[kinds()[kind]]
        if missing(figure, self.given):
            return False
        if kind == "villages":
            return "village" in self.dataset.dims
        if "dataset" in figure.needs and "village" in self.dataset.dims:
            return False
        methods = {row.get("method") for row in self.given.get("ranking", ())}
        if kind in ("sobol", "morris"):
            return any(str(method).startswith(kind) for method in methods)
        if kind == "waterfall":
            return "shapley" in methods
        if kind == "distributions":
            return any(row.get("median", "nan") != "nan" for row in self.given["ranking"])
        return True

    def draw(
        self,
        kind: str,
        language: str,
        outcomes: Sequence[str] = (),
        *,
        width: str | float | None = None,
        title: str = "",
        grey: bool = False,
    ) -> dict[str, Any]:
        """The figure of a kind by name, or several (one an outcome or currency); SettingError without its data."""
        from analysis.figures import CATALOGUE, draw_figures, kinds
        from analysis.figures.layout import asking

        file = kinds()[kind]
        if not self.can(kind):
            by = words("en")[f"by_{CATALOGUE[file].by}"]
            raise SettingError(
                f"{ORIGIN}, from: {self.path} lacks what kind={kind} is drawn from; this writes it: {by}"
            )
        reader = self.reader(language, outcomes)
        self._check_outcomes(kind, file, outcomes)
        with asking(width, title, grey):
            try:
                drawn = draw_figures(self.given, reader, only=(file,))
            except ValueError as error:
                raise SettingError(f"{self.path}, kind={kind}: {error}") from None
        wanted = {name: figure for name, figure in drawn.items() if name == kind or name.startswith(f"{kind}_")}
        if not drawn:
            what = ", ".join(outcomes) or "the outcomes"
            raise SettingError(f"{self.path}, kind={kind}: there is nothing of {what} to draw")
        return wanted or drawn

    def _check_outcomes(self, kind: str, file: str, outcomes: Sequence[str]) -> None:
        """SettingError for an outcome that the tables of the figure have not."""
        from analysis.figures import CATALOGUE

        tables = [self.given[need] for need in CATALOGUE[file].needs if need not in ("dataset", "points", "kinds")]
        there = [row["outcome"] for table in tables for row in table if "outcome" in row]
        if "dataset" in CATALOGUE[file].needs:
            there = [str(name) for name in self.dataset.data_vars]
        for name in outcomes:
            if there and name not in there:
                found = ", ".join(dict.fromkeys(there)) if len(set(there)) < 12 else "other indicators"
                raise SettingError(f"{ORIGIN}, outcome: {name} given, and {self.path} has {found} for kind={kind}")

    def poster(self, language: str, title: str, grey: bool) -> bytes:
        """A long picture for phones (png); SettingError where the folder can draw too few figures for it."""
        from analysis.figures.poster import INCHES, poster

        asked = POSTERS["rank" if self.given.get("ranking") else ""]
        chosen = [kind for kind in asked if self.can(kind)][:MOST]
        if len(chosen) < FEWEST:
            what = f"{len(chosen)} figures for a poster, at least {FEWEST} expected, as a run, compare or rank has"
            raise SettingError(f"{ORIGIN}, from: {self.path} has {what}")
        reader = self.reader(language)
        drawn = [
            figure for kind in chosen for figure in self.draw(kind, language, width=INCHES * 2.54, grey=grey).values()
        ]
        head, said = self._headline(reader)
        source = words(language)["poster_source"].format(version=self.record.get("model_version", "–"))
        return poster(drawn[:MOST], title or head, said, source)

    def _headline(self, reader: Reader) -> tuple[str, str]:
        """What was done, and the first finding."""
        from analysis.figures.datasets import last_year
        from analysis.report.prose import lead_sentences, run_sentences
        from analysis.report.settings_table import town_name

        town = town_name(self.record.get("settings"), reader)
        effects, levels, ranking = (self.given.get(name) or [] for name in ("effects", "levels", "ranking"))
        job = "rank" if ranking else "compare" if effects else "run"
        head = reader.text[f"page_title_{job}"].format(town=town[:1].upper() + town[1:])
        own = reader.with_labels(self.record.get("labels") or {}).without_composite()
        make, rows = (lead_sentences, effects) if effects else (run_sentences, levels)
        return head, reader.text["sentence_space"].join(make(rows, town, last_year(self.dataset), own)) if rows else ""


def drawable(path: Path) -> Drawable:
    """What can be drawn from a path; SettingError if it is neither a folder of a job nor a file."""
    if path.is_file() and path.suffix != ".nc":
        raise SettingError(f"{ORIGIN}, from: {path} given; the folder of a finished job, or a file .nc, expected")
    if not path.is_file() and not (path / MARK).is_file():
        what = f"which has no {MARK}" if path.is_dir() else "which does not exist"
        raise SettingError(f"{ORIGIN}, from: {path} given, {what}; the folder of a finished job expected")
    return Drawable(path)


def _changes(setting: Mapping[str, Any]) -> bool:
    """Whether anything begins in a setting."""
    return bool(setting.get("measures") or setting.get("levers"))


def kinds_of_cases(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Kinds of cases with the limits that the (first) setting of a folder has, in working days."""
    from sim.indicators.by_kind import NAMES

    for one in (record.get("settings") or {}).values():
        facts = one.get("setting", {}).get("facts", {}).get("case_kinds", {})
        return [
            {"id": id, "en": en, "zh": zh, "limit": float(facts[id]["limit_days"])}
            for id, (en, zh) in NAMES.items()
            if id in facts
        ]
    return []


def target_labels() -> dict[str, Mapping[str, str]]:
    """Names of the targets of the toolkit's calibration."""
    from sim.inputs.files import CONFIGS, read_yaml

    found: dict[str, Mapping[str, str]] = {}
    for path in sorted((CONFIGS / "calibration").glob("*.yaml")):
        for id, row in (read_yaml(path).get("targets") or {}).items():
            found[str(id)] = {"en": row["label_en"], "zh": row["label_zh"]}
    return found
