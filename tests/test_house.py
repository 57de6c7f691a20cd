"""The house: import rules, the lock, the licence, the READMEs and the light first import."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = ("sim", "experiments", "analysis", "tools")
READMES = ("README.md", "README.zh.md")
GUIDED = ("docs/guide/jobs.md", "docs/guide/jobs.zh.md")
INSTALL = ("docs/guide/install.md", "docs/guide/install.zh.md")
HEAVY = ("SALib", "hydra", "matplotlib", "mesa", "numba", "pandas", "rich", "scipy", "xarray")
JOBS = ("run", "compare", "rank", "sweep", "demo", "report", "calibrate", "validate", "elicit", "template")
FEW = 1_000_000  # calls; help makes 95,000 to 420,000, the same whatever else the machine does


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def committed_files() -> list[Path]:
    """What git holds or would take in; outside a git checkout there is nothing to look at."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    paths = [ROOT / name for name in listed.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


# --- imports


def check_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    code = "import sys; from importlinter import cli; sys.exit(cli.lint_imports(no_cache=True))"
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_model_and_analysis_know_nobody_and_nothing_runs_in_a_circle():
    result = check_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("sim", "experiments"),
        ("sim", "analysis"),
        ("analysis", "sim"),
        ("analysis", "experiments"),
        ("sim", "tools"),
        ("experiments", "tools"),
        ("analysis", "tools"),
    ],
)
def test_a_forbidden_import_is_noticed_even_inside_a_function(tmp_path, importer, imported):
    (tmp_path / "pyproject.toml").write_text(text_of("pyproject.toml"), encoding="utf-8")
    for package in PACKAGES:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
        (tmp_path / package / "part.py").touch()
    for room in ("attribution", "uncertainty", "calibration", "figures", "report", "words"):  # that contracts name
        (tmp_path / "analysis" / f"{room}.py").touch()
    (tmp_path / importer / "part.py").write_text(f"def late():\n    import {imported}.part\n", encoding="utf-8")
    result = check_imports(tmp_path)
    assert result.returncode == 1
    assert f"{importer}.part -> {imported}.part" in result.stdout


# --- sizes and names of files

Sources = Mapping[str, str]  # path from the root -> text of a module

LONGEST_MODULE = 300  # lines
LONGEST_FUNCTION = 60
MOST_DOORS = 20
TABLES_OF_DATA = {
    "sim/state.py": "every field of the state with shape, unit and meaning",
    "sim/levers.py": "every lever with bounds, readers and source",
    "analysis/words/en.py": "every English word that a reader meets",
    "analysis/words/zh.py": "the same in Chinese",
}
LONG_FUNCTIONS = {"sim/week.py: run_weeks": "the week itself, read from top to bottom"}

# A question to a ranking, its numbers, its section of the page and its figure share a name by rule.
ROOMS = (
    "experiments/ranking/questions/",
    "analysis/attribution/",
    "analysis/uncertainty/",
    "analysis/report/sections/",
    "analysis/figures/",
)
ROOM = "question, numbers, section or figure"
ONE_SUBJECT = {
    "composite": (
        {"experiments/ranking/composite.py", ROOM},
        "The outcome weighted by the user: asked for in a ranking, and its numbers.",
    ),
    "contexts": (
        {"experiments/study/contexts.py", ROOM},
        "Contexts in which a ranking is tried again, and the columns that they take in figures.",
    ),
    "desks": (
        {"sim/mechanisms/desks.py", "experiments/checks/desks.py"},
        "The desks of the model, and a check that looks at busy ones.",
    ),
    "laws": (
        {"experiments/checks/laws.py", "analysis/calibration/laws.py", ROOM},
        "The laws of the sanity check: as stated, as judged and as drawn.",
    ),
    "layers": (
        {"sim/inputs/layers.py", "experiments/study/layers.py"},
        "What one source says of a setting, checked alone; and the layers that a study lays over each other.",
    ),
    "levers": ({"sim/levers.py", "experiments/checks/levers.py"}, "The levers, and the check that none is dead."),
    "registry": (
        {"experiments/ranking/registry.py", ROOM},
        "By what the members of a room are found: its questions, its figures.",
    ),
    "run": ({"sim/run.py", "experiments/run.py"}, "A run of the model, and the job that makes one."),
}


def modules(packages: Sequence[str] = PACKAGES) -> Sources:
    paths = (path for package in packages for path in sorted((ROOT / package).rglob("*.py")))
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def long_modules(sources: Sources) -> set[str]:
    return {path for path, text in sources.items() if len(text.splitlines()) > LONGEST_MODULE}


