"""Agents of the Mesa interface: thin views on rows of the state.

An agent holds only its position: the number of its unit and its row there. Its attributes are the fields of
`sim.state`, by the names and in the units given there. Reading one reads the array; writing one writes the array, and
the next week uses the value. Fields come in three sorts:

- *standing*: carried from week to week. They can be written, and last as long as the model lets them. Skill drifts.
  Prospects, used hours and what the departments send down hold for one week. Priority and intensity count only where
  effort is a habit (theory effort=habit).
- *results*: worked out anew every week before they are used (last week's hours, say).
- *keys*: what rows, queues and chance hang together by.

Writing one of the last two raises AttributeError: it would have no effect, or would make the state inconsistent. A
written value must be finite (flags: 0 or 1); whether it makes sense is the writer's business. An array field is read as
a view on the state: `cadre.rate[0] = 0.2` writes through, for results and keys it is read-only. Rows are never added or
removed: a seat stays when the person on it leaves. Agents of your own may stand beside these, but Mesa keeps a model
for ever in which a plain mesa.Agent has been made.

Importing Mesa sets the start method of this process's multiprocessing to "spawn", globally.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any, ClassVar

import mesa
import numpy as np

from sim.state import CADRE, RESIDENT_FIELDS, TOWNSHIP
from sim.vocabulary import CLUSTERS, ROLES

RESIDENT_MEANING = {field[0]: field[-1] for field in RESIDENT_FIELDS}
CADRE_MEANING = {field[0]: field[-1] for field in CADRE}
TOWNSHIP_MEANING = {field[0]: field[-1] for field in TOWNSHIP}

CADRE_KEYS = ("uid", "person", "village", "assigned", "role", "group", "head", "tail", "backlog")
RESIDENT_KEYS = ("visits", "village")
CADRE_RESULTS = (
    "demanded", "fabricated", "compliance_hours", "field_hours", "blame", "desk_hours", "pace", "overtime",
    "spent", "haste", "ownership", "unanswered", "wrong", "propensity", "dared",
)  # fmt: skip
# What the departments of a unit make of it: fields of the place that every Department shows.
DEPARTMENT_TOWNSHIP = ("pressure", "form_push", "visit_push", "informal_hours")
DEPARTMENT_RESULTS = ("knowledge",)
SUMMED = ("satisfaction", "trust", "superior")  # villages keep sums of these over their residents

OWN = frozenset({"model", "unique_id", "pos", "unit", "row"})  # what an agent itself holds


class Counters:
    """Finds the counter of unique ids on the model. Mesa's own table would hold every model for ever."""

    def __getitem__(self, model: Any) -> Iterator[int]:
        """The model's counter."""
        return model._ids


class Row(mesa.Agent):
    """A view on row `row` of township unit `unit` (both counted from 0); `unique_id` is Mesa's."""

    _ids: ClassVar = Counters()

    def __init__(self, model: Any, unit: int, row: int) -> None:
        super().__init__(model)
        self.unit = unit
        self.row = row

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(self._no_such(name))

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in OWN and not hasattr(type(self), name):
            raise AttributeError(self._no_such(name))
        object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} unit {self.unit} row {self.row}>"

    def _no_such(self, name: str) -> str:
        known = [n for n in {*dir(type(self)), *OWN} if not n.startswith("_")]
        close = difflib.get_close_matches(name, known, n=3)
        hint = f"; did you mean {', '.join(close)}?" if close else ""
        return f"{type(self).__name__} has no attribute {name!r}{hint}"

    def remove(self) -> None:
        """Rows stay; raises TypeError."""
        raise TypeError(f"a {type(self).__name__} cannot be removed: rows of the state stay")


