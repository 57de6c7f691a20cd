"""A page that tells of an earlier model says so on its first line."""

from __future__ import annotations

import pytest

from sim.version import model_version
from tools import stale

PAGE = "# Title\n\n- model version: `{version}`\n"


@pytest.mark.parametrize("path", list(stale.pages()), ids=lambda path: path.name)
def test_a_page_says_on_its_first_line_whether_it_is_of_an_earlier_model(path):
    text = path.read_text(encoding="utf-8")
    assert text == stale.marked(text, stale.language_of(path), model_version()), "python -m tools.stale renews it"


def test_pages_of_checks_results_and_validation_are_looked_at():
    names = {path.name for path in stale.pages()}
    assert {"harms.md", "levers.md", "dials.md", "reasons.md", "validation.md", "full_ranking.md"} <= names
    assert "full_ranking.zh.md" in names


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_line_comes_with_another_version_and_goes_with_its_own(language):
    old = PAGE.format(version=stale.FIFTH)
    late = stale.marked(old, language, "0" * 16)
    first, _, rest = late.partition("\n\n")
    assert first.startswith("> **") and rest == old
    assert {"en": "the fifth model", "zh": "第五版模型"}[language] in first
    assert stale.marked(late, language, "0" * 16) == late
    assert stale.marked(late, language, stale.FIFTH) == old
    other = stale.marked(PAGE.format(version="ab" * 8), language, "0" * 16)
    assert stale.WHICH[language][""] in other
