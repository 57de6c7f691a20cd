"""The Mesa interface: a model that steps the compiled weeks, with agents that are views on its rows.

`TownModel` does not simulate anything by itself. One step is one call of the weekly functions that `sim.simulate` runs,
on the same arrays with the same keyed chance. So its series and states are those of `sim.simulate` and
`sim.run.branch`, bit by bit, as long as nobody writes into it.

Importing Mesa sets the start method of this process's multiprocessing to "spawn", globally.
"""

from __future__ import annotations

import itertools
import sys
import warnings
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from sim import run as runs
from sim.dataset import single_dataset
from sim.indicators import INDICATORS, OUTCOMES
from sim.indicators.indicator import weekly
from sim.inputs.settings import setting
from sim.inputs.validators import refuse
from sim.mesa.agents import Cadre, Department, Resident
from sim.population import sum_up
from sim.state import State
from sim.vocabulary import BASELINE_WEEKS, CLUSTERS, YEAR
from sim.world import world_of

if TYPE_CHECKING:
    import xarray

ORIGIN = "sim.TownModel"


class TownModel(mesa.Model):
    """A town as a Mesa model; one step is one week.

    town, detail and all other keywords are those of `sim.simulate` (seed= is the seed of the town). Mesa's own
    generators `random` and `rng` start from the seed too and are free for your use: no week draws from them. For
    `mesa.batch_run` give seeds as a parameter, {"seed": range(3)}: its iterations are copies, as it passes none on.
    start_week: -52 stands after the burn-in, before the baseline year; 0 stands where the measures start.

    Attributes:
        setting: the validated Setting.
        week: the week the next step will simulate.
        running: False once the setting's weeks are over. Stepping on is allowed: what has been ordered stays
            in force, and the run is that of the same setting with more `weeks`.
        units: the state of every township unit (tuple of sim.state.State, live arrays).
        datacollector: a mesa DataCollector of service_efficiency (share), micro_corruption (share) and
            satisfaction (0-100). Row 0 is missing (no week yet), row k is week start_week + k - 1;
            mesa.batch_run leaves the last row out.
        written: whether a value of an agent has been changed through its attributes (changes inside an
            array are not noticed).
        agents_by_type: AgentSets of sim.Department, sim.Cadre and sim.Resident.

    Raises sim.SettingError for a bad setting.

    >>> import sim
    >>> model = sim.TownModel("demo_village", residents=2000, weeks=52, seed=7)
    >>> model.week
    -52
    >>> model.step()
    >>> model.week, len(model.agents_by_type[sim.Resident])
    (-51, 2000)

    Cadres of the village get a shorter week, and obey from the next step on:

    >>> for cadre in model.agents_by_type[sim.Cadre].select(lambda cadre: cadre.village >= 0):
    ...     cadre.hours = 30.0
    >>> model.run()
    >>> model.week, model.running, len(model.datacollector.get_model_vars_dataframe())
    (52, False, 105)
    >>> ds = model.dataset()
    >>> ds["satisfaction"].dims
    ('week',)
    """

    def __init__(
        self, town: str = "average", *, detail: str = "town", start_week: int = -BASELINE_WEEKS, **keywords: Any
    ) -> None:
        chosen = setting(town, **{"origin": ORIGIN, **keywords})
        if start_week not in (-BASELINE_WEEKS, 0):
            raise refuse(ORIGIN, "start_week", start_week, f"-{BASELINE_WEEKS} or 0")
        warn_of_copies(chosen.seed)
        runs.compile()
        super().__init__(rng=chosen.seed)
        self.setting = chosen
        self.detail = detail
        self.start_week = int(start_week)
        self.week = self.start_week
        self.written = False
        self._unsummed: set[int] = set()
        self._ids = itertools.count(1)
        self._world = world_of(chosen, history=True)
        self._states: list[State] = []
        self._counted: list[list[np.ndarray]] = []  # tallies (weeks, groups) of each unit, one step after another
        self._latest: np.ndarray | None = None  # tallies (1,) of the week just stepped, all units
        self._keep(runs.simulate_to(chosen, self.start_week, detail))
        self._cadres: list[list[Cadre]] = []
        for number, state in enumerate(self._states):
            for row in range(len(CLUSTERS)):
                Department(self, number, row)
            self._cadres.append([Cadre(self, number, row) for row in range(len(state.cadres))])
        for number, state in enumerate(self._states):
            for row in range(len(state.residents)):
                Resident(self, number, row)
        self.datacollector = mesa.DataCollector(model_reporters={name: partial(latest, name) for name in OUTCOMES})
        self.datacollector.collect(self)

    @property
    def units(self) -> tuple[State, ...]:
        """State of every township unit, in the order of the setting's town (villages, if coupling=False).

        The arrays are live: what is written into them is obeyed next week. After writing satisfaction, trust
        or superior of residents there, call `sim.population.sum_up(state)`; agents do so by themselves. Ask the
        model again after a step: where a pool of cases has grown, the State is another one.
        """
        self._sum_up()
        return tuple(self._states)

    def step(self) -> None:
        """Simulate one week and collect."""
        self._sum_up()
        now = self.week
        self.week += 1
        units = [runs.run_unit(state, self._world, now, self.week, now) for state in self._states]
        self._keep(units)
        self._latest = runs.records_of(self.setting, [unit.tallies for unit in units], "town").tallies
        if self.week >= self.setting.weeks:
            self.running = False
        self.datacollector.collect(self)

    def run(self, weeks: int | None = None) -> None:
        """Step this many weeks, or (None) while `running`."""
        if weeks is None:
            self.run_model()
        for _ in range(weeks or 0):
            self.step()

    def records(self) -> runs.Records:
        """What has been counted so far, from week -52 on; at the setting's end, the Records of sim.run.branch.

        Before and after that end they carry the setting with as many weeks as have been run from week 0 on.
        """
        if self.week == -BASELINE_WEEKS:
            raise ValueError("nothing has been counted yet: step the model first")
        tallies = [np.concatenate(parts) for parts in zip(*self._counted, strict=True)]
        so_far = self.setting
        if self.week != so_far.weeks:
            so_far = so_far.replace(weeks=max(self.week, 0))
        return runs.records_of(so_far, tallies, self.detail)

    def dataset(self) -> xarray.Dataset:
        """The run so far as labelled series, dims (week[, unit or village]); at its end that of `sim.simulate`.

        The last 52 weeks count as the evaluation year: ValueError before week 52. attrs["written"] is 1 where
        agents have been written to: such a run is not the one that attrs["fingerprint"] names.
        """
        if self.week < YEAR:
            raise ValueError(f"the model stands at week {self.week}; an evaluation year needs week {YEAR}")
        found = single_dataset(self.records())
        if self.written:
            found.attrs["written"] = 1
        return found

    def _keep(self, units: Sequence[runs.Unit]) -> None:
        """Keep the units' states and counts; at week 0 the setting's orders come into force."""
        self._states = [unit.state for unit in units]
        self._counted.append([unit.tallies for unit in units])
        if self.week == 0:
            self._world = world_of(self.setting)
            # Unlike sim.run.with_measures this takes no copy: nobody shares these states, and views stay valid.
            self._states = [state._replace(strength=runs.unbuilt(self._world)) for state in self._states]

    def _note(self, unit: int, sums: bool) -> None:
        """An agent has written a value into a unit; `sums` if villages keep sums of it."""
        self.written = True
        if sums:
            self._unsummed.add(unit)

    def _sum_up(self) -> None:
        """Bring the villages' sums over residents in line with what has been written."""
        while self._unsummed:
            sum_up(self._states[self._unsummed.pop()])


def warn_of_copies(seed: int) -> None:
    """Say that a second iteration of mesa.batch_run is the first one again: it hands the same keywords to each."""
    frame = sys._getframe()
    while frame.f_globals.get("__name__") != "mesa.batchrunner":
        if frame.f_back is None:
            return
        frame = frame.f_back
    _, iteration, *_ = frame.f_locals.get("run", (0, 0))
    if iteration:
        warnings.warn(
            f"mesa.batch_run gives no seed to its iterations: they are copies of one run (seed {seed}); give seeds as "
            'a parameter instead, as in {"seed": range(3)} with iterations=1',
            stacklevel=3,
        )


def latest(name: str, model: TownModel) -> float:
    """An indicator of the week just stepped, over all units; nan before any or where it is missing by design."""
    if model._latest is None:
        return float("nan")
    return float(weekly((INDICATORS[name],), model._latest, runs.WAIT_EDGES)[0, 0])
