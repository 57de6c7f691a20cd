"""One generator of bad inputs, over every door through which a user's input comes in; a seed is one case.

    python -m tests.bad_inputs count=20000 seed=1

A case is a folder with files and the words of a command. The verdict: refused in one sentence that says where, with
exit code 2 (or 1 where a store's contents are what is wrong), or taken; never a traceback, more than five seconds, a
gigabyte, a file left or a store changed. Nothing is simulated: a job ends where its first run would begin.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "tests" / "cases"
SECONDS, BYTES = 5.0, 1 << 30  # of processor time: others may be at work on the machine
HANGS = 60  # seconds after which what does not compute either is given up
LONG = 10_000

ODD = (
    *(
        "nan",
        "inf",
        "-1",
        "1e999",
        "9" * 400,
        "0x10",
        "1_000",
        "true",
        "null",
        "~",
        "''",
        '""',
        "[]",
        "{}",
        "[[[[",
        "}{",
    ),
    *(
        "{a: 1, a: 2}",
        "[1, 2, 3]",
        "- a",
        "a: b: c",
        "&a [*a]",
        "*x",
        "!!python/object/apply:os.system [id]",
        "${oc.env:HOME}",
    ),
    *("=1+1", "@SUM(A1)", "../../..", "/dev/zero", "/dev/null", "~nosuch/x", ".", "/", "/proc/self/mem", "nosuch.yaml"),
    *(
        "村",
        "六成",
        "６０％",
        "15.0万",
        "1,000",
        "60%",
        " ",
        "\t",
        "\r",
        "\x00",
        "\x1b[31m",
        "\u202eabc",
        "\u200b",
        "\ufeff",
    ),
    *(
        "\udcff",
        "x" * LONG,
        "a\nb",
        "<script>",
        "'",
        '"',
        "\\",
        "%",
        "0.5",
        "1",
        "2024-01-01",
        ".5",
        "1e-320",
        "average",
    ),
)
KEYS = (
    *(
        "tolerance",
        "burden",
        "town",
        "town.table",
        "town.sheet",
        "town.name",
        "weeks",
        "seed",
        "residents",
        "replicates",
    ),
    *("measures", "measures.one_window", "measures.one_window.start", "levers.attention", "levers.attention.end"),
    *("knock_out", "facts.start.norm.village", "facts.calendar.election_week", "facts.case_kinds.plot.rate"),
    *("parameters.moral_weight", "experiment", "setting", "settings.a.burden", "settings.a.label_en", "label_zh"),
    *("question", "behaviour", "measures_dir", "executor", "executor.threads", "executor.workers", "executor.address"),
    *(
        "store",
        "output",
        "hydra.run.dir",
        "language",
        "quiet",
        "ranking.levers",
        "ranking.ranges.burden",
        "ranking.until",
    ),
    *("ranking.methods", "ranking.outcomes", "theory", "nothing", "", "a.b.c.d", "_target_", "settings", "x" * LONG),
)
GOOD_YAML = """\
label_en: A study
question: Does relief help?
replicates: 4
settings:
  today: {}
  relief:
    label_en: "Relief: half of the burden"
    label_zh: 减负
    burden: 0.5
    measures: {one_window: {intensity: 0.5, start: 26}}
    levers: {attention: 1.5}