def long_functions(sources: Sources) -> set[str]:
    return {
        f"{path}: {node.name}"
        for path, text in sources.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    }


def shared_names(paths: Iterable[str]) -> dict[str, set[str]]:
    """File names that stand in two places, with the places; the rooms of a question count as one."""
    homes: dict[str, set[str]] = {}
    for path in paths:
        if not Path(path).stem.startswith("__"):
            homes.setdefault(Path(path).stem, set()).add(ROOM if path.startswith(ROOMS) else path)
    return {name: places for name, places in homes.items() if len(places) > 1}


def test_no_module_is_long_but_tables_of_data():
    assert long_modules(modules()) == set(TABLES_OF_DATA)


def test_no_function_is_longer_than_a_screen_but_the_week():
    assert long_functions(modules()) == set(LONG_FUNCTIONS)


def test_no_file_name_has_two_meanings():
    """A name that stands twice is in ONE_SUBJECT, with its places and why it is one subject, or is to be changed."""
    known = {name: places for name, (places, _) in ONE_SUBJECT.items()}
    assert shared_names(modules(("sim", "experiments", "analysis"))) == known


def test_the_top_level_of_experiments_has_doors_only():
    assert len(list((ROOT / "experiments").glob("*.py"))) <= MOST_DOORS


def test_a_long_module_a_long_function_and_a_second_meaning_are_noticed():
    body = "def f():\n" + "    x = 1\n" * (LONGEST_FUNCTION - 1)
    assert not long_functions({"a.py": body})
    assert long_functions({"a.py": body + "    x = 2\n"}) == {"a.py: f"}
    assert long_functions({"a.py": "async " + body + "    x = 2\n"}) == {"a.py: f"}
    lines = "x = 1\n" * LONGEST_MODULE
    assert long_modules({"a.py": lines, "b.py": lines + "x = 2\n"}) == {"b.py"}
    paths = ("sim/a.py", "analysis/a.py", "sim/__init__.py", "analysis/__init__.py", *(f"{room}b.py" for room in ROOMS))
    assert shared_names(paths) == {"a": {"sim/a.py", "analysis/a.py"}}
    assert shared_names((*paths, "sim/b.py")).keys() == {"a", "b"}


# --- what is light


def python_in_root(code: str, *arguments: str) -> str:
    result = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert result.returncode == 0, result.stderr
    return result.stderr.splitlines()[-1]


COUNT_CALLS = """
import sys
calls = 0
def count(*event):
    global calls
    calls += 1
sys.setprofile(count)
"""
REPORT = f"""
sys.setprofile(None)
print(calls, *sorted({{m.split('.')[0] for m in sys.modules}} & set({HEAVY!r})), file=sys.stderr)
"""
IMPORT_SIM = "import sim"
# The help of a job ends with SystemExit or by itself.
RUN_HELP = """
import runpy
job = sys.argv[1]
sys.argv[1:] = ["--help"]
try:
    runpy.run_module("experiments." + job, run_name="__main__", alter_sys=True)
except SystemExit as end:
    assert not end.code, end.code
"""


def assert_light(code: str, *arguments: str) -> None:
    """Little is done and nothing heavy loaded: calls are counted, since a clock would measure the machine."""
    calls, *heavy = python_in_root(COUNT_CALLS + code + REPORT, *arguments).split()
    assert not heavy, f"loaded too early: {' '.join(heavy)}"
    assert int(calls) <= FEW, f"too much work: {calls} calls"


def test_import_sim_does_little_and_loads_nothing_heavy():
    assert_light(IMPORT_SIM)


@pytest.mark.parametrize("job", JOBS)
def test_help_of_a_job_does_little_and_loads_nothing_heavy(job):
    assert_light(RUN_HELP, job)


@pytest.mark.parametrize(
    ("early", "noticed"),
    [
        ("import mesa", "loaded too early"),
        ("import hydra", "loaded too early"),
        ("for _ in range(1_000_000): len('')", "too much work"),
    ],
)
def test_a_heavy_start_is_noticed(early, noticed):
    with pytest.raises(AssertionError, match=noticed):
        assert_light(f"{early}\n{IMPORT_SIM}")


# --- the lock


def locked() -> dict[str, list[tuple[Requirement, int]]]:
    """Name -> (requirement, number of hashes) for each entry of the lock."""
    text = text_of("requirements.lock").replace("\\\n", " ")
    found: dict[str, list[tuple[Requirement, int]]] = {}
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        stated, *hashes = line.split("--hash=sha256:")
        requirement = Requirement(stated)
        found.setdefault(canonicalize_name(requirement.name), []).append((requirement, len(hashes)))
    return found


