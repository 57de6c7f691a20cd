"""What is installed here, whether it is enough, how fast this machine is, and what that means for a job.

Example: python -m experiments.doctor language=zh

Exit code 0 if all that is needed is there, 1 if something is missing. Speed is a reading of a few seconds:
it says nothing of the machine on a busier day.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from analysis.words import LANGUAGES
from experiments.cli import console
from experiments.job import DONE, FAILED, Life, leave, run_door
from experiments.study.values import ORIGIN
from sim.inputs import validators

HELP = """\
python -m experiments.doctor language=en|zh

Says what is installed, whether packages are as they have to be, where compiled code is kept,
how fast this machine runs the model, and how long a thousand runs of the average town take.

  language=en, zh  (default en)"""

RUNS, RESIDENTS, REPEATS = 1_000, 2_000, 3
LEAST_FREE = 2e9  # bytes: compiled code, a store and a folder of results

WORDS = {
    "en": {
        "toolkit": "Toolkit",
        "model": "Model",
        "python": "Python",
        "packages": "Packages",
        "complete": "{count} needed, all there",
        "missing": "{name}: {what}",
        "absent": "missing, {wanted} needed",
        "other": "{found} installed, {wanted} needed",
        "extra": "Extra {name}",
        "there": "there",
        "not_there": "not installed (only {what} needs it)",
        "cluster": "executor=dask",
        "teach": "a notebook",
        "fonts": "Chinese letters",
        "fonts_there": "in figures and reports, from the toolkit's own font",
        "fonts_missing": "the package pylopdf-fonts-zh-cn is missing",
        "cache": "Compiled code",
        "compiled": "{folder}, compiled",
        "cold": "{folder}, not compiled yet: the first job takes about a minute more",
        "disk": "Free disk here",
        "little": "{free:.1f} GB, which is little",
        "free": "{free:.0f} GB",
        "cores": "Cores",
        "speed": "Speed",
        "reading": "{speed:.0f} ns of processor time a resident and week (a reading of a moment)",
        "runs": "{runs:,} runs of the average town",
        "about": "about {minutes:.0f} min on {cores} cores if nothing else runs; a job tells its own time first",
        "fine": "All that is needed is there.",
        "wrong": "Something is missing: python -m pip install --require-hashes -r requirements.lock, or make setup.",
    },
    "zh": {
        "toolkit": "工具",
        "model": "模型",
        "python": "Python",
        "packages": "软件包",
        "complete": "需要 {count} 个，都已装好",
        "missing": "{name}：{what}",
        "absent": "缺少，需要 {wanted}",
        "other": "已装 {found}，需要 {wanted}",
        "extra": "附加包 {name}",
        "there": "已装好",
        "not_there": "未装（只有{what}用到）",
        "cluster": " executor=dask ",
        "teach": "笔记本",
        "fonts": "中文字形",
        "fonts_there": "图和报告使用工具自带的字体",
        "fonts_missing": "缺少软件包 pylopdf-fonts-zh-cn",
        "cache": "编译缓存",
        "compiled": "{folder}，已编译",
        "cold": "{folder}，尚未编译：第一项任务要多等一分钟左右",
        "disk": "此处可用磁盘",
        "little": "{free:.1f} GB，偏少",
        "free": "{free:.0f} GB",
        "cores": "处理器核数",
        "speed": "速度",
        "reading": "每名居民每周 {speed:.0f} 纳秒处理器时间（此刻的读数）",
        "runs": "平均乡镇运行 {runs:,} 次",
        "about": "{cores} 个核约 {minutes:.0f} 分钟（没有其他程序时）；每项任务开始前会先报所需时间",
        "fine": "所需的都已具备。",
        "wrong": "有缺失：请运行 python -m pip install --require-hashes -r requirements.lock，或 make setup。",
    },
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Look and tell; returns the exit code."""
    words = sys.argv[1:] if arguments is None else arguments

    def do(values: Mapping[str, object], life: Life) -> int:
        language = validators.choice(values.get("language", "en"), LANGUAGES, ORIGIN, "language")
        life.written = True
        return tell(WORDS[language])

    return run_door("doctor", words, HELP, ("language",), do, "nothing was looked at")