"""


# ---------------------------------------------------------------- what is bad


def odd(chance: random.Random) -> str:
    return chance.choice(ODD)


def spoilt(text: str, chance: random.Random) -> bytes:
    """A text with one to three things wrong in it, down to its bytes."""
    lines = text.split("\n")
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(lines))
        line = lines[at]
        kind = chance.randrange(9)
        if kind == 0:
            lines[at] = line[: chance.randrange(len(line) + 1)]
        elif kind == 1:
            lines.insert(at, line)
        elif kind == 2:
            del lines[at]
            lines = lines or [""]
        elif kind == 3 and re.search(r"[\w.]+", line):
            found = chance.choice(list(re.finditer(r"[\w.]+", line)))
            lines[at] = line[: found.start()] + odd(chance) + line[found.end() :]
        elif kind == 4:
            lines[at] = line.replace(chance.choice(",:{}[]"), chance.choice([",,", "", ";", ": ", "\t"]), 1)
        elif kind == 5:
            lines.insert(at, odd(chance))
        elif kind == 6:
            lines[at] = " " * chance.randint(1, 3) + line
        elif kind == 7:
            lines[at] = line.replace("0", chance.choice(["9", "-", "O", "00000"]), 1)
        else:
            chance.shuffle(lines)
    data = "\n".join(lines).encode("utf-8", "surrogateescape")
    kind = chance.randrange(8)
    if kind == 0:
        return data[: chance.randrange(len(data) + 1)]
    if kind == 1 and data:
        at = chance.randrange(len(data))
        return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
    if kind == 2:
        return "\n".join(lines).encode(chance.choice(["gb18030", "utf-16", "utf-8-sig"]), "replace")
    return data


def put(path: Path, content: bytes, chance: random.Random) -> None:
    """A file, or now and then something that is none under its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kind = chance.randrange(40)
    if path.is_symlink() or path.is_file() or path.is_fifo():
        path.unlink()
    elif path.is_dir():
        path.rmdir()
    if kind == 0:
        path.mkdir()
    elif kind == 1:
        path.symlink_to(chance.choice(["/dev/zero", "nowhere", path.name, "/proc/self/environ", "."]))
    elif kind == 2:
        os.mkfifo(path)
    elif kind == 3:
        path.write_bytes(b"")
    else:
        path.write_bytes(content)


# ---------------------------------------------------------------- the doors


def from_words(place: Path, chance: random.Random) -> tuple[str, list[str]]:
    words = []
    for _ in range(chance.randint(1, 3)):
        key = chance.choice(KEYS)
        if key and chance.random() < 0.15:
            at = chance.randrange(len(key))
            key = key[:at] + chance.choice("xé=. \x1b") + key[at + 1 :]
        words.append(chance.choice([f"{key}={odd(chance)}"] * 9 + [odd(chance), f"~{key}", f"--{key}"]))
    return chance.choice(["run", "compare", "rank"]), [word for word in words if "help" not in word]


def from_yaml(place: Path, chance: random.Random) -> tuple[str, list[str]]:
    put(place / "study.yaml", spoilt(GOOD_YAML, chance), chance)
    return chance.choice(["run", "compare", "rank"]), ["experiment=study.yaml"]


def from_table(place: Path, chance: random.Random) -> tuple[str, list[str]]:
    source = chance.choice(sorted((CASES / "tables").glob("*.csv")))
    put(place / "villages.csv", spoilt(source.read_text(encoding="utf-8"), chance), chance)
    if chance.random() < 0.3:
        put(place / "villages.xlsx", workbook(source, chance), chance)
        return "run", ["town=from_table", "town.table=villages.xlsx"]
    return "run", ["town=from_table", "town.table=villages.csv"]


def workbook(source: Path, chance: random.Random) -> bytes:
    """The table as an Excel file, its cells odd here and there, its bytes too."""
    import csv

    import openpyxl

    book = openpyxl.Workbook()
    for row in csv.reader(source.read_text(encoding="utf-8").splitlines()):
        cells = [odd(chance) if chance.random() < 0.1 else cell for cell in row]
        with contextlib.suppress(ValueError, UnicodeError):  # what Excel cannot hold
            book.active.append([re.sub(r"[\x00-\x1f\ud800-\udfff]", "", cell) for cell in cells])
    if chance.random() < 0.2:
        book.create_sheet("第二").append(["a", "b"])
    made = io.BytesIO()
    book.save(made)
    data = bytearray(made.getvalue())
    for _ in range(chance.choice([0, 0, 1, 20])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data[: chance.randrange(len(data))]) if chance.random() < 0.1 else bytes(data)


def from_behaviour(place: Path, chance: random.Random) -> tuple[str, list[str]]:
    source = ROOT / "configs" / "behaviour" / "average.csv"
    lines = source.read_text(encoding="utf-8").split("\n")[:6]
    put(place / "mine.csv", spoilt("\n".join(lines), chance), chance)
    if chance.random() < 0.6:
        notes = source.with_suffix(".yaml").read_text(encoding="utf-8")
        put(place / "mine.yaml", spoilt(notes, chance), chance)
    return "run", ["behaviour=mine.csv", "replicates=2"]


