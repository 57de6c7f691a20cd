"""One resident's diary: what happens to a household, week by week, as far as the state shows it.

>>> from sim import diary, run, setting
>>> chosen = setting("demo_village", residents=200, weeks=52, seed=7)
>>> entries, weeks = diary.keep(run.history(chosen), chosen, village=0, resident=12)
>>> len(weeks)
52

The model keeps no diary. One that is asked for is derived from the state between weeks, in plain Python. So a run
without one costs nothing, and a run with one is the same bit by bit. A closed case releases its row, and a petition of
the same week may reuse it. Each week is therefore run once more on a copy in which nobody petitions and no quarrel
breaks out. Petitions and quarrels come after the week's desks, so desks do the same in the copy, where the rows of
closed cases can be read. A resident who is less satisfied in the week than in its copy has taken part in a quarrel.

What the state between weeks does not show is missing: the kind of a case settled online, and who heard of whose case.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compiled import entry
from sim.diary_events import ENTRY, NUMBER, WEEK
from sim.inputs.settings import Setting
from sim.inputs.validators import SettingError
from sim.mechanisms.cases import OPEN, WITHDRAWN
from sim.mechanisms.endings import refused
from sim.run import History, Unit, run_unit, with_measures
from sim.state import State
from sim.vocabulary import PETITION, ROLES
from sim.world import World, world_of


class Diary(NamedTuple):
    """What happened (ENTRY, in order of weeks) and how things stood at every week's end (WEEK)."""

    entries: np.ndarray
    weeks: np.ndarray


class Moment(NamedTuple):
    """What is remembered of a state before its week: the resident, and what stood in the village."""

    visits: int
    closure_loss: float
    wrongs_known: float
    wrong_exclusion: float


@entry
def refusals(cases, rows, share):
    """Which of some closed cases were refused, where that share of the eligible is left out: bool array."""
    found = np.zeros(rows.shape[0], np.bool_)
    for n in range(rows.shape[0]):
        case = cases[rows[n]]
        found[n] = refused(case, share)
    return found


def calm(world: World) -> World:
    """The copy of the world in which nobody petitions and no quarrel breaks out."""
    parameters, facts = world.parameters.copy(), world.facts.copy()
    parameters["petition_hazard"] = 0.0
    facts["sparks_per_1000_year"] = 0.0
    return world._replace(parameters=parameters, facts=facts)


