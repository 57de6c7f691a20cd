"""Relations between runs (tests/relations.yaml), each tried on a fault that it should notice.

    python -m tests.benchmarks.relations            all; about half an hour
    python -m tests.benchmarks.relations words      only those whose sentence has these words

Exit code 1 if a relation holds although the fault is planted.
"""

from __future__ import annotations

import sys

import yaml

from tests.benchmarks.mutants import ROOT, Fault, tried

TABLE = ROOT / "tests" / "relations.yaml"


def relations() -> list[dict]:
    """The table."""
    return yaml.safe_load(TABLE.read_text(encoding="utf-8"))


def fault_of(relation: dict) -> Fault:
    """The fault of a relation. Raises ValueError unless its words occur once in its file."""
    given = relation["fault"]
    text = (ROOT / given["file"]).read_text(encoding="utf-8")
    if text.count(given["words"]) != 1:
        raise ValueError(f"{given['file']}: {given['words']!r} occurs {text.count(given['words'])} times")
    start = text.index(given["words"])
    line = text.count("\n", 0, start) + 1
    return Fault(given["file"], line, 0, "planted", start, start + len(given["words"]), given["instead"])


def main() -> int:
    """Try the relations one after another."""
    asked, held = " ".join(sys.argv[1:]), 0
    chosen = [relation for relation in relations() if asked in relation["relation"]]
    for relation in chosen:
        verdict = tried(fault_of(relation), [relation["test"]], marks="")
        held += verdict != "noticed"
        print(f"{verdict:<12}{relation['relation']}", flush=True)
    print(f"{len(chosen) - held} of {len(chosen)} noticed their fault")
    return int(held > 0)


if __name__ == "__main__":
    sys.exit(main())
