"""Bad inputs over every door: refused in one sentence, or taken (tests/bad_inputs.py; 20,000 in `make test-deep`)."""

from __future__ import annotations

import pytest

from tests.bad_inputs import DOORS, faults_of, run

COUNT = 500


def test_whatever_comes_in_is_refused_in_one_sentence_or_taken():
    said: list[str] = []
    found = run(COUNT, seed=0, say=said.append)
    assert not said, said[0]
    for door in DOORS:
        assert found[door, "refused"] > 5, door
    assert sum(found[door, "taken"] for door in DOORS) > 20


@pytest.mark.parametrize(
    "sentence",
    [
        "two\nlines, of words: many\n",
        "command line, town: a\x1b[31m given, a word expected\n",
        "no place before its words, nothing to find\n"[9:12],
        "command line, town: x\nTraceback (most recent call last)\n",
        "command line, town: " + "x" * 2000,
    ],
)
def test_a_poor_sentence_is_found_out(sentence):
    assert faults_of(sentence)
