"""A stand-in for sim.run with the same functions: instant, linear, and able to fail on demand.

Each measure adds a fixed amount to each outcome, with a little noise keyed by the seed; `calls`
counts histories and branches, `fail` says which members raise and how often.
"""

from __future__ import annotations

import threading
import types
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

OUTCOMES = ("service_efficiency", "micro_corruption", "satisfaction")
BASE = {"service_efficiency": 0.68, "micro_corruption": 0.12, "satisfaction": 61.0}
SCALE = {"service_efficiency": 0.02, "micro_corruption": -0.004, "satisfaction": 0.8}
UNITS = {"service_efficiency": "share", "micro_corruption": "share", "satisfaction": "0-100"}
HOURS = ("compliance", "casework", "policy", "field", "initiative", "slack")


@dataclass(frozen=True)
class Indicator:
    id: str
    unit: str
    label_en: str
    label_zh: str
    sentence: str
    better: str


INDICATORS = {
    "service_efficiency": Indicator("service_efficiency", "share", "Service on time", "按时办结率", "", "higher"),
    "micro_corruption": Indicator("micro_corruption", "share", "Value diverted", "微腐败", "", "lower"),
    "satisfaction": Indicator("satisfaction", "0-100", "Satisfaction", "满意度", "", "higher"),
    **{f"{name}_share": Indicator(f"{name}_share", "share", name, name, "", "neither") for name in HOURS},
    "wrong_closures": Indicator("wrong_closures", "share", "Of nothing", "无", "", "lower"),
}


def _unit(*words: object) -> float:
    """A number in 0-1 that depends on the words only."""
    return zlib.crc32("/".join(map(str, words)).encode()) / 2**32


def level(setting, outcome: str, week: int) -> float:
    """The outcome in a week: base, measures from their start, dials, noise of the seed."""
    value = BASE[outcome] + 0.01 * SCALE[outcome] * (_unit(setting.seed, outcome) - 0.5)
    for use in setting.measures:
        if week >= use.start:
            value += SCALE[outcome] * use.intensity * (_unit(use.id, outcome) - 0.2)
            value += 0.05 * SCALE[outcome] * (_unit(setting.seed, use.id, outcome) - 0.5)
    for change in setting.levers:
        if week >= change.start:
            value += SCALE[outcome] * (change.value - 1.0)
    return value


class FakeModel(types.ModuleType):
    """The module that tests put in the place of sim.run."""

    PERIODS: ClassVar = {"baseline": "__baseline", "year1": "__year1", "evaluation": ""}
    UNCHANGED: ClassVar = "unchanged"  # of sim.dataset, in whose place it stands too

    def __init__(self, fail: Callable | None = None, wait: Callable | None = None) -> None:
        super().__init__("sim.run")
        self.calls: Counter[str] = Counter()
        self.alive = 0
        self.most_alive = 0
        self.fail = fail or (lambda kind, setting, attempt: None)
        self.wait = wait or (lambda: None)
        self._attempts: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()

    def compile(self) -> None:
        self.calls["compile"] += 1

    def history(self, setting, each=map):
        self._attempt("history", setting, setting.history_key)
        model = self

        class History:
            key = setting.history_key

            def __init__(self):
                with model._lock:
                    model.alive += 1
                    model.most_alive = max(model.most_alive, model.alive)

            def __del__(self):
                with model._lock:
                    model.alive -= 1

        return History()

    def branch(self, history, setting, each=map):
        assert history.key == setting.history_key
        self._attempt("branch", setting, setting.fingerprint)
        self.wait()
        return {"setting": setting}

    def _attempt(self, kind: str, setting, key: str) -> None:
        with self._lock:
            self.calls[kind] += 1
            self._attempts[kind, key] += 1
            attempt = self._attempts[kind, key]
        self.fail(kind, setting, attempt)

    def evaluate(self, records) -> dict[str, float]:
        setting = records["setting"]
        result = {}
        for ending, week in (("", setting.weeks - 1), ("__year1", 51), ("__baseline", -1)):
            for name in INDICATORS:
                if name in OUTCOMES:
                    value = level(setting, name, week) if week >= 0 else BASE[name]
                elif name == "wrong_closures":
                    value = float("nan")
                else:
                    value = 1 / len(HOURS)
                result[name + ending] = value
        return result

    def series(self, records) -> np.ndarray:
        setting = records["setting"]
        weeks = range(-52, setting.weeks)
        return np.array(
            [
                [
                    level(setting, name, week) if week >= 0 and name in OUTCOMES else BASE.get(name, 1 / len(HOURS))
                    for week in weeks
                ]
                for name in INDICATORS
            ]
        )

    def phases(self, weeks) -> np.ndarray:
        return np.where(weeks < 0, "baseline", "policy")

    def attributes(self, indicator) -> dict[str, str]:
        return {
            "units": indicator.unit, "unit": indicator.unit,
            "label_en": indicator.label_en, "label_zh": indicator.label_zh,
        }  # fmt: skip
