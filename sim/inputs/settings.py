"""Settings: everything a run depends on, as one immutable, validated, hashable value.

Sources (an experiment file, the command line, keywords) are checked one by one. So an error names the source, the key,
the value given and what is allowed. Then they are merged; the later one wins.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sim.inputs.facts import facts_with
from sim.inputs.files import CONFIGS, parse_scalar, read_yaml
from sim.inputs.layers import KEYS, POTENCY, WEEKS, Leaves, Place, checked_source, misplaced
from sim.inputs.measures import NO_NUMBERS, Measure, measure_from_dict, read_measures
from sim.inputs.own_measures import own_measures as defined_measures
from sim.inputs.places import TownSpec, UnitSpec, VillageSpec, digest
from sim.inputs.priors import default_parameters
from sim.inputs.sampling import drawn
from sim.inputs.town_files import TOWN_KEYS, town_as_asked
from sim.inputs.validators import Frozen, SettingError, mapping, thawed, unknown
from sim.inputs.windows import LeverChange, MeasureUse, windows
from sim.levers import LEVERS
from sim.vocabulary import MECHANISMS, THEORIES

__all__ = [
    "CONFIGS",
    "KEYS",
    "MECHANISMS",
    "THEORIES",
    "WEEKS",
    "LeverChange",
    "MeasureUse",
    "Setting",
    "SettingError",
    "TownSpec",
    "UnitSpec",
    "VillageSpec",
    "parse_scalar",
    "read_yaml",
    "setting",
    "setting_from_sources",
]

DEFAULT_TOWN, DEFAULT_WEEKS, DEFAULT_SEED = "average", 208, 0
KEYWORDS = {"sim.simulate": ("detail",), "sim.TownModel": ("detail", "start_week")}  # beside those of `setting`
AFTER_HISTORY = frozenset({"levers", "measures", "definitions", "knock_out", "weeks", "seed", "potency"})


@dataclass(frozen=True)
class Setting:
    """All that a run depends on. Build it with `setting`, vary it with `replace`.

    parameters and facts are complete; `definitions` holds the data of the measures in use, so that
    a setting means the same wherever it is sent.
    """

    town: TownSpec
    levers: tuple[LeverChange, ...]
    measures: tuple[MeasureUse, ...]
    parameters: Mapping[str, float]
    facts: Mapping[str, Any]
    theory: Mapping[str, str]
    knock_out: tuple[str, ...]
    coupling: bool
    weeks: int
    seed: int
    potency: str | int
    definitions: Mapping[str, Measure]

    @cached_property
    def history_digest(self) -> str:
        """Digest of what weeks before 0 depend on, the seed apart."""
        return digest([self.town.key, self.facts, self.parameters, self.theory, self.coupling])

    @cached_property
    def policy_digest(self) -> str:
        """Digest of everything that can change a result, the seed apart; labels, sentences and notes cannot."""
        definitions = [
            {key: value for key, value in measure.as_dict().items() if key not in NO_NUMBERS}
            for measure in self.definitions.values()
        ]
        return digest(
            [
                self.history_digest,
                [asdict(change) for change in self.levers],
                [asdict(use) for use in self.measures],
                definitions,
                self.knock_out,
                self.weeks,
                self.potency,
            ]
        )

    @cached_property
    def drawn(self) -> TownSpec:
        """The town of this seed, the same for all settings that share it: what is really built."""
        return drawn(self.town, self.seed, self.facts)

    @property
    def history_key(self) -> str:
        """Digest of what weeks before 0 depend on: settings that share it share a history."""
        return with_seed(self.history_digest, self.seed)

    @property
    def fingerprint(self) -> str:
        """Digest of everything that can change a result."""
        return with_seed(self.policy_digest, self.seed)

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON; `Setting.from_dict` makes the same setting of it."""
        return {
            "town": self.town.as_dict(),
            "levers": [asdict(change) for change in self.levers],
            "measures": [asdict(use) for use in self.measures],
            "parameters": thawed(self.parameters),
            "facts": thawed(self.facts),
            "theory": thawed(self.theory),
            "knock_out": list(self.knock_out),
            "coupling": self.coupling,
            "weeks": self.weeks,
            "seed": self.seed,
            "potency": self.potency,
            "definitions": {key: measure.as_dict() for key, measure in self.definitions.items()},
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Setting:
        """The setting that `as_dict` describes (trusted: no checks)."""
        return cls(
            town=TownSpec.from_dict(data["town"]),
            levers=tuple(LeverChange(**change) for change in data["levers"]),
            measures=tuple(MeasureUse(**use) for use in data["measures"]),
            parameters=Frozen(data["parameters"]),
            facts=Frozen(data["facts"]),
            theory=Frozen(data["theory"]),
            knock_out=tuple(data["knock_out"]),
            coupling=data["coupling"],
            weeks=data["weeks"],
            seed=data["seed"],
            potency=data["potency"],
            definitions=Frozen({key: measure_from_dict(measure) for key, measure in data["definitions"].items()}),
        )

    def replace(self, **changes: Any) -> Setting:
        """A setting that differs in the given fields (trusted: values are not checked).

        What lies before week 0 is worked out anew only if it can differ. Measures come into their order, uses at
        intensity 0 are left out.
        """
        if "measures" in changes:
            known = {**read_measures(), **self.definitions}
            uses = {use.id: use for use in changes["measures"] if use.intensity > 0}
            for id in uses:
                if id not in known:
                    raise unknown("Setting.replace", f"measures.{id}", "measure", known)
            changes["measures"] = tuple(uses[id] for id in known if id in uses)
            changes["definitions"] = Frozen({id: known[id] for id in known if id in uses})
        for key in ("parameters", "facts", "theory"):
            if key in changes:
                changes[key] = Frozen(changes[key])
        changed = dataclasses.replace(self, **changes)
        if changes.keys() <= AFTER_HISTORY:  # thousands of members differ in nothing else
            changed.__dict__["history_digest"] = self.history_digest
        if changes.keys() == {"seed"}:
            changed.__dict__["policy_digest"] = self.policy_digest
        return changed


def with_seed(key: str, seed: int) -> str:
    """Digest of a seedless digest (`history_digest`, `policy_digest`) and a seed."""
    return hashlib.sha256(f"{key}/{seed}".encode()).hexdigest()[:16]


APART = ("origin", "configs", "others")  # parameters of `setting` that are no keys of a setting


def setting(
    town: str | Mapping = DEFAULT_TOWN,
    *,
    tolerance: float | Mapping | None = None,
    burden: float | Mapping | None = None,
    supervision: float | Mapping | None = None,
    measures: Mapping | None = None,
    measures_dir: str | Path | Sequence[str | Path] | None = None,
    own_measures: Mapping | None = None,
    levers: Mapping | None = None,
    parameters: Mapping | None = None,
    facts: Mapping | None = None,
    residents: int | None = None,
    weeks: int = DEFAULT_WEEKS,
    seed: int = DEFAULT_SEED,
    theory: Mapping | None = None,
    knock_out: Sequence[str] = (),
    coupling: bool = True,
    potency: str | int = "mode",
    table: str | Path | None = None,
    sheet: str | None = None,
    sum_lines: str | None = None,
    other_columns: str | None = None,
    label_en: str | None = None,
    label_zh: str | None = None,
    origin: str = "sim.simulate",
    configs: Path | None = None,
    **others: Any,
) -> Setting:
    """A setting from keywords, every one of them checked.

    A measure's value is an intensity 0-1 or {intensity, start, end}, a lever's a number within its
    bounds or {value, start, end}; the three dials are levers too. table, sheet, sum_lines and other_columns say how
    town "from_table" is read, the labels name any town. Raises SettingError, also for any of `others`.
    """
    given = {f"town_{key}" if key in TOWN_KEYS else key: value for key, value in locals().items() if key not in APART}
    for key in others:
        known = (name.removeprefix("town_") for name in (*given, *KEYWORDS.get(origin, ())))
        raise misplaced(key, origin, configs, tuple(known))
    return setting_from_sources([(origin, given)], configs=configs)


def setting_from_sources(sources: Sequence[tuple[str, Mapping[str, Any]]], *, configs: Path | None = None) -> Setting:
    """A setting from several sources (origin, mapping with keys among KEYS); later ones win.

    Each source is checked by itself first. Merging goes value by value: a later number for a
    measure keeps the window of an earlier {intensity, start, end}. A value of None says nothing.
    Origins stand in errors, also in those that only the merged whole shows. Raises SettingError.
    """
    merged: Leaves = {}
    origins: dict[Place, str] = {}
    sources = [(origin, mapping(given, origin, "setting")) for origin, given in sources]
    measures = {**read_measures(configs), **defined_measures(sources, configs)}
    for origin, given in sources:
        leaves = checked_source(given, origin, configs, measures)
        if ("town",) in leaves and ("town_table",) not in leaves:
            for key in TOWN_KEYS:
                merged.pop((f"town_{key}",), None)
        merged.update(leaves)
        origins.update(dict.fromkeys(leaves, origin))
    return _built(merged, origins, configs, measures)


def _built(
    leaves: Leaves, origins: Mapping[Place, str], configs: Path | None, measures: Mapping[str, Measure]
) -> Setting:
    """The setting that merged leaves describe; checks what no single source could show."""
    name = leaves.get(("town",), DEFAULT_TOWN)
    of_town = {key: leaves[f"town_{key}",] for key in TOWN_KEYS if (f"town_{key}",) in leaves}
    places = {key: origins[f"town_{key}",] for key in of_town} | {"town": origins.get(("town",), "setting")}
    town = town_as_asked(name, of_town, places, leaves.get(("residents",)), configs)
    weeks = leaves.get(("weeks",), DEFAULT_WEEKS)
    starts = {id: measure.start for id, measure in measures.items()}
    uses = windows("measures", "intensity", starts, weeks, leaves, origins)
    uses = [use for use in uses if use[1] > 0]
    changes = windows("levers", "value", dict.fromkeys(LEVERS, 0), weeks, leaves, origins)
    parameters = default_parameters(configs)
    own = {path[1]: value for path, value in leaves.items() if path[0] == "parameters"}
    facts = {path[1:]: value for path, value in leaves.items() if path[0] == "facts"}
    theory = {key: leaves.get(("theory", key), options[0]) for key, options in THEORIES.items()}
    return Setting(
        town=town.spec,
        levers=tuple(LeverChange(*change) for change in changes),
        measures=tuple(MeasureUse(*use) for use in uses),
        parameters=Frozen({**parameters, **own}) if own else parameters,
        facts=facts_with({**town.facts, **facts}, configs),
        theory=Frozen(theory),
        knock_out=leaves.get(("knock_out",), ()),
        coupling=leaves.get(("coupling",), True),
        weeks=weeks,
        seed=leaves.get(("seed",), DEFAULT_SEED),
        potency=leaves.get(("potency",), POTENCY[0]),
        definitions=Frozen({use[0]: measures[use[0]] for use in uses}),
    )