def from_measures(place: Path, chance: random.Random) -> tuple[str, list[str]]:
    text = (CASES / "measures" / "night_duty.yaml").read_text(encoding="utf-8")
    name = chance.choice(["night_duty"] * 9 + ["一窗", "a b", "con", "__init__"])
    put(place / "mine" / f"{name}.yaml", spoilt(text, chance), chance)
    return "run", ["measures_dir=mine", f"measures.night_duty={chance.choice(['1', '0.5', odd(chance)])}"]


def from_folder(place: Path, chance: random.Random) -> tuple[str, list[str]]:
    """A finished job's folder as it comes from a stranger: some file damaged."""
    files = {"provenance.json": PROVENANCE, "summary.json": "{}", "data.nc": "no data", "tables/levels.csv": LEVELS}
    for name, text in files.items():
        path = place / "done" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name in chance.sample(sorted(files), chance.randint(1, 2)):
        put(place / "done" / name, spoilt(files[name], chance), chance)
    return "report", ["from=done", *([f"sections={odd(chance)}"] if chance.random() < 0.2 else [])]


PROVENANCE = json.dumps(
    {"job": "compare", "command": "python -m experiments.compare", "labels": {"a": {"en": "A", "zh": "甲"}},
     "settings": {"a": {"fingerprint": "0" * 16, "setting": {"weeks": 104}}}, "replicates": 4}, indent=1,
)  # fmt: skip
LEVELS = "setting,outcome,period,mean,low,high\na,trust,evaluation,0.5,0.4,0.6\n"


def from_store(place: Path, chance: random.Random) -> tuple[str, list[str]]:
    """A store with odd entries in it."""
    from sim.version import model_version

    own = place / "store" / model_version()
    own.mkdir(parents=True)
    (place / "store" / "store.json").write_text('{"what": "a store", "format": 1}', encoding="utf-8")
    shutil.copy(chunk(), own)
    for _ in range(chance.randint(1, 4)):
        name = chance.choice(
            [
                *(f"summary-{chance.randint(0, 9)}-{chance.getrandbits(80):020x}.nc", f"weekly-1-{'0' * 20}.nc"),
                *(
                    ".partial-1-habcdef-00",
                    ".partial-99999999999999999999-00",
                    "foreign.txt",
                    chunk().name,
                    "\u202e.nc",
                ),
            ]
        )
        folder = chance.choice([own, own, place / "store", place / "store" / ("0" * 16)])
        put(folder / name, spoilt("CDF" + odd(chance), chance), chance)
    if chance.random() < 0.2:
        put(place / "store" / "store.json", spoilt('{"what": "a store",\n "format": 1}', chance), chance)
    verb = chance.choice(["list", "verify", "export"])
    return "store", [verb, "store=store", *(["output=runs.csv"] if verb == "export" else [])]


def chunk() -> Path:
    """A chunk of two runs, made once."""
    from experiments.ensemble import chunks

    folder = Path(tempfile.gettempdir()) / f"bad_inputs-{os.getpid()}"
    if not (folder / "done").exists():
        folder.mkdir(exist_ok=True)
        rows = [{"trust": 0.5, "trust__baseline": 0.4}, {"trust": 0.6, "trust__baseline": 0.4}]
        name = chunks.write(folder, chunks.summaries(["1" * 16, "2" * 16], [0, 1], ["3" * 16] * 2, rows), {})
        (folder / "done").write_text(name, encoding="utf-8")
    return folder / (folder / "done").read_text(encoding="utf-8")


DOORS: dict[str, Callable[[Path, random.Random], tuple[str, list[str]]]] = {
    "words": from_words,
    "yaml": from_yaml,
    "table": from_table,
    "behaviour": from_behaviour,
    "measures": from_measures,
    "folder": from_folder,
    "store": from_store,
}


# ---------------------------------------------------------------- the verdict