def field(table: str, name: str, meaning: str, closed: str = "") -> property:
    """A property that reads and writes one field of the state; `closed` says why it cannot be written."""

    def column(self: Row) -> tuple[np.ndarray, int]:
        return getattr(self.model._states[self.unit], table)[name], 0 if table == "township" else self.row

    def read(self: Row) -> Any:
        values, row = column(self)
        value = values[row]
        if not isinstance(value, np.ndarray):
            return value.item()
        if closed:
            value.flags.writeable = False
        return value

    def write(self: Row, value: Any) -> None:
        if closed:
            raise AttributeError(f"{type(self).__name__}.{name} cannot be written: {closed}")
        values, row = column(self)
        given, flag = np.asarray(value), values.dtype.kind == "u"
        if given.dtype.kind not in "biuf" or not np.all(np.isin(given, (0, 1)) if flag else np.isfinite(given)):
            allowed = "0 or 1" if flag else "finite numbers"
            raise ValueError(f"{type(self).__name__}.{name}: {value!r} given, {allowed} expected")
        before = values[row].copy()
        values[row] = value
        if not np.array_equal(values[row], before):
            self.model._note(self.unit, name in SUMMED)

    return property(read, write, doc=f"{meaning}. Read-only: {closed}." if closed else f"{meaning}.")


KEY = "rows, queues or chance hang on it"
RESULT = "it is worked out anew every week before it is used"


class Cadre(Row):
    """A cadre: one seat in a village, or the posts of one row in a township department.

    Every field of `sim.state.CADRE` is an attribute (see there for units). Fields with one value a channel
    (access, propensity, dared, rate, open_weeks, taken: (4,)), an activity (spent: (6,)) or a priority (priority: (5,))
    are read as array views.
    """

    @property
    def queue(self) -> int:
        """Steps of cases that wait at the desk (those still under way are not among them)."""
        steps, node, count = self.model._states[self.unit].steps["after"], self.head, 0
        while node >= 0:
            node, count = int(steps[node]), count + 1
        return count

    @property
    def role_name(self) -> str:
        """The village role, or the township department: one of sim.state.ROLES or CLUSTERS."""
        return CLUSTERS[self.role] if self.village < 0 else ROLES[self.role]


class Resident(Row):
    """A resident. Every field of `sim.state.RESIDENT` is an attribute.

    What is written to satisfaction, trust or superior enters the sums of the village before the next week.
    """


class Department(Row):
    """One of a township unit's ten departments (clusters); `row` is its place in sim.state.CLUSTERS.

    Its desks are rows of cadres: hours, queue and backlog are summed over them, and are written there.
    pressure, form_push, visit_push, informal_hours and knowledge belong to the
    unit's departments together: all ten show the same, and writing one writes it for all.
    """

    @property
    def name(self) -> str:
        """Id of the cluster, one of sim.state.CLUSTERS."""
        return CLUSTERS[self.row]

    @property
    def cadres(self) -> tuple[Cadre, ...]:
        """The agents of its cadre rows."""
        first, end = self.model._states[self.unit].office["clusters"][0, self.row : self.row + 2]
        return tuple(self.model._cadres[self.unit][first:end])

    def _sum(self, name: str) -> float:
        state = self.model._states[self.unit]
        first, end = state.office["clusters"][0, self.row : self.row + 2]
        return float(state.cadres[name][first:end].sum())

    @property
    def posts(self) -> float:
        """Full posts."""
        return self._sum("posts")

    @property
    def desk_hours(self) -> float:
        """Desk capacity: hours kept for casework last week, all posts."""
        return self._sum("desk_hours")

    @property
    def used_hours(self) -> float:
        """Hours of casework used last week, all posts."""
        return self._sum("used_hours")

    @property
    def backlog(self) -> float:
        """Standard hours of work that wait at its desks."""
        return self._sum("backlog")

    @property
    def queue(self) -> int:
        """Steps of cases that wait at its desks (those still under way are not among them)."""
        return sum(cadre.queue for cadre in self.cadres)


def _add_fields() -> None:
    """Give the agents their properties, from the tables of the state."""
    for name, meaning in CADRE_MEANING.items():
        closed = KEY if name in CADRE_KEYS else RESULT if name in CADRE_RESULTS else ""
        setattr(Cadre, name, field("cadres", name, meaning, closed))
    for name, meaning in RESIDENT_MEANING.items():
        closed = KEY if name in RESIDENT_KEYS else ""
        setattr(Resident, name, field("residents", name, meaning, closed))
    for name in (*DEPARTMENT_TOWNSHIP, *DEPARTMENT_RESULTS):
        closed = RESULT if name in DEPARTMENT_RESULTS else ""
        setattr(Department, name, field("township", name, TOWNSHIP_MEANING[name], closed))


_add_fields()
