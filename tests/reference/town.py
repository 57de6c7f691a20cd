"""Who is there: a township, its villages, cadres, residents, their cases, as Python objects.

The built town is read once from the model's arrays; afterwards nothing here is an array of records. Attributes have
the names and units of `sim.state`. What stands there for rows (first_resident, desk, head, tail ...) are references
to objects here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from types import SimpleNamespace

import numpy as np

from sim.chance import stream_keys
from sim.levers import LEVERS
from sim.state import CADRE, TALLY, TALLY_TYPE, TIES, TOWNSHIP, VILLAGE
from tests.reference.rules import chance as keyed

ROWS = {"first_resident", "first_cadre", "desk", "head", "tail", "backlog"}
SINGLE = ("satisfaction", "trust", "superior", "expected_wait", "grievance")  # kept in single precision


class Named(SimpleNamespace):
    """A record by name whose picture in a failing test stays short: everybody here knows everybody."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__.lower()} {getattr(self, 'uid', '')}>"


class Township(Named):
    """The township itself: the fields of sim.state.TOWNSHIP."""


class Village(Named):
    """A village: the fields of sim.state.VILLAGE; people, committee (cadres) and holder (cadre of each role)."""


class Cadre(Named):
    """A seat and who sits on it: the fields of sim.state.CADRE; home (a village or None), duty (the village one
    answers for) and the queue of steps at the desk, in order of arrival.
    """

    @property
    def backlog(self) -> float:
        """Standard hours waiting at the desk."""
        return sum(step.remaining for step in self.queue)


class Resident(Named):
    """A resident: the fields of sim.state.RESIDENT; home (a village), ties (residents) and a threshold."""

    def __setattr__(self, name, value):
        super().__setattr__(name, float(np.float32(value)) if name in SINGLE else value)


@dataclass
class Step:
    """A case at a desk, or on its way there: when it arrives (working day) and the standard hours left to do."""

    case: Case
    desk: Cadre
    arrival: float
    remaining: float


@dataclass
class Case:
    """A case of a resident. Times in working days since week 0."""

    key: np.uint64
    kind: int
    resident: Resident
    raised: float
    due_week: int
    trips: float
    state: str = "open"  # open, withdrawn, closed
    patience: float = 0.0
    position: int = 0  # place in the route
    left: int = 0  # seals still to come
    open: int = 0  # desks at which it lies
    draws: int = 0  # chance drawn so far
    redone: float = 0.0
    handoffs: int = 0
    unanswered: int = 0  # 1 if it is closed on paper
    hard: str = ""  # undecided, decided (alone) or covered (by the leaders) if it is a hard case
    decider: Cadre | None = None  # who decided it or asked up
    last: float = 0.0  # when the latest step was finished


@dataclass
class FallingDue:
    """Casework that falls due in one week."""

    hours: float = 0.0
    ontime_hours: float = 0.0
    cases: list[float] = field(default_factory=lambda: [0.0] * 7)
    ontime_cases: list[float] = field(default_factory=lambda: [0.0] * 7)


@dataclass
class Order:
    """A measure that has been ordered (its entries at their mode), and how far it stands, is run and is faked."""

    measure: object
    intensity: float
    start: int
    end: float
    stock: float = 0.0
    run: float = 0.0
    faked: float = 0.0
    age: float = 0.0
    energy: float = 0.0


class Tally(SimpleNamespace):
    """What a week counts, for one group."""

    def __init__(self):
        lists = {name: [0.0] * TALLY_TYPE[name].shape[0] for name in TALLY_TYPE.names if TALLY_TYPE[name].shape}
        super().__init__(**dict.fromkeys(TALLY, 0.0), **lists)


