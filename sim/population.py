"""Residents of a unit: who they are, whom they know, and what they feel together."""

from __future__ import annotations

import numpy as np

from sim import chance
from sim.compiled import entry
from sim.inputs.settings import Setting
from sim.mechanisms.residents import content
from sim.state import (
    RESIDENT,
    TIES,
    State,
)

# Numbers of draws of TOWN for a resident; those below 16 are a village's (town.py).
OVER_60, DIGITAL, THRESHOLD, DISPOSITION, CLAIMANT = 16, 17, 21, 22, 23
TIE_DRAWS = 3  # of TIES for each tie: TIE_DRAWS * tie + one of these
KNOWN, FAR, AWAY = range(TIE_DRAWS)


def write_starting_values(setting: Setting, entity: str, rows: np.ndarray) -> None:
    """Put an entity's fields where the facts say that they stand before the burn-in."""
    for name, row in setting.facts["start"].items():
        if row[entity] > 0.0:
            rows[name] = row["value"]


def build_residents(setting: Setting, villages: np.ndarray) -> tuple[np.ndarray, ...]:
    """Residents of a unit, village by village: records (residents,), ties (residents, TIES), thresholds."""
    population, keys = setting.facts["population"], chance.stream_keys(setting.seed)
    total = int(sum(villages["residents"]))
    residents = np.zeros(total, RESIDENT)
    row = np.repeat(np.arange(len(villages)), villages["residents"])
    inside = np.arange(total) - villages["first_resident"][row]
    who = (villages["uid"][row].astype(np.uint64) << np.uint64(32)) + inside.astype(np.uint64)

    def keyed(purpose: int) -> np.ndarray:
        return chance.uniforms(keys, chance.TOWN, who, purpose)

    residents["village"] = row
    residents["over_60"] = keyed(OVER_60) < villages["share_over_60"][row]
    able = np.where(residents["over_60"], population["digital_over_60"], population["digital_under_60"])
    residents["digital"] = keyed(DIGITAL) < able
    residents["claimant"] = keyed(CLAIMANT) < setting.parameters["claim_share"]
    write_starting_values(setting, "resident", residents)
    spread = setting.parameters["disposition_spread"]
    residents["disposition"] = spread * np.sqrt(12.0) * (keyed(DISPOSITION) - 0.5)
    low, high = population["threshold_low"], population["threshold_high"]
    threshold = (low + (high - low) * keyed(THRESHOLD)).astype(np.float32)
    ties = np.empty((total, TIES), np.uint32)
    size = villages["residents"][row]
    first = villages["first_resident"][row]
    for t in range(TIES):
        u = chance.uniforms(keys, chance.TIES, who, TIE_DRAWS * t + KNOWN)
        if t < TIES // 2:  # half the ties are near neighbours, the others anywhere in the village
            near = np.minimum(population["near_neighbours"], np.maximum(size - 1, 1))
            step = 1 + (u * near).astype(np.int64)
            other = first + (inside + np.where(t % 2 == 0, step, -step)) % size
        else:
            other = first + np.minimum((u * size).astype(np.int64), size - 1)
        far = chance.uniforms(keys, chance.TIES, who, TIE_DRAWS * t + FAR) < population["tie_far_share"]
        away = (chance.uniforms(keys, chance.TIES, who, TIE_DRAWS * t + AWAY) * total).astype(np.int64)
        ties[:, t] = np.where(far, np.minimum(away, total - 1), other)
    return residents, ties, threshold


def sum_up(state: State) -> None:
    """Recompute the villages' sums over residents (after residents were written from outside)."""
    add_up(state.villages, state.residents)


@entry
def add_up(villages, residents):
    """Put each village's sums over its residents, added one after another."""
    for v in range(villages.shape[0]):
        village = villages[v]
        satisfaction, trust, superior, satisfied = 0.0, 0.0, 0.0, 0.0
        for row in range(village.first_resident, village.first_resident + village.residents):
            resident = residents[row]
            satisfaction += np.float64(resident.satisfaction)
            trust += np.float64(resident.trust)
            superior += np.float64(resident.superior)
            satisfied += content(resident.satisfaction)
        village.satisfaction_sum = satisfaction
        village.trust_sum = trust
        village.superior_sum = superior
        village.satisfied = satisfied
