"""The questions (configs/elicitation/questions.yaml), and which of them are asked first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from experiments.study.values import ORIGIN
from sim.inputs.files import CONFIGS, csv_rows, read_yaml
from sim.inputs.priors import Parameter, read_parameters
from sim.inputs.validators import SettingError, mapping, number, place_name, text, unknown

PATH = CONFIGS / "elicitation" / "questions.yaml"
KEYS = ("per", "unit_en", "unit_zh", "en", "zh")
ASKED = 30
TABLES = ("evppi", "reversals")


@dataclass(frozen=True, slots=True)
class Question:
    """A question about a prior: answers are in a natural unit, `per` of which are 1 in the prior's own."""

    prior: Parameter
    per: float
    units: Mapping[str, str]
    words: Mapping[str, str]

    @property
    def low(self) -> float:
        """The least that may be answered, exclusive."""
        return float(f"{self.prior.low * self.per:.6g}")

    @property
    def high(self) -> float:
        """The most that may be answered, exclusive."""
        return float(f"{self.prior.high * self.per:.6g}")


def read_questions(path: Path = PATH) -> dict[str, Question]:
    """All questions by parameter, in the file's order. Raises SettingError."""
    origin, known, found = place_name(path), read_parameters(), {}
    for id, given in read_yaml(path).items():
        if id not in known:
            raise unknown(origin, id, "parameter", known)
        record = mapping(given, origin, id)
        for key in record.keys() ^ set(KEYS):
            raise SettingError(f"{origin}, {id}.{key}: unknown or missing, exactly {', '.join(KEYS)} expected")
        told = {key: text(record[key], origin, f"{id}.{key}") for key in KEYS[1:]}
        units, words = ({language: told[f"{kind}{language}"] for language in ("en", "zh")} for kind in ("unit_", ""))
        found[id] = Question(known[id], number(record["per"], 1e-6, 1e6, origin, f"{id}.per"), units, words)
    return found


def chosen(folder: Path | None) -> tuple[list[Question], list[str]]:
    """The questions to ask, and those parameters among the first ASKED of a ranking folder that have none.

    Without a folder the file's order counts. With one, parameters are ordered by what the ranking's own tables say:
    the greatest value of information over its outcomes (as a share of the greatest of that outcome), plus the share
    of the reversals with a parameter in which it takes part. Raises SettingError.
    """
    questions = read_questions()
    if folder is None:
        return list(questions.values())[:ASKED], []
    order = deciding(folder)
    names = [id for id in order if id in questions] + [id for id in questions if id not in order]
    return [questions[id] for id in names[:ASKED]], [id for id in order[:ASKED] if id not in questions]


def deciding(folder: Path) -> list[str]:
    """Parameters of behaviour in a ranking folder, those that decide most first. Raises SettingError."""
    paths = {name: folder / "tables" / f"{name}.csv" for name in TABLES}
    tables = {name: csv_rows(path) for name, path in paths.items() if path.is_file()}
    if not tables:
        raise SettingError(
            f"{ORIGIN}, from: {folder} has neither tables/evppi.csv nor tables/reversals.csv; the folder of a ranking "
            "over draws of behaviour (behaviour=, 60 replicates or more) expected"
        )
    known, score = read_parameters(), defaultdict[str, float](float)
    gains: dict[str, dict[str, float]] = {}
    try:
        for row in tables.get("evppi", []):
            gains.setdefault(row["outcome"], {})[row["parameter"]] = float(row["gain"] or 0.0)
        named = Counter(id for row in tables.get("reversals", []) for id in row["parameters"].split())
    except (KeyError, ValueError) as error:
        raise SettingError(
            f"{ORIGIN}, from: {folder}: a table cannot be read ({error}), a ranking's expected"
        ) from None
    for own in gains.values():
        most = max(own.values(), default=0.0)
        for id, gain in own.items():
            score[id] = max(score[id], gain / most if most > 0 else 0.0)
    for id, count in named.items():
        score[id] += count / named.total()
    return [id for id in sorted(score, key=lambda id: -score[id]) if id in known]
