"""From a setting to what the compiled week reads: parameters, facts and orders, as records and arrays."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim import chance
from sim.inputs.measures import Cost, Measure
from sim.inputs.settings import Setting
from sim.levers import LEVERS
from sim.state import CADRE_TYPE, LEVER_TYPE, RESPONSES, TOWNSHIP_TYPE, VILLAGE_TYPE, as_columns, columns_of
from sim.vocabulary import COSTS, KINDS, MECHANISMS, NATURES, OPERATIONS, STATED, THEORIES


class Policy(NamedTuple):
    """What has been ordered: measures, their entries, and the user's own lever values."""

    intensity: np.ndarray  # (measures,) 0-1
    start: np.ndarray  # (measures,) week
    end: np.ndarray  # (measures,) week
    ramp: np.ndarray  # (measures,) weeks
    nature: np.ndarray  # (measures,) 0 built, 1 rule, 2 drive
    village_hours: np.ndarray  # (measures,) hours a village-cadre-week at full intensity
    township_hours: np.ndarray  # (measures,) hours a township-cadre-week at full intensity
    entry_measure: np.ndarray  # (entries,) row of the measure
    entry_lever: np.ndarray  # (entries,) column of the lever
    entry_op: np.ndarray  # (entries,) 0 scale, 1 close, 2 norm
    entry_value: np.ndarray  # (entries,)
    base: np.ndarray  # (levers,) what the town has been
    change_value: np.ndarray  # (levers,) what the user set
    change_start: np.ndarray  # (levers,) week
    change_end: np.ndarray  # (levers,) week
    low: np.ndarray  # (levers,)
    high: np.ndarray  # (levers,)


class World(NamedTuple):
    """What does not change while a unit runs: parameters, facts, routes, keys, policy, theories."""

    parameters: np.ndarray  # (1,) record
    facts: np.ndarray  # (1,) record
    kinds: np.ndarray  # (7,) record
    keys: np.ndarray  # (streams, 2) uint64
    base: np.ndarray  # (1,) levers before week 0, record
    policy: Policy
    theory: np.ndarray  # (1,) record of numbers (sim.vocabulary.THEORIES)
    frozen: np.ndarray  # (11,) int64: 1 = knocked out from week 0
    township_columns: np.ndarray  # (n, 2) int64: mechanism, column of its responses
    village_columns: np.ndarray
    cadre_columns: np.ndarray
    lever_columns: np.ndarray


FOREVER = np.int64(1 << 40)
COST_KEYS = 1 << 51  # numbers of the draws of costs, beyond those of any measure's entries


def record_of(values: dict[str, float]) -> np.ndarray:
    """One record with a float field for each name: array (1,)."""
    row = np.zeros(1, np.dtype([(name, "f8") for name in values]))
    for name, value in values.items():
        row[name] = value
    return row


def facts_record(setting: Setting) -> np.ndarray:
    """The scalar facts as one record."""
    values: dict[str, float] = {}
    for group in setting.facts.values():
        values.update({k: v for k, v in group.items() if isinstance(v, int | float)})
    return record_of(values)


def kinds_table(setting: Setting) -> np.ndarray:
    """Case kinds as records (7,)."""
    rows = setting.facts["case_kinds"]
    names = list(rows[KINDS[0]])
    table = np.zeros(len(KINDS), np.dtype([(name, "f8") for name in names]))
    for k, kind in enumerate(KINDS):
        for name in names:
            table[name][k] = rows[kind][name]
    return table


def theory_record(setting: Setting) -> np.ndarray:
    """The number of the chosen theory of each question (sim.vocabulary.THEORIES), as one record."""
    row = np.zeros(1, np.dtype([(name, "i8") for name in THEORIES]))
    for name, choices in THEORIES.items():
        row[name] = choices.index(setting.theory[name])
    return row


def draws(setting: Setting) -> bool:
    """Whether strengths and costs are drawn from their triangles, rather than stated by a word."""
    return setting.potency not in STATED


def drawn(setting: Setting, measure: str, number: int, low: float, mode: float, high: float) -> float:
    """A measure's draw `number` from the triangle low, mode, high; keyed by the seed, or by potency's own number."""
    if low == high:
        return mode
    who = sum(ord(letter) * pow(131, i, 1 << 50) for i, letter in enumerate(measure)) % (1 << 50) + number
    keys = chance.stream_keys(setting.seed if setting.potency == "draw" else int(setting.potency))
    u = float(chance.uniforms(keys, chance.POTENCY, np.array([who]), 0)[0])
    cut = (mode - low) / (high - low)
    if u < cut:
        return low + math.sqrt(u * (high - low) * (mode - low))
    return high - math.sqrt((1 - u) * (high - low) * (high - mode))