def test_every_locked_package_is_exact_and_hashed():
    for entries in locked().values():
        for requirement, hashes in entries:
            assert re.fullmatch(r"==[0-9][^,*]*", str(requirement.specifier)), requirement
            assert hashes >= 1, requirement


def test_the_lock_holds_everything_that_pyproject_asks_for():
    project = PROJECT["project"]
    wanted = [
        *PROJECT["build-system"]["requires"],
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
        *(line for group in PROJECT["dependency-groups"].values() for line in group),
    ]
    lock = locked()
    for line in wanted:
        requirement = Requirement(line)
        entries = lock.get(canonicalize_name(requirement.name), [])
        assert entries, f"{line} is not in requirements.lock"
        for entry, _ in entries:
            version = str(entry.specifier).removeprefix("==")
            assert requirement.specifier.contains(version), f"{line}, but the lock has {entry}"


def test_every_foreign_import_is_declared():
    project = PROJECT["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    declared = {canonicalize_name(Requirement(line).name) for line in lines}
    for_makers = {canonicalize_name(Requirement(line).name) for line in PROJECT["dependency-groups"]["dev"]}
    owners = metadata.packages_distributions()
    undeclared = set()
    for path in (path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                modules = [node.module or ""]
            else:
                continue
            for top in {module.split(".")[0] for module in modules}:
                known = {canonicalize_name(name) for name in owners.get(top, ())}
                allowed = declared | (for_makers if path.is_relative_to(ROOT / "tools") else set())
                if top not in (*PACKAGES, *sys.stdlib_module_names) and not known & allowed:
                    undeclared.add(f"{path.relative_to(ROOT)}: {top}")
    assert not undeclared, sorted(undeclared)


# Written apart, so that this file does not name what it looks for.
REGISTRY = re.compile(
    "|".join(
        [
            "py" + r"pi\.(org|io|python)",
            "python" + "hosted",
            "--(extra-)?" + "index-url",
            "--find" + "-links",
            "PIP_" + "INDEX",
            "npm" + r"js\.(org|com)",
            r"[/.]mirrors?\.[a-z]+\.(edu|com|cn|org)",
        ]
    )
)
MACHINE_PATH = re.compile(r"(?<![\w./-])/(" + "root|work|opt/py" + r"pi|home/\w+|Users/\w+)/")


def test_no_committed_file_names_a_registry_host_or_a_path_of_one_machine():
    found = []
    for path in committed_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if REGISTRY.search(line) or MACHINE_PATH.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert not found, "\n".join(found)


# --- licence and version


def test_the_licence_is_the_same_everywhere():
    licence = PROJECT["project"]["license"]
    assert licence == "MIT"
    assert text_of("LICENSE").startswith("MIT License")
    assert yaml.safe_load(text_of("CITATION.cff"))["license"] == licence
    assert all(licence in text_of(name) for name in READMES)


def test_the_citation_file_has_what_the_format_requires():
    citation = yaml.safe_load(text_of("CITATION.cff"))
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= citation.keys()
    assert [author["name"] for author in citation["authors"]] == ["The township-lab authors"]


def test_the_version_is_the_same_everywhere():
    version = PROJECT["project"]["version"]
    assert yaml.safe_load(text_of("CITATION.cff"))["version"] == version
    newest = re.search(r"^## \[([0-9][^\]]*)\]", text_of("CHANGELOG.md"), flags=re.MULTILINE)
    assert newest is not None
    assert newest[1] == version
    import sim

    assert getattr(sim, "__version__", version) == version
    try:
        installed = metadata.version("township-lab")
    except metadata.PackageNotFoundError:
        pytest.skip("the toolkit is not installed in this environment")
    assert installed == version


# --- the READMEs


def blocks(name: str) -> list[tuple[str, str]]:
    """Language and text of each fenced block of a Markdown file."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", text_of(name), flags=re.MULTILINE | re.DOTALL)


def without_comments(code: str) -> list[str]:
    return [re.sub(r"\s+# .*", "", line).rstrip() for line in code.splitlines()]


def commands(name: str) -> list[str]:
    shells = ("sh", "powershell")
    return [line for kind, code in blocks(name) if kind in shells for line in code.splitlines()]


@pytest.mark.parametrize(("english", "chinese"), [READMES, GUIDED, INSTALL], ids=["readme", "jobs", "install"])
def test_both_languages_have_the_same_structure_and_the_same_code(english, chinese):

    def levels(name: str) -> list[str]:
        outside = re.sub(r"^```.*?^```$", "", text_of(name), flags=re.MULTILINE | re.DOTALL)
        return re.findall(r"^#+(?= )", outside, flags=re.MULTILINE)

    assert levels(english) == levels(chinese)
    kinds = [kind for kind, _ in blocks(english)]
    assert kinds == [kind for kind, _ in blocks(chinese)]
    for (kind, one), (_, other) in zip(blocks(english), blocks(chinese), strict=True):
        if kind != "csv":
            assert without_comments(one) == without_comments(other)


@pytest.mark.parametrize("name", READMES)
def test_a_readme_opens_with_the_two_commands(name):
    assert blocks(name)[0] == ("sh", "make demo\nmake test\n")


@pytest.mark.parametrize("name", READMES)
def test_a_readme_is_one_screen_before_it_says_read_on(name):
    before = re.split(r"^## ", text_of(name), flags=re.MULTILINE)[0]
    assert len(before.splitlines()) <= 60


@pytest.mark.parametrize("name", [*READMES, *GUIDED, *INSTALL])
def test_every_command_of_a_readme_exists(name):
    targets = re.findall(r"^([a-z-]+):", text_of("Makefile"), flags=re.MULTILINE)
    for line in commands(name):
        if made := re.match(r"make ([\w-]+)", line):
            assert made[1] in targets, line
        if run := re.search(r"-m experiments\.(\w+)", line):
            assert (ROOT / "experiments" / f"{run[1]}.py").is_file(), line
        for group, value in re.findall(r"\b(experiment|town|executor)=(\w+)", line):
            known = value == "from_table" or (ROOT / "configs" / group / f"{value}.yaml").is_file()
            assert known, line
        if lock := re.search(r"-r (\S+)", line):
            assert (ROOT / lock[1]).is_file(), line


def test_every_line_that_takes_hours_has_its_last_run_in_the_list():
    """`make test-deep` and the table of docs/reliability.md name the same programs."""
    recipe = re.search(r"^test-deep:.*\n((?:\t.*\n?)+)", text_of("Makefile"), flags=re.MULTILINE)
    run = re.findall(r"-m (pytest|tests\.[\w.]+)(?: -q)?((?: [a-z-]+=\w+)*)", recipe[1])
    table = text_of("docs/reliability.md").split("## What takes hours")[1].split("\n## ")[0]
    rows = re.findall(r"^\| [^|]+ \| `([^`]+)` \| ([^|]+) \| ([^|]*)\|$", table, flags=re.MULTILINE)
    assert run and [line for line, _, _ in rows] == [program + words for program, words in run]
    for line, when, result in rows:
        assert (when == "not yet") == (not result.strip()), f"{line}: a run has a commit and figures, or there was none"
        assert when == "not yet" or re.search(r"\b[0-9a-f]{7,40}\b", when), f"{line}: of which commit?"


@pytest.mark.parametrize(
    "name",
    [*READMES, *GUIDED, *INSTALL, "docs/guide/index.md", "docs/guide/index.zh.md", "docs/contributing.md"],
)
def test_every_link_inside_the_project_leads_somewhere(name):
    folder = (ROOT / name).parent
    targets = re.findall(r"\]\(([^)#\s]+)\)", text_of(name))
    local = [target for target in targets if "://" not in target]
    assert local
    missing = [target for target in local if not (folder / target).exists()]
    assert not missing, f"{name}: {missing}"


def test_the_python_of_the_guide_runs(monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "Agg")
    (code,) = [code for kind, code in blocks(GUIDED[0]) if kind == "python"]
    names: dict[str, object] = {}
    exec(compile(code, GUIDED[0], "exec"), names)
    import matplotlib.pyplot as plt

    plt.close("all")
    outcomes = names["sim"].outcomes(names["ds"])
    assert {"service_efficiency", "micro_corruption", "satisfaction"} <= outcomes.keys()
    assert names["model"].agents_by_type[names["sim"].Cadre]


def test_the_tables_of_both_readmes_make_the_same_town(tmp_path):
    from sim.inputs.settings import setting

    towns = []
    for name in READMES:
        (table,) = [text for kind, text in blocks(name) if kind == "csv"]
        path = tmp_path / "my_villages.csv"
        path.write_text(table, encoding="utf-8")
        towns.append(setting("from_table", table=path).town)
    english, chinese = towns
    assert sum(len(unit.villages) for unit in english.units) == len(table.splitlines()) - 1
    assert english.units == chinese.units
    assert any("income" in note.en for note in english.notes)
