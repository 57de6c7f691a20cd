"""The module outside a browser: what web/model.js does, with wasmtime."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

import numpy as np
import wasmtime

from experiments.page.image import BASE, Image
from sim.inputs.measures import read_measures
from sim.inputs.settings import Setting
from sim.levers import LEVERS
from sim.state import CASE, OFFICE, STEP, TALLY_TYPE
from sim.world import FOREVER

PAGE = 65536


@dataclass
class Town:
    """An instance of the module with room for an image."""

    image: Image
    grown: int = 0  # pools grown so far

    def __post_init__(self) -> None:
        self.store = wasmtime.Store()

    def load(self, module: bytes) -> Town:
        self.instance = wasmtime.Instance(self.store, wasmtime.Module(self.store.engine, module), [])
        exports = self.instance.exports(self.store)
        self.memory, self.call, self.heap_from = exports["memory"], exports["run_weeks"], exports["heap_from"]
        self.memory.grow(self.store, (self.image.end + 65536 * 16) // PAGE - self.memory.size(self.store) + 1)
        return self

    @property
    def bytes(self) -> np.ndarray:
        size = self.memory.data_len(self.store)
        address = ctypes.addressof(self.memory.data_ptr(self.store).contents)
        return np.ctypeslib.as_array((ctypes.c_ubyte * size).from_address(address))

    def rows(self, name: str, dtype: np.dtype | type) -> np.ndarray:
        address, count, size = self.image.places[name]
        return self.bytes[address : address + count * size].view(dtype)

    def run(self, setting: Setting, piece: int = 208) -> np.ndarray:
        """Tallies of weeks 0 ... weeks - 1 of a setting, run in pieces of so many weeks."""
        self.bytes[BASE : BASE + len(self.image.data)] = np.frombuffer(self.image.data, np.uint8)
        self.order(setting)
        rows = {name: self.image.arguments[mark + 5][1] for name, mark in self.image.marks.items() if name != "weeks"}
        series = self.rows("series", TALLY_TYPE)
        series.view(np.uint8)[:] = 0
        now = 0
        while now < setting.weeks:
            last = min(now + piece, setting.weeks)
            reached = self.advance(now, last, rows)
            if reached == now or reached < last:
                self.grow(rows)
            now = reached
        return self.rows("series", TALLY_TYPE)[: setting.weeks].copy()

    def order(self, setting: Setting) -> None:
        """Write a setting's measures and levers where the week reads them."""
        never = int(FOREVER)
        names = list(read_measures())
        intensity, start, end = (
            self.rows(name, kind) for name, kind in (("intensity", float), ("start", int), ("end", int))
        )
        intensity[:], start[:], end[:] = 0.0, never, never
        for use in setting.measures:
            m = names.index(use.id)
            intensity[m], start[m], end[m] = use.intensity, use.start, never if use.end is None else use.end
        value, begin, stop = (
            self.rows(f"change_{name}", kind) for name, kind in (("value", float), ("start", int), ("end", int))
        )
        for change in setting.levers:
            k = list(LEVERS).index(change.id)
            value[k], begin[k], stop[k] = change.value, change.start, never if change.end is None else change.end

    def advance(self, first: int, last: int, rows: dict[str, int]) -> int:
        """Call the week; returns the next week to run."""
        image = self.image
        values = [value for _, value in image.arguments]
        for name, count in rows.items():
            mark = image.marks[name]
            values[mark + 2] = values[mark + 5] = count
        weeks = image.marks["weeks"]
        values[weeks : weeks + 3] = first, last, 0
        self.heap_from(self.store, image.end + 64)
        status = self.call(self.store, image.end, image.end + 16, *values)
        assert status == 0, status
        return int(self.bytes[image.end : image.end + 8].view(np.int64)[0])

    def grow(self, rows: dict[str, int]) -> None:
        """Grow both pools in place, as sim.town.grow_pools does to a copy."""
        residents = self.image.places["residents"][1]
        self.grown += 1
        more = rows["cases"] // 2 + residents // 8
        office = self.rows("office", OFFICE)
        for name, dtype, link, what, added in (
            ("cases", CASE, "next", "case", more), ("steps", STEP, "after", "step", 2 * more),
        ):  # fmt: skip
            first, after = rows[name], rows[name] + added
            table = self.rows(name, dtype)
            assert after <= len(table), "the reserve is too small"
            table[first:after] = np.zeros(added, dtype)
            table[link][first : after - 1] = np.arange(first + 1, after)
            table[link][after - 1] = office[f"free_{what}"][0]
            office[f"free_{what}"] = first
            office[f"{what}s_free"] += added
            rows[name] = after
