from __future__ import annotations

import sys
import types

import pytest

from experiments.output import contents
from sim.version import model_version

from .fake_model import INDICATORS, OUTCOMES, FakeModel


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def use_model(monkeypatch):
    """Put a FakeModel in the place of sim.run; keywords go to FakeModel."""

    def put(**keywords) -> FakeModel:
        model_version()  # of the real tables, before others stand in their place
        model = FakeModel(**keywords)
        indicators = types.ModuleType("sim.indicators")
        indicators.INDICATORS, indicators.OUTCOMES = INDICATORS, OUTCOMES
        indicators.PAIN_POINTS = indicators.CAUSES = ()
        for name, module in (("run", model), ("dataset", model), ("indicators", indicators)):
            import sim

            monkeypatch.setitem(sys.modules, f"sim.{name}", module)
            monkeypatch.setattr(sim, name, module, raising=False)
        return model

    return put


@pytest.fixture
def no_drawing(monkeypatch):
    """Figures and pages are the analysis' business and are tested there."""
    monkeypatch.setattr(contents, "write_figures", lambda *a: None)
    monkeypatch.setattr(contents, "write_pages", lambda *a: None)


@pytest.fixture
def model(use_model, no_drawing):
    return use_model()