def tell(text: dict[str, str]) -> int:
    """Print what is found, a line each; FAILED if something needed is missing."""
    faults = list(wrong_packages())
    missing = [text["missing"].format(name=name, what=text[kind].format(**how)) for name, kind, how in faults]
    for name, what in (*about_packages(text, missing), *about_machine(text), *about_speed(text)):
        console.out(f"{name}: {what}" if text is WORDS["en"] else f"{name}：{what}")
    console.out(text["wrong" if missing else "fine"])
    return FAILED if missing else DONE


def needed(extra: str = "") -> list[Any]:
    """What the toolkit requires, or one of its extras, as packaging.requirements.Requirement."""
    from packaging.requirements import Requirement

    try:
        stated = metadata.requires("township-lab") or []
    except metadata.PackageNotFoundError:
        return []
    every = [(one, one.marker) for one in map(Requirement, stated)]
    base = [one for one, marker in every if marker is None or marker.evaluate({"extra": ""})]
    if not extra:
        return base
    return [one for one, marker in every if marker and marker.evaluate({"extra": extra}) and one not in base]


def wrong_packages(extra: str = "") -> Iterator[tuple[str, str, dict[str, str]]]:
    """Packages that are missing or of another version than is needed: name, kind, what is found and wanted."""
    for one in needed(extra):
        wanted = f"{one.name}{one.specifier}"
        try:
            found = metadata.version(one.name)
        except metadata.PackageNotFoundError:
            yield one.name, "absent", {"wanted": wanted}
            continue
        if not one.specifier.contains(found, prereleases=True):
            yield one.name, "other", {"found": found, "wanted": wanted}


def about_packages(text: dict[str, str], missing: list[str]) -> Iterator[tuple[str, str]]:
    """Versions, packages, extras and fonts."""
    from sim import __version__
    from sim.version import model_version

    yield text["toolkit"], f"township-lab {__version__}"
    yield text["model"], model_version()
    yield text["python"], f"{platform.python_version()}, {platform.system()} {platform.machine()}"
    yield text["packages"], "; ".join(missing) or text["complete"].format(count=len(needed()))
    for extra in ("cluster", "teach"):
        there = not list(wrong_packages(extra))
        what = text["there"] if there else text["not_there"].format(what=text[extra])
        yield text["extra"].format(name=extra), what
    try:
        metadata.version("pylopdf-fonts-zh-cn")
        yield text["fonts"], text["fonts_there"]
    except metadata.PackageNotFoundError:
        yield text["fonts"], text["fonts_missing"]


def about_machine(text: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Where compiled code is kept, disk and cores."""
    from sim.cores import available_cores
    from sim.version import cache_home, model_version

    folder = cache_home() / model_version()
    compiled = any(folder.rglob("week.run_weeks*.nbi"))
    shown = str(folder).replace(str(Path.home()), "~", 1)
    yield text["cache"], text["compiled" if compiled else "cold"].format(folder=shown)
    free = shutil.disk_usage(os.getcwd()).free
    yield text["disk"], text["little" if free < LEAST_FREE else "free"].format(free=free / 1e9)
    yield text["cores"], str(available_cores())


def about_speed(text: dict[str, str]) -> Iterator[tuple[str, str]]:
    """How fast the model runs here, and what that makes of a thousand runs."""
    from sim import run
    from sim.cores import available_cores
    from sim.inputs.settings import setting

    run.compile()
    small, whole = setting("demo_village", residents=RESIDENTS), setting("average")
    made = run.history(small)
    taken = []
    for _ in range(REPEATS):
        began = time.process_time()
        run.branch(made, small)
        taken.append(time.process_time() - began)
    each = min(taken) / (small.weeks * RESIDENTS)
    yield text["speed"], text["reading"].format(speed=1e9 * each)
    cores = available_cores()
    minutes = RUNS * each * whole.weeks * whole.drawn.residents / cores / 60
    yield text["runs"].format(runs=RUNS), text["about"].format(minutes=max(1.0, minutes), cores=cores)


if __name__ == "__main__":
    leave(main())
