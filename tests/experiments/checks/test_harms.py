"""Every measure can hurt, as experiments/checks/harms.py shows it in docs/checks/harms.md."""

from __future__ import annotations

import re

import pytest

from experiments.checks.harms import OUTCOME, SETTINGS, path_of, row_of
from experiments.checks.runs import DOCS
from experiments.job import study_of as compose
from sim.indicators import OUTCOMES
from sim.inputs.files import CONFIGS
from sim.inputs.measures import MEASURES


@pytest.mark.parametrize("measure", OUTCOME)
@pytest.mark.slow
def test_a_measure_hurts_by_the_route_its_file_names(measure, compiled_model):
    row = row_of(measure)
    assert row.hurts, f"{row.outcome}: {row.effect}"
    assert row.by_the_route, f"{row.outcome} with {', '.join(row.route)} frozen: {row.frozen}"


def test_every_measure_of_the_essay_has_its_file_and_no_file_is_of_a_measure_there_is_not():
    assert {path.stem for path in (CONFIGS / "harms").glob("*.yaml")} == set(OUTCOME) <= set(MEASURES)
    assert {id for id, measure in MEASURES.items() if measure.source.startswith("Essay")} <= set(OUTCOME)
    assert list(OUTCOME) == [id for id in MEASURES if id in OUTCOME]
    assert set(OUTCOME.values()) <= set(OUTCOMES)


def test_the_measure_is_all_that_differs(subtests):
    """With against without: the measure. Frozen against not: the knock-out. Both languages are there."""
    for measure in OUTCOME:
        with subtests.test(measure=measure):
            study = compose("compare", {"experiment": str(path_of(measure)), "quiet": True})
            assert tuple(study.settings) == SETTINGS
            without, with_measure, without_frozen, with_frozen = study.settings.values()
            added = [use for use in with_measure.measures if use not in without.measures]
            assert [(use.id, use.intensity) for use in added] == [(measure, 1.0)]
            assert without.replace(measures=with_measure.measures).fingerprint == with_measure.fingerprint
            for free, frozen in ((without, without_frozen), (with_measure, with_frozen)):
                assert frozen.knock_out and frozen.replace(knock_out=()).fingerprint == free.fingerprint
            assert without_frozen.knock_out == with_frozen.knock_out
            assert study.label["en"].isascii() and not study.label["zh"].isascii()


def test_the_page_lists_exactly_the_measures():
    text = (DOCS / "checks" / "harms.md").read_text(encoding="utf-8").split("## Sizes")[0]
    assert re.findall(r"^\| \[(\w+)\]", text, flags=re.M) == list(OUTCOME)