class Reader:
    """Reads one resident's diary out of the states before and after each week.

    row: of the resident in the unit's state. `known` are the cases not yet ended: key of all their chance to number.
    """

    def __init__(self, row: int, world: World) -> None:
        self.row = row
        self.limits = world.kinds["limit_days"]
        self.known: dict[int, int] = {}
        self.count = 0
        self.entries: list[tuple] = []
        self.weeks: list[tuple] = []

    def note(self, now: int, event: str, number: float, case: int = -1, kind: int = -1, desk: int = -1) -> None:
        """Write an entry."""
        self.entries.append((now, NUMBER[event], case, kind, desk, number))

    def own(self, state: State) -> np.ndarray:
        """Rows of the resident's cases in the pool, those given back among them."""
        used = state.cases["resident"][: state.office["highest_case"][0]]
        return np.flatnonzero(used == self.row)

    def begin(self, state: State) -> None:
        """Note the cases that are open at the start."""
        for row in self.own(state):
            case = state.cases[row]
            if case["state"] == OPEN:
                self.note(0, "open_before", -case["raised"], self.number_of(case), case["kind"])

    def number_of(self, case: np.void) -> int:
        """Give a new case its number."""
        self.known[int(case["key"])] = self.count
        self.count += 1
        return self.count - 1

    def before(self, state: State) -> Moment:
        """What has to be remembered of a week's beginning."""
        resident = state.residents[self.row]
        village = state.villages[resident["village"]]
        return Moment(
            int(resident["visits"]),
            float(village["closure_loss"]),
            float(village["wrongs_known"]),
            float(village["wrong_exclusion"]),
        )

    def read(self, now: int, before: Moment, quiet: State, after: State) -> None:
        """Write a week's entries: from the calm copy what desks did, from the week itself the rest."""
        raised = self.raised(now, quiet)
        self.ended(now, before, quiet)
        petitions = self.petitioned(now, after)
        resident = after.residents[self.row]
        village = after.villages[resident["village"]]
        online = (int(resident["visits"]) - before.visits) % (1 << 16) - raised - petitions
        if online:
            self.note(now, "online", online)
        lost = float(quiet.residents["satisfaction"][self.row]) - float(resident["satisfaction"])
        if lost != 0.0:
            self.note(now, "quarrel", lost)
        if village["closure_loss"] > before.closure_loss:
            self.note(now, "closure", village["closure_loss"])
        if village["wrongs_known"] > before.wrongs_known:
            self.note(now, "exposed", village["wrongs_known"])
        self.waiting(now, after)
        felt = (resident[name] for name in ("satisfaction", "trust", "superior", "grievance", "cause"))
        self.weeks.append((now, len(self.known), *felt, village["dividend"] / 52.0))

    def raised(self, now: int, quiet: State) -> int:
        """Note the cases that came to the desks this week; returns their number."""
        fresh = [
            row
            for row in self.own(quiet)
            if quiet.cases["raised"][row] >= 5.0 * now and int(quiet.cases["key"][row]) not in self.known
        ]
        for row in sorted(fresh, key=lambda row: quiet.cases["raised"][row]):
            case = quiet.cases[row]
            self.note(now, "raised", self.limits[case["kind"]], self.number_of(case), case["kind"])
        return len(fresh)

    def ended(self, now: int, before: Moment, quiet: State) -> None:
        """Note the cases that were closed, refused or given up this week."""
        rows = np.array([row for row in self.own(quiet) if int(quiet.cases["key"][row]) in self.known], np.int64)
        turned_down = refusals(quiet.cases, rows, before.wrong_exclusion)
        for row, no in zip(rows, turned_down, strict=True):
            case = quiet.cases[row]
            days = case["last"] - case["raised"]
            if case["state"] == WITHDRAWN:
                event, days = "withdrawn", 5.0 * (now + 1) - case["raised"]
            elif case["state"] == OPEN:
                continue
            elif case["unanswered"]:
                event = "closed_on_paper"
            elif no:
                event = "refused"
            else:
                event = "closed_on_time" if days <= self.limits[case["kind"]] else "closed_late"
            self.note(now, event, days, self.known.pop(int(case["key"])), case["kind"])

    def petitioned(self, now: int, after: State) -> int:
        """Note a petition of this week's end; returns how many there are."""
        fresh = [
            after.cases[row]
            for row in self.own(after)
            if after.cases["state"][row] == OPEN
            and after.cases["kind"][row] == PETITION
            and int(after.cases["key"][row]) not in self.known
        ]
        for case in fresh:
            self.note(now, "petitioned", after.residents["cause"][self.row], self.number_of(case), PETITION)
        return len(fresh)

    def waiting(self, now: int, after: State) -> None:
        """Note where each open case lies at the week's end."""
        end = 5.0 * (now + 1)
        for row in self.own(after):
            case = after.cases[row]
            if case["state"] != OPEN:
                continue
            for step in np.flatnonzero(after.steps["case"] == row):
                arrival = after.steps["arrival"][step]
                cadre = after.cadres[after.steps["desk"][step]]
                desk = cadre["role"] if cadre["village"] >= 0 else len(ROLES) + cadre["role"]
                number = self.known[int(case["key"])]
                if arrival >= end:
                    self.note(now, "on_the_way", arrival - end, number, case["kind"], desk)
                elif step in queue_of(after, cadre):
                    self.note(now, "at_desk", end - case["raised"], number, case["kind"], desk)

    def diary(self) -> Diary:
        """What has been written so far."""
        return Diary(np.array(self.entries, ENTRY), np.array(self.weeks, WEEK))


def queue_of(state: State, cadre: np.void) -> list[int]:
    """Rows of the steps in a desk's queue: a row of the pool that has been given back is in none."""
    found, node = [], int(cadre["head"])
    while node >= 0:
        found.append(node)
        node = int(state.steps["after"][node])
    return found


def follow(state: State, world: World, last: int, reader: Reader) -> Unit:
    """Weeks 0 … last − 1 of one unit, as `run_unit` runs them, with a reader of one resident's diary."""
    reader.begin(state)
    tallies = []
    for now in range(last):
        before = reader.before(state)
        quiet = run_unit(state.copy(), calm(world), now, now + 1, now)
        after = run_unit(state, world, now, now + 1, now)
        reader.read(now, before, quiet.state, after.state)
        state = after.state
        tallies.append(after.tallies)
    return Unit(state, last, np.concatenate(tallies))


def found_at(history: History, village: int, resident: int) -> tuple[Unit, int]:
    """Unit and row of a town's resident, by number of the village in the town and of the resident in it, from 0."""
    left = village
    for unit in history.units:
        villages = unit.state.villages
        if 0 <= left < len(villages) and 0 <= resident < villages["residents"][left]:
            return unit, int(villages["first_resident"][left]) + resident
        left -= len(villages)
    raise SettingError(
        f"diary.keep: village {village}, resident {resident} given; a village of the town and one of its residents, "
        "both numbered from 0, expected"
    )


def keep(history: History, setting: Setting, village: int, resident: int) -> Diary:
    """The diary of a resident in weeks 0 … weeks − 1 of a setting that branches from the shared history.

    village, resident: numbers from 0, of the village in the town (as in `Records.villages`) and of the resident in it.
    Only the resident's unit is run. Raises SettingError if there is no such resident.
    """
    if setting.history_key != history.key:
        raise ValueError("this history belongs to another town, parameter draw or seed")
    unit, row = found_at(history, village, resident)
    world = world_of(setting)
    reader = Reader(row, world)
    follow(with_measures(unit.state, world), world, setting.weeks, reader)
    return reader.diary()