@dataclass
class Town:
    """A township unit with all that acts in it, and the rules of the game."""

    p: SimpleNamespace  # parameters
    f: SimpleNamespace  # facts
    kinds: list[SimpleNamespace]
    theory: dict[str, str]
    keys: np.ndarray
    knocked_out: tuple[str, ...]
    base: SimpleNamespace  # levers as the town has been
    levers: SimpleNamespace  # this week's levers
    orders: list[Order]
    changes: dict[str, object]  # lever changes by the user
    place: Township
    villages: list[Village]
    cadres: list[Cadre]  # villages' first, then the township's by cluster
    clusters: list[list[Cadre]]
    routes: list[list[int]]
    owners: list[float]
    groups: int
    cases: list[Case] = field(default_factory=list)
    under_way: dict[int, list[Step]] = field(default_factory=lambda: defaultdict(list))  # by day of arrival
    due: list[dict[int, FallingDue]] = field(default_factory=list)  # by group, then week
    tallies: list[Tally] = field(default_factory=list)  # by group, of this week
    usual: dict = field(default_factory=dict)  # mean responses of the baseline year
    happened: Counter = field(default_factory=Counter)  # events that no tally shows

    def chance(self, stream, who: int, when: int) -> float:
        """Keyed uniform number."""
        return keyed.uniform(self.keys, stream, np.uint64(who), np.int64(when))

    def tally(self, someone) -> Tally:
        """Where a village's or a cadre's doings are counted."""
        return self.tallies[someone.group]

    def township_cadres(self) -> list[Cadre]:
        """All who work in the township."""
        return [cadre for cadre in self.cadres if cadre.home is None]

    def obeyed(self, mechanism: str, now: int) -> SimpleNamespace:
        """The levers that a mechanism's events obey: this week's, or those of before if it is knocked out."""
        return self.base if self.frozen(mechanism, now) else self.levers

    def frozen(self, mechanism: str, now: int) -> bool:
        """Whether a mechanism is knocked out this week."""
        return now >= 0 and mechanism in self.knocked_out


def values(fields, row) -> dict:
    """A record's fields as Python numbers and lists of them."""
    return {spec[0]: row[spec[0]].tolist() for spec in fields if spec[0] not in ROWS}


def numbers(mapping) -> SimpleNamespace:
    """Named numbers."""
    return SimpleNamespace(**{name: float(value) for name, value in mapping.items() if isinstance(value, int | float)})


def read_town(setting, state) -> Town:
    """The town of a setting as it was built: the only place where the model's arrays are read."""
    villages = [Village(**values(VILLAGE, row), people=[], committee=[], holder=[]) for row in state.villages]
    cadres = [Cadre(**values(CADRE, row), queue=[]) for row in state.cadres]
    for cadre in cadres:
        cadre.home = villages[cadre.village] if cadre.village >= 0 else None
        cadre.duty = villages[cadre.assigned]
        if cadre.home:
            cadre.home.committee.append(cadre)
    for village, row in zip(villages, state.villages, strict=True):
        village.holder = [cadres[desk] for desk in row["desk"]]
    residents = []
    for row, threshold in zip(state.residents, state.threshold, strict=True):
        home = villages[row["village"]]
        resident = Resident(
            **{name: row[name].item() for name in row.dtype.names if name != "village"},
            home=home,
            place=len(home.people),
            threshold=float(threshold),
        )
        home.people.append(resident)
        residents.append(resident)
    for resident, rows in zip(residents, state.ties, strict=True):
        resident.ties = [residents[row] for row in rows]
        assert len(resident.ties) == TIES
    office = state.office[0]
    first = office["clusters"]
    facts, base = setting.facts, setting.drawn.levers
    return Town(
        p=numbers(setting.parameters),
        f=numbers({name: value for group in facts.values() for name, value in group.items()}),
        kinds=[numbers(row) for row in facts["case_kinds"].values()],
        theory=dict(setting.theory),
        keys=stream_keys(setting.seed),
        knocked_out=setting.knock_out,
        base=numbers(base),
        levers=SimpleNamespace(**{name: float(state.levers[name][0]) for name in LEVERS}),
        orders=[
            Order(setting.definitions[use.id], use.intensity, use.start, np.inf if use.end is None else use.end)
            for use in setting.measures
        ],
        changes={change.id: change for change in setting.levers},
        place=Township(**values(TOWNSHIP, state.township[0])),
        villages=villages,
        cadres=cadres,
        clusters=[cadres[a:b] for a, b in pairwise(first)],
        routes=office["routes"].tolist(),
        owners=office["owners"].tolist(),
        groups=len(state.due),
        due=[defaultdict(FallingDue) for _ in state.due],
    )