def verdict(seed: int, place: Path) -> tuple[str, str, str]:
    """Try one case in an empty folder: its door, "refused" or "taken", and what is wrong ("" if nothing is)."""
    chance = random.Random(seed)
    door = list(DOORS)[seed % len(DOORS)]
    job, words = DOORS[door](place, chance)
    before, highest = listing(place), peak()
    began, said, error = time.process_time(), io.StringIO(), io.StringIO()
    signal.signal(signal.SIGALRM, _hang)
    signal.alarm(HANGS)
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(error), contextlib.chdir(place):
            code = importlib.import_module(f"experiments.{job}").main(words)
    except BaseException:
        return door, "raised", f"{job} {show(words)}: {traceback.format_exc()[-1500:]}"
    finally:
        signal.alarm(0)
    seconds = time.process_time() - began
    after = {name: what for name, what in listing(place).items() if name != "runs.csv"}
    wrong = []
    if code not in ((0, 2) if job != "store" else (0, 1, 2)):
        wrong.append(f"exit code {code}")
    sentence = error.getvalue()
    if code == 2:
        wrong += faults_of(sentence)
    if seconds > SECONDS:
        wrong.append(f"{seconds:.1f} s")
    if peak() > max(highest, BYTES):
        wrong.append("more than a gigabyte")
    if after != {name: what for name, what in before.items() if name != "runs.csv"}:
        wrong.append(f"left or changed {sorted(set(after.items()) ^ set(before.items()))[:3]}")
    if wrong:
        return door, "wrong", f"{job} {show(words)}: {'; '.join(wrong)}: {sentence[:600]!r}"
    return door, "refused" if code else "taken", ""


class Hang(BaseException):
    """It has not come to an end."""


def _hang(number: int, frame: object) -> None:
    raise Hang(f"no end after {HANGS} s")


def peak() -> int:
    """Bytes of memory that this process has ever had at once."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def faults_of(sentence: str) -> list[str]:
    """What a refusal lacks: one line, of bounded length, all of it visible, with a place before its words."""
    found = []
    if len(sentence.splitlines()) != 1:
        found.append("not one line")
    if not 15 < len(sentence) < 1500:
        found.append(f"{len(sentence)} letters")
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs") for letter in sentence.rstrip("\n")):
        found.append("invisible letters")
    if not re.match(r"[^,:]+[,:] ", sentence):
        found.append("no place")
    if "Traceback" in sentence or "Error(" in sentence:
        found.append("words of Python")
    return found


def listing(place: Path) -> dict[str, Any]:
    """What stands in a folder: kind, size and time of writing by name."""
    return {
        str(path.relative_to(place)): (path.lstat().st_mode, path.lstat().st_size, path.lstat().st_mtime_ns)
        for path in place.rglob("*")
        if not path.is_dir() or path.is_symlink()
    }


def show(words: list[str]) -> str:
    return " ".join(ascii(word)[:120] for word in words)


@contextlib.contextmanager
def nothing_simulated() -> Iterator[None]:
    """Jobs end, as done, where the first run would begin."""
    with mock.patch("experiments.job.carry_out", lambda *arguments: 0):
        yield


def run(count: int, seed: int = 0, say: Callable[[str], None] = print) -> Counter[tuple[str, str]]:
    """Try so many cases; how many ended how, by door. What is wrong is said as it is found."""
    found: Counter[tuple[str, str]] = Counter()
    with nothing_simulated(), tempfile.TemporaryDirectory() as folder:
        for at in range(seed, seed + count):
            place = Path(folder) / str(at)
            place.mkdir()
            door, how, what = verdict(at, place)
            found[door, how] += 1
            if what:
                say(f"seed {at}, {door}: {what}")
            shutil.rmtree(place, ignore_errors=True)
    return found


def main(words: list[str]) -> int:
    given = {key: int(value) for key, value in (word.split("=") for word in words)}
    began = time.monotonic()
    found = run(given.get("count", 20_000), given.get("seed", 1))
    for door in DOORS:
        print(door, *(f"{how} {found[door, how]:,}" for how in ("refused", "taken", "wrong", "raised")))
    print(f"{found.total():,} cases in {time.monotonic() - began:.0f} s, at most {peak() / 1e6:.0f} MB")
    return int(any(how in ("wrong", "raised") for _, how in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
