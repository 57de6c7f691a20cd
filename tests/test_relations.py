"""The table of relations between runs (tests/relations.yaml) names tests and faults that there are."""

from __future__ import annotations

import ast

from tests.benchmarks.mutants import ROOT, parses
from tests.benchmarks.relations import fault_of, relations


def test_there_are_at_least_thirty_and_each_has_a_sentence_of_its_own():
    sentences = [relation["relation"] for relation in relations()]
    assert len(set(sentences)) == len(sentences) >= 30


def test_a_relation_is_looked_after_by_a_test_and_its_fault_can_be_planted(subtests):
    for relation in relations():
        with subtests.test(relation=relation["relation"]):
            file, _, name = relation["test"].partition("::")
            tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
            assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
            fault = fault_of(relation)
            assert parses((ROOT / fault.file).read_text(encoding="utf-8"), fault)
