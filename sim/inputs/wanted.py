"""Which parameters and facts the model reads, by name: known before anything is compiled.

Mechanisms read `p.<parameter>`, `f.<fact>`, `kind.<column>`, `kinds[...].<column>`, the town builder also
`money["<fact>"]` and the like. The names are taken from that text, and a test compares them with the syntax trees. A
line of configs/ that nothing reads is an error, just as a missing line is.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sim.inputs.validators import SettingError, refuse, unknown
from sim.vocabulary import CHANNELS, CLUSTERS, KINDS, ROLES

SIM = Path(__file__).parents[1]
_PARAMETER = re.compile(r'\bp(?:\[0\])?\.(\w+)|\bparameters\["(\w+)"\]')
_FACT = re.compile(r"\bf(?:\[0\])?\.(\w+)")
_PLACED = re.compile(r'\b(population|money|staffing|calendar|switches)(?:"\])?\["(\w+)"\]')
_COLUMN = re.compile(r"\b(?:kind|kinds\[[^\]]*\])\.(\w+)")
READERS = ("week.py", "recording.py", "town.py", "population.py", "inputs/sampling.py", "run.py")  # beside mechanisms
# Entities, and their tables in sim/state.py; "place" is the township unit.
ENTITIES = {"place": "TOWNSHIP", "village": "VILLAGE", "cadre": "CADRE", "resident": "RESIDENT_FIELDS"}
START = (  # fields of the state that do not stand at 0 before the burn-in
    "norm", "active", "information", "performance", "remote_performance", "project_value", "contact", "mood",
    "mood_trust", "mood_superior", "expected", "wrongs_known", "wrong_inclusion", "wrong_exclusion", "misfit",
    "reserves", "cleared", "fit_gained", "trouble", "wrongdoing", "believed_trouble", "repeat", "pressure",
    "form_push", "visit_push", "carry", "ontime_recent", "incidents_recent", "seals", "check_hours", "windows",
    "repeat_norm", "petition_rate", "remembered_examined", "believed_examined", "remembered_detection",
    "believed_detection", "believed_tolerance", "intensity", "pace", "desk_hours", "satisfaction", "trust",
    "superior", "expected_wait",
)  # fmt: skip
OWNED = ("hotline", "petition")  # kinds that go to the cluster that owns the matter; a column for them is no must


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model reads, each name with the file of sim/ that reads it.

    A fact may stand in any file of single facts unless `files` names one; `columns` are those of case kinds.
    """

    parameters: Mapping[str, str]
    facts: Mapping[str, str]
    files: Mapping[str, str]
    columns: Mapping[str, str]


@cache
def reading() -> Reading:
    """The names in the text of the mechanisms, of the week, of the town builder and of the run."""
    parameters: dict[str, str] = {}
    facts: dict[str, str] = {}
    files: dict[str, str] = {}
    columns: dict[str, str] = {}
    for path in (
        *sorted((SIM / "mechanisms").glob("*.py")),
        *(SIM / name for name in READERS),
    ):
        text, reader = path.read_text(encoding="utf-8"), f"sim/{path.relative_to(SIM).as_posix()}"
        placed = {fact: file for file, fact in _PLACED.findall(text)}
        files |= placed
        for names, here in (
            (parameters, [one or other for one, other in _PARAMETER.findall(text)]),
            (facts, [*_FACT.findall(text), *placed]),
            (columns, _COLUMN.findall(text)),
        ):
            for name in here:
                names.setdefault(name, reader)
    return Reading(parameters, facts, files, columns)


@cache
def fields() -> Mapping[str, frozenset[str]]:
    """Names of the fields of each entity of sim/state.py, read from its text: importing it would load numpy."""
    tree = ast.parse((SIM / "state.py").read_text(encoding="utf-8"))
    tables = {ast.unparse(node.targets[0]): node.value for node in tree.body if isinstance(node, ast.Assign)}
    return {
        entity: frozenset(field[0] for field in ast.literal_eval(tables[table])) for entity, table in ENTITIES.items()
    }


def tables() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Rows and columns that each table of facts must have."""
    routed = tuple(kind for kind in KINDS if kind not in OWNED)
    return {
        "case_kinds": (KINDS, tuple(reading().columns)),
        "village_roles": (ROLES, ("paper_weight", "policy_weight", *CHANNELS)),
        "township_clusters": (CLUSTERS, ("staff", "paper_weight", *routed, "owner_share", "finance_access")),
        "start": (START, ("value", *ENTITIES)),
    }


def check_parameters(found: Mapping[str, str]) -> None:
    """Refuse parameters {name: file} that are not those which the model reads."""
    _check(reading().parameters, found, "parameter", "parameters")


def check_facts(paths: Iterable[tuple[str, ...]]) -> None:
    """Refuse facts, (file, name) or (file, row, column), that are not those which the model reads."""
    paths, read = list(paths), reading()
    single: dict[str, str] = {}
    for file, name in (path for path in paths if len(path) == 2):
        if name in single:
            raise SettingError(f"{file}.yaml, {name}: stands in {single[name]}.yaml too, a name of its own expected")
        single[name] = file
    _check(read.facts, single, "fact", "facts")
    for name, file in read.files.items():
        if single[name] != file:
            where = f"{file}.yaml expected ({read.facts[name]} reads it there)"
            raise SettingError(f"{single[name]}.yaml, {name}: given, {where}")
    wanted = tables()
    for file in {path[0]: 0 for path in paths if len(path) == 3}:
        if file not in wanted:
            raise unknown(f"{file}.yaml", file, "table of facts", wanted)
    for file, (rows, _) in wanted.items():
        own = {path[1]: file for path in paths if path[0] == file and len(path) == 3}
        more = frozenset().union(*fields().values()) if file == "start" else frozenset()
        _check(dict.fromkeys(rows, "the model"), own, "row", f"facts/{file}.yaml", "rows.", more)


def check_columns(file: str, columns: Iterable[str]) -> None:
    """Refuse columns of a table of facts that are not those which the model reads."""
    if file in tables():
        known = dict.fromkeys(tables()[file][1], "the model")
        more = frozenset(OWNED) if file == "township_clusters" else frozenset()
        _check(known, dict.fromkeys(columns, file), "column", f"facts/{file}.yaml", "columns.", more)


def _check(
    known: Mapping[str, str],
    there: Mapping[str, str],
    what: str,
    place: str,
    prefix: str = "",
    more: frozenset[str] = frozenset(),
) -> None:
    """Refuse a name {name: file} that nothing reads, then one that is not there {name: reader}; `more` may be there."""
    missing = [name for name in known if name not in there]
    for name, file in there.items():
        if name not in known and name not in more:
            raise unknown(f"{file}.yaml", f"{prefix}{name}", what, missing or known, "nothing in sim/ reads it")
    for name in missing:
        raise SettingError(f"configs/{place}, {prefix}{name}: missing, {known[name]} reads it")


def check_start(path: tuple[str, ...], value: float, origin: str, key: str) -> None:
    """Refuse a fact (start, field, entity) that gives a field to an entity that has none of this name."""
    if path[0] != "start" or path[2] not in ENTITIES or value == 0.0:
        return
    owners = [entity for entity in ENTITIES if path[1] in fields()[entity]]
    if owners and path[2] not in owners:
        raise refuse(origin, key, value, f"0 ({path[1]} is a field of {' and '.join(owners)})")
