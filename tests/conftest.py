"""What the tests share: the same generated cases on every run, the compiled model, and runs in one piece."""

from __future__ import annotations

import signal

import pytest
from hypothesis import settings

from tests.waiting import WAITING

# The same cases on every machine and every run: what fails once fails again. No clock: machines are shared.
settings.register_profile("house", deadline=None, derandomize=True)
settings.register_profile("deep", deadline=None, derandomize=True, max_examples=20_000)  # make test-deep
settings.load_profile("house")


def pytest_configure() -> None:
    """Hear interrupts: whoever starts the tests in the background has them ignored, and every child inherits that."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items) -> None:
    """What the present model does not meet yet is expected to fail, and must not pass unnoticed."""
    reasons = {node: reason for reason, nodes in WAITING.items() for node in nodes}
    for item in items:
        if item.nodeid in reasons:
            item.add_marker(pytest.mark.xfail(reason=reasons[item.nodeid], strict=True))


@pytest.fixture(scope="session")
def compiled_model() -> None:
    """The model is compiled, and says so in its own line, before anything is timed or captured."""
    from sim import run

    run.compile()


@pytest.fixture(scope="session")
def whole_run(compiled_model):
    """Function: run every unit of a setting in one piece, from its first week of burn-in, without a history.

    The orders are known from the start. `before` may change a unit's state before its first week.
    """
    from sim.run import run_unit, unbuilt
    from sim.town import build_unit, units_of
    from sim.vocabulary import BASELINE_WEEKS
    from sim.world import world_of

    def whole(setting, *, begin=-BASELINE_WEEKS, detail="town", world=None, before=None):
        world = world_of(setting) if world is None else world
        start = -BASELINE_WEEKS - int(setting.facts["calendar"]["settling_weeks"])
        units = []
        for number, first, unit in units_of(setting):
            state = build_unit(setting, world, number, first, unit, detail == "village")
            state = state._replace(strength=unbuilt(world))
            if before is not None:
                state = before(len(units), state)
            units.append(run_unit(state, world, start, setting.weeks, begin))
        return units

    return whole


@pytest.fixture(scope="session")
def branched_run(compiled_model):
    """Function: the units of a setting, branched from a history; tallies and waits of weeks 0 and later."""
    from sim.run import run_unit, with_measures
    from sim.world import world_of

    def branched(history, setting):
        world = world_of(setting)
        return [run_unit(with_measures(unit.state, world), world, 0, setting.weeks, 0) for unit in history.units]

    return branched


@pytest.fixture(scope="session")
def columns():
    """Function: a tuple of arrays as {name or name.field: array}, so that padding is not compared."""

    def split(arrays) -> dict:
        found = {}
        for name, array in arrays._asdict().items():
            if array.dtype.names is None:
                found[name] = array
            else:
                found.update({f"{name}.{field}": array[field] for field in array.dtype.names})
        return found

    return split


@pytest.fixture(scope="session")
def differing(columns):
    """Function: names of the arrays and fields in which two states differ in shape or in any bit."""

    def names(one, other) -> list[str]:
        a, b = columns(one), columns(other)
        return [n for n in a if a[n].shape != b[n].shape or a[n].tobytes() != b[n].tobytes()]

    return names
