"""A town at week 0 as an image of WebAssembly memory, and the arguments with which the week is called on it.

The compiled week takes each array as numbers: owner, parent, length, bytes an item, address, shape, strides. So a
page needs no arrays of its own. It copies the image to BASE, writes the policy where `Image.places` says, and calls the
week with `Image.arguments`. The last rows of the image are reserves, into which the pools of cases and steps may grow.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.inputs.measures import read_measures
from sim.inputs.settings import MeasureUse, Setting
from sim.inputs.validators import SettingError
from sim.levers import LEVERS
from sim.run import history, scratch, with_measures
from sim.state import TALLY_TYPE, State, as_columns
from sim.town import units_of
from sim.world import FOREVER, World, world_of

BASE = 1 << 20  # address of the image: module data and stack lie below
ALIGN = 64

Scalar = tuple[str, int]  # "p": an address (32 bits), "i": a whole number (64 bits)


@dataclass(frozen=True)
class Image:
    """Memory of one seed at week 0.

    data: bytes from BASE on. arguments: of `run_weeks`, in order; their first, last and begin stand at `weeks` of
    `marks`. places: name -> (address, rows, bytes a row) of what the page reads or writes. end: first free address.
    baseline: (52, tallies) of the year before.
    """

    seed: int
    data: bytes
    arguments: tuple[Scalar, ...]
    marks: dict[str, int]
    places: dict[str, tuple[int, int, int]]
    end: int
    baseline: np.ndarray


def with_every_measure(setting: Setting) -> Setting:
    """The setting with each measure there is, ordered from never on: room for whatever the page will order."""
    never = int(FOREVER)
    return setting.replace(measures=tuple(MeasureUse(id, 1.0, never) for id in read_measures()), levers=())


def image_of(setting: Setting) -> Image:
    """The image of a setting's town and seed at week 0, nothing ordered. SettingError unless it is one unit."""
    units = len(units_of(setting))
    if units > 1 or setting.town.weight:
        what = f"has {units} units" if units > 1 else "is drawn anew with each seed"
        raise SettingError(
            f"experiments.page, town: {setting.town.id} {what}, a town of one township unit expected "
            "(average, demo_village, inspected, remote_town, subdistrict)"
        )
    past = history(setting)
    world = world_of(with_every_measure(setting))
    state = with_measures(past.units[0].state, world)
    return laid_out(setting, state, world, past.units[0].tallies)


def call_of(state: State, world: World, weeks: int) -> tuple[Any, ...]:
    """The arguments of `run_weeks` for weeks 0 ... weeks - 1, as Python gives them."""
    groups = state.due.shape[0]
    series = np.zeros((weeks + 1, groups), TALLY_TYPE)
    flat = series.view(np.float64).reshape(weeks + 1, groups, -1)
    views = tuple(as_columns(rows) for rows in (state.township, state.villages, state.cadres, state.levers))
    return state, views, world, 0, weeks, 0, series, flat, *scratch(state)


def layout_of(arguments: Any) -> str:
    """Digest of the types for which a module is compiled: any other field of any record asks for another module."""

    def types(value: Any) -> Iterator[str]:
        if isinstance(value, np.ndarray):
            yield f"{value.dtype.descr}{value.dtype.itemsize}/{value.ndim}"
        elif isinstance(value, tuple):
            for part in value:
                yield from types(part)
        else:
            yield "int"

    return hashlib.sha256(";".join(types(arguments)).encode()).hexdigest()[:16]


def laid_out(setting: Setting, state: State, world: World, tallies: np.ndarray) -> Image:
    """Lay out all that the week reads and writes from BASE on."""
    call = call_of(state, world, setting.weeks)
    spare = {id(state.cases): 3 * len(state.cases) + len(state.residents)}
    spare[id(state.steps)] = 2 * spare[id(state.cases)]
    working = {id(array) for array in call[6:]}  # tallies and scratch: no part of the image
    places: dict[int, int] = {}
    pieces: list[bytes] = []
    end = BASE
    arrays = sorted(_arrays(call), key=lambda array: id(array) in working)
    for array in arrays:
        pointer = _pointer(array)
        if pointer in places:
            continue
        places[pointer] = end
        size = array.nbytes + spare.get(id(array), 0) * array.itemsize
        padded = -(-size // ALIGN) * ALIGN
        if id(array) not in working:
            pieces.append(array.tobytes().ljust(padded, b"\0"))
        end += padded
    scalars = tuple(_scalars(call, places))
    named = {**state._asdict(), **world.policy._asdict(), "series": call[6]}
    found = {
        name: (places[_pointer(array)], len(array) + spare.get(id(array), 0), array.itemsize)
        for name, array in named.items()
    }
    return Image(setting.seed, b"".join(pieces), scalars, _marks(call), found, end, tallies)


def _pointer(array: np.ndarray) -> int:
    """Where an array lies in this process; an empty one, which may share that with another, by its own identity."""
    return int(array.__array_interface__["data"][0]) if array.nbytes else -id(array)


def _arrays(value: Any) -> Iterator[np.ndarray]:
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _arrays(part)


def _scalars(value: Any, places: dict[int, int]) -> Iterator[Scalar]:
    """The numbers that the compiled week takes for a value."""
    if isinstance(value, np.ndarray):
        yield from (("p", 0), ("p", 0), ("i", value.size), ("i", value.itemsize), ("p", places[_pointer(value)]))
        yield from (("i", number) for number in (*value.shape, *value.strides))
    elif isinstance(value, tuple):
        for part in value:
            yield from _scalars(part, places)
    else:
        yield "i", int(value)


def _marks(call: tuple[Any, ...]) -> dict[str, int]:
    """Where some arguments begin: those of the two pools, and the three weeks."""

    def count(values: Any) -> int:
        nowhere = {_pointer(array): 0 for array in _arrays(values)}
        return len(tuple(_scalars(values, nowhere)))

    state: State = call[0]
    before = {name: count(tuple(state)[: state._fields.index(name)]) for name in ("cases", "steps")}
    return {**before, "weeks": count(call[:3])}


def writable(places: dict[str, tuple[int, int, int]]) -> dict[str, int]:
    """Addresses of the policy that a page writes: one number a measure or lever, in the order of their tables."""
    names = ("intensity", "start", "end", "change_value", "change_start", "change_end")
    assert places["intensity"][1] == len(read_measures()) and places["change_value"][1] == len(LEVERS)
    return {name: places[name][0] for name in names}
