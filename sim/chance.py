"""Keyed chance (common random numbers): every draw is a pure function of (seed, stream, who, when).

No generator has a state that moves. Two settings with one seed share every shock that both meet. Adding a measure, a
recorder or a further use of random numbers shifts no other draw. Results depend neither on threads nor on order. A
case's draws are keyed by its visit number rather than by the week, so that shocks stay shared when a case merely
arrives later.

The mixing function is the finaliser of splitmix64 (Steele, Lea & Flood 2014, variant 13 of Stafford).
A stream owns a start and an odd increment, both derived from the seed, so that streams do not overlap.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel

STREAMS = (
    "town", "ties", "potency", "visits_received", "needs", "petitions", "case", "initiative", "projects",
    "closures", "opportunity", "examination", "detection", "adjudication", "recorded", "incidents",
    "people", "newcomer", "promotion", "election", "own_projects", "transfer",
)  # fmt: skip
(
    TOWN, TIES, POTENCY, VISITS_RECEIVED, NEEDS, PETITIONS, CASE, INITIATIVE, PROJECTS,
    CLOSURES, OPPORTUNITY, EXAMINATION, DETECTION, ADJUDICATION, RECORDED, INCIDENTS,
    PEOPLE, NEWCOMER, PROMOTION, ELECTION, OWN_PROJECTS, TRANSFER,
) = (np.int64(i) for i in range(len(STREAMS)))  # fmt: skip

_A = np.uint64(0xBF58476D1CE4E5B9)
_B = np.uint64(0x94D049BB133111EB)
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_UNIT = 2.0**-53


@kernel
def mix(x):
    """Scramble 64 bits (splitmix64 finaliser)."""
    x = (x ^ (x >> _S30)) * _A
    x = (x ^ (x >> _S27)) * _B
    return x ^ (x >> _S31)


@kernel
def moment_key(keys, stream, when):
    """Key of a stream at one moment; `word(key, increment, who)` then costs one scramble a person."""
    return mix(keys[stream, 0] + np.uint64(when) * GOLDEN)


@kernel
def word(key, increment, who):
    """64 keyed bits for `who` under a moment's key."""
    return mix(key + np.uint64(who) * increment)


@kernel
def unit(bits):
    """64 bits as a number in [0, 1)."""
    return np.float64(bits >> _S11) * _UNIT


@kernel
def uniform(keys, stream, who, when):
    """Keyed uniform number in [0, 1) for `who` at `when` (a week, a visit or a step number)."""
    return unit(word(moment_key(keys, stream, when), keys[stream, 1], who))


def uniforms(keys: np.ndarray, stream: int | np.int64, who: np.ndarray, when: int) -> np.ndarray:
    """`uniform` for many at once, for building towns: float64 array of the shape of `who`."""
    mask = (1 << 64) - 1

    def scramble(x: np.ndarray) -> np.ndarray:
        x = (x ^ (x >> _S30)) * _A
        x = (x ^ (x >> _S27)) * _B
        return x ^ (x >> _S31)

    moment = np.array([(int(keys[stream, 0]) + when * int(GOLDEN)) & mask], np.uint64)
    bits = scramble(scramble(moment) + np.asarray(who).astype(np.uint64) * keys[stream, 1])
    return (bits >> _S11) * _UNIT


def stream_keys(seed: int) -> np.ndarray:
    """Start and odd increment of every stream: uint64 array (streams, 2)."""
    mask = (1 << 64) - 1

    def scramble(x: int) -> int:
        x = ((x ^ (x >> 30)) * int(_A)) & mask
        x = ((x ^ (x >> 27)) * int(_B)) & mask
        return x ^ (x >> 31)

    root = scramble((seed + 1) * int(GOLDEN) & mask)
    keys = np.empty((len(STREAMS), 2), np.uint64)
    for stream in range(len(STREAMS)):
        start = scramble((root + (stream + 1) * int(_B)) & mask)
        keys[stream, 0] = start
        keys[stream, 1] = scramble(start ^ int(_B)) | 1
    return keys
