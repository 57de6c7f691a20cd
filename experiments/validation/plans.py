"""Inputs and results of a calibration and a validation, as plain records; targets and the frozen priors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.study import behaviour
from experiments.validation.rules import Rule
from sim.indicators import INDICATORS
from sim.inputs.files import CONFIGS, read_yaml
from sim.inputs.priors import read_parameters
from sim.inputs.validators import unknown

if TYPE_CHECKING:
    import numpy as np

TOWN = "average"
TARGETS = CONFIGS / "calibration"
APP_USE = "app_use"  # the one figure that is no indicator: worked out from facts and a lever


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: town size (None: the town's own), seeds, tolerance in spreads, most draws taken in."""

    residents: int | None
    seeds: int
    most_spreads: float
    most: int | None


@dataclass(frozen=True, slots=True)
class CalibrationPlan:
    """What a calibration is about to do."""

    draws: int
    pilot: int
    wanted: int
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class Targets:
    """Targets by name, the hash of the priors they were frozen with, and which of them are shown but not applied.

    `changed` says that the priors are no longer those, and what is known of the difference; "" if they are.
    """

    records: Mapping[str, Mapping[str, Any]]
    priors_hash: str
    set_aside: tuple[str, ...] = ()
    changed: str = ""

    @property
    def applied(self) -> np.ndarray:
        """Which targets are applied, (targets,) bool: all but those set aside."""
        import numpy as np

        return np.array([name not in self.set_aside for name in self.records], bool)

    @property
    def figures(self) -> list[str]:
        """The figure of each target."""
        return [record["figure"] for record in self.records.values()]

    @property
    def low(self) -> np.ndarray:
        """Lower ends within which a target counts as met, (targets,)."""
        return self._allowed()[0]

    @property
    def high(self) -> np.ndarray:
        """Upper ends within which a target counts as met, (targets,)."""
        return self._allowed()[1]

    def _allowed(self) -> tuple[np.ndarray, np.ndarray]:
        import numpy as np

        from analysis.calibration.matching import allowed

        low, high = (np.array([record[key] for record in self.records.values()], float) for key in ("low", "high"))
        return allowed(low, high, [record["standing"] for record in self.records.values()])


@dataclass(slots=True)
class Calibration:
    """What the stages found: draws taken in and let through, and figures, by stage.

    pilot: figures of the pilot draws in the last stage's town, (draws, targets): what the priors give.
    """

    pilot: np.ndarray
    taken: list[list[int]]
    kept: list[list[int]]
    values: list[np.ndarray]
    bias: list[np.ndarray]
    spread: list[np.ndarray]


def targets_of() -> Targets:
    """The targets, and what has changed since the priors were frozen with them. Raises SettingError."""
    given = read_yaml(TARGETS / f"{TOWN}.yaml")
    frozen, changed = given["priors"], ""
    if frozen["hash"] != behaviour.priors_hash():
        made = behaviour.read_set(TOWN)
        same = made.provenance.get("priors_hash") == frozen["hash"]
        what = made.differences if same else f"{frozen['count']} then, {len(read_parameters())} now"
        changed = (
            f"configs/calibration/{TOWN}.yaml: the priors have changed since they were frozen with the targets "
            f"({what}); freeze them anew before any comparison that is to count as a test"
        )
    for name, record in given["targets"].items():
        if record["figure"] not in (*INDICATORS, APP_USE):
            raise unknown(f"{TOWN}.yaml", f"targets.{name}.figure {record['figure']}", "indicator", INDICATORS)
    return Targets(given["targets"], frozen["hash"], (), changed)


@dataclass(frozen=True, slots=True)
class ValidationPlan:
    """How much is run."""

    draws: int
    random: int
    seeds: int
    residents: int | None
    theories: bool


@dataclass(frozen=True, slots=True)
class Variant:
    """One pass over all rules: which draws, whether what should break each is frozen, and under which theory."""

    name: str
    draws: Mapping[int, Mapping[str, float]]
    frozen: bool
    theory: Mapping[str, str]

    def rules(self, rules: Mapping[str, Rule]) -> list[Rule]:
        """Rules that this pass concerns: knock-outs are for those that name one."""
        return [rule for rule in rules.values() if rule.knock_out or not self.frozen]