def potency(setting: Setting, measure: str, entry: int, weak: float, mode: float, strong: float) -> float:
    """Strength of an entry: weak, mode or strong, or a draw from that triangle."""
    if draws(setting):
        return drawn(setting, measure, entry, min(weak, strong), mode, max(weak, strong))
    return {"weak": weak, "mode": mode, "strong": strong}[str(setting.potency)]


def cost(setting: Setting, measure: Measure, name: str) -> float:
    """What a measure takes, in the unit of the cost `name` (of COSTS): its mode, or a draw where strengths are drawn.

    Weak and strong say how a measure works, not what it takes: there, too, it takes its mode.
    """
    one: Cost = getattr(measure, name)
    if draws(setting):
        return drawn(setting, measure.id, COST_KEYS + COSTS.index(name), one.low, one.mode, one.high)
    return one.mode


def policy_of(setting: Setting, history: bool = False) -> Policy:
    """What is ordered, as arrays; a history knows of no measures and no changes."""
    uses = () if history else setting.measures
    changes = () if history else setting.levers
    columns = {name: i for i, name in enumerate(LEVERS)}
    count = len(LEVERS)
    base = np.array([setting.drawn.levers[name] for name in LEVERS])
    value, start, end = base.copy(), np.full(count, FOREVER), np.full(count, FOREVER)
    for change in changes:
        k = columns[change.id]
        value[k], start[k] = change.value, change.start
        end[k] = FOREVER if change.end is None else change.end
    defined = [setting.definitions[use.id] for use in uses]
    entries = [
        (m, columns[e.lever], OPERATIONS.index(e.op), potency(setting, measure.id, i, e.weak, e.mode, e.strong))
        for m, measure in enumerate(defined)
        for i, e in enumerate(measure.entries)
    ]

    def floats(values) -> np.ndarray:
        return np.array(list(values), np.float64)

    def whole(values) -> np.ndarray:
        return np.array(list(values), np.int64)

    return Policy(
        intensity=floats(use.intensity for use in uses),
        start=whole(use.start for use in uses),
        end=whole(FOREVER if use.end is None else use.end for use in uses),
        ramp=floats(max(m.ramp_weeks, 1) for m in defined),
        nature=whole(NATURES.index(m.nature) for m in defined),
        village_hours=floats(cost(setting, m, "hours_per_village_cadre_week") for m in defined),
        township_hours=floats(cost(setting, m, "hours_per_township_cadre_week") for m in defined),
        entry_measure=whole(e[0] for e in entries),
        entry_lever=whole(e[1] for e in entries),
        entry_op=whole(e[2] for e in entries),
        entry_value=floats(e[3] for e in entries),
        base=base,
        change_value=value,
        change_start=start,
        change_end=end,
        low=floats(lever.low for lever in LEVERS.values()),
        high=floats(lever.high for lever in LEVERS.values()),
    )


def response_columns(rows: str, dtype: np.dtype) -> np.ndarray:
    """(mechanism, column) of every response field in one kind of record: int64 array (n, 2)."""
    found: list[tuple[int, int]] = []
    for number, mechanism in enumerate(MECHANISMS):
        names = RESPONSES[mechanism].get(rows, ())
        found.extend((number, column) for column in columns_of(dtype, names))
    return np.array(found, np.int64).reshape(-1, 2)


def world_of(setting: Setting, history: bool = False) -> World:
    """Everything that does not change while the setting's units run."""
    policy = policy_of(setting, history)
    base = np.zeros(1, LEVER_TYPE)
    as_columns(base)[0] = policy.base
    frozen = np.zeros(len(MECHANISMS), np.int64)
    for name in () if history else setting.knock_out:
        frozen[MECHANISMS.index(name)] = 1
    return World(
        parameters=record_of(dict(setting.parameters)),
        facts=facts_record(setting),
        kinds=kinds_table(setting),
        keys=chance.stream_keys(setting.seed),
        base=base,
        policy=policy,
        theory=theory_record(setting),
        frozen=frozen,
        township_columns=response_columns("township", TOWNSHIP_TYPE),
        village_columns=response_columns("village", VILLAGE_TYPE),
        cadre_columns=response_columns("cadre", CADRE_TYPE),
        lever_columns=response_columns("levers", LEVER_TYPE),
    )
