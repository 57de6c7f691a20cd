"""A disk that is full, or fails, while results are written: one sentence, exit code 1, runs kept, nothing half made."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from experiments import report, run
from experiments import store as command
from experiments.ensemble import rows_by_seeds, run_members, whole_files
from experiments.output import folder as folders
from sim.inputs.settings import setting

from .finished import SMALL

ROOT = Path(__file__).resolve().parents[2]
DEAD = 4_194_304  # beyond the largest number of a process
WORDS = ["town=demo_village", "residents=200", "weeks=52", "replicates=2", "quiet=true"]

# Jobs in a process of their own, since HDF5 may end it: kB that a file, or the disk m, may have -> exit code.
CHILD = """
import pathlib, resource, shutil, subprocess, sys
from experiments import report, run, store
def room(kilobytes):
    if sys.argv[1] == "disk":
        subprocess.run(["mount", "-o", f"remount,size={kilobytes}k", "m"], check=True)
    else:
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, resource.RLIM_INFINITY))
def say(*parts):
    print(*parts, file=sys.stderr, flush=True)
words = sys.argv[2:]
say("filled", run.main([*words, "output=out"]))
sizes = sorted(path.stat().st_size // 1024 for path in pathlib.Path("out").rglob("*") if path.is_file())
for name, size, main, more in (
    ("summary", 4, run.main, [*words, "output=m/out"]),
    ("data", sizes[-1] // 2, run.main, [*words, "output=m/out"]),
    ("later", (sizes[-1] + sum(sizes)) // 2, run.main, [*words, "output=m/out"]),
    ("netcdf", 100, store.main, ["export", "output=m/all.nc"]),
    ("csv", 4, store.main, ["export", "output=m/all.csv"]),
    ("store", 100, run.main, [*words, "seed=7", "store=m/store", "output=other"]),
):
    room(size)
    say(name, main(more))
room(60_000)
say("room", run.main([*words, "output=m/out"]))
subprocess.run(["cp", "-r", "out", "m/old"], check=True)
room(100 + (sys.argv[1] == "disk") * shutil.disk_usage("m").used // 1024)
say("report", report.main(["from=m/old", "language=zh"]))
"""


@pytest.fixture(params=["disk", "limit"])
def small(request, place):
    """A place with a folder m: on a disk of its own, or anywhere, with a limit to the size of files."""
    (place / "m").mkdir()
    if request.param == "limit":
        if sys.platform == "win32":
            pytest.skip("has no limits of this kind")
        yield request.param
        return
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", "m"], capture_output=True)
    if made.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield request.param
    finally:
        subprocess.run(["umount", "-l", str(place / "m")], check=True)


def test_a_full_disk_is_one_sentence_and_never_the_end_of_the_process(small, place, compiled_model):
    done = subprocess.run(
        [sys.executable, "-c", CHILD, small, *WORDS],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done
    lines = [line for line in done.stderr.splitlines() if "Warning" not in line and not line.startswith("  ")]
    codes = {line.split()[0]: int(line.split()[1]) for line in lines if len(line.split()) == 2}
    said = [line for line in lines if len(line.split()) != 2]
    assert "Traceback" not in done.stderr
    later = 1 if small == "disk" else 0  # room for the largest file: no other is larger
    failing = ["summary", "data", *["later"] * later, "netcdf", "csv", "store", "report"]
    assert codes == {
        **dict.fromkeys(["filled", "summary", "data", "later", "netcdf", "csv", "store", "room", "report"], 0),
        **dict.fromkeys(failing, 1),
    }
    reasons = "No space left on device" if small == "disk" else "File too large"
    assert len(said) == len(failing) and all(reasons in line for line in said), said
    results = [line for line in said if "m/out" in line]
    assert all("all 2 runs are stored in results/store; the folder m/out is missing" in line for line in results)
    assert {path.name for path in (place / "m").iterdir()} <= {"out", "old", "store", "all.nc", "all.csv"}
    assert not list(place.rglob(".*")) and not (place / "other").exists()
    assert not (place / "m" / "all.nc").exists() and not (place / "m" / "all.csv").exists()
    for path in (place / "out" / "tables").iterdir():
        assert path.read_bytes() == (place / "m" / "out" / "tables" / path.name).read_bytes()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT])
@pytest.mark.parametrize("name", ["summary.json", "data.nc", "names.csv", "provenance.json"])
def test_whatever_file_fails_the_sentence_says_what_is_kept(place, model, monkeypatch, capfd, number, name):
    write = Path.write_bytes

    def fails(path, content):
        if path.name == name:
            raise OSError(number, os.strerror(number), str(path))
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", fails)
    assert run.main([*SMALL, "replicates=2", "output=out", "quiet=true"]) == 1
    (said,) = capfd.readouterr().err.splitlines()
    assert os.strerror(number) in said and "all 2 runs are stored in results/store; the folder out is missing" in said
    assert [path.name for path in place.iterdir()] == ["results"]
    monkeypatch.undo()


def test_an_error_that_waits_until_the_disk_is_reached_is_no_success(place, model, monkeypatch, capfd):
    words = [*SMALL, "replicates=2", "output=out", "quiet=true"]
    assert run.main([*words[:-2], "output=first", "quiet=true"]) == 0  # fills the store

    def broken(opened):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    assert run.main(words) == 1
    assert "Input/output error" in capfd.readouterr().err and not (place / "out").exists()


def test_too_little_memory_is_one_sentence(place, model, monkeypatch, capfd):
    def large(*arguments):
        raise MemoryError

    monkeypatch.setattr("experiments.output.contents.write_dataset", large)
    assert run.main([*SMALL, "replicates=2", "output=out", "quiet=true"]) == 1
    (said,) = capfd.readouterr().err.splitlines()
    assert "not enough memory" in said and "all 2 runs are stored" in said and not (place / "out").exists()


# what killed jobs left


def left(path: Path, old: bool = False) -> Path:
    """Something half-made, as a killed job leaves it: a folder if it has a name, else a file."""
    if path.name.startswith(".partial-"):
        path.write_bytes(b"half")
    else:
        path.mkdir()
        (path / "half.csv").write_text("half", encoding="utf-8")
    if old:
        os.utime(path, (0, 0))
    return path


def test_what_killed_jobs_left_is_swept_and_nothing_else(place, model):
    mark, host = str(DEAD), whole_files.own_mark().split("-")[1]
    gone = [left(place / name) for name in (f".out.partial-{mark}", f".out.earlier-{mark}-{host}", f".partial-{mark}")]
    gone += [left(place / f".out.partial-{os.getpid()}-{host}"), left(place / ".out.partial-1", old=True)]
    gone += [left(place / f".out.partial-{mark}-h000000", old=True)]
    stay = [left(place / name) for name in (f".out.partial-{os.getppid()}", f".out.partial-{mark}-h000001")]
    stay += [left(place / name) for name in (f".other.partial-{mark}", ".out.partial-final", ".out.mine")]
    (place / "out").mkdir()
    (place / "out" / folders.MARK).write_text("{}", encoding="utf-8")
    assert run.main([*SMALL, "replicates=1", "output=out", "quiet=true"]) == 0
    assert not [path for path in gone if path.exists()]
    assert not [path for path in stay if not path.exists()]
    assert sorted(path.name for path in place.iterdir()) == sorted(["out", "results", *(path.name for path in stay)])


def test_an_earlier_folder_without_a_successor_is_put_back(place, model, monkeypatch):
    earlier = left(place / f".out.earlier-{DEAD}")
    left(place / f".out.partial-{DEAD}")

    def broken(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("experiments.output.contents.write_dataset", broken)
    assert run.main([*SMALL, "replicates=1", "output=out", "quiet=true"]) == 1
    assert (place / "out" / "half.csv").is_file() and not earlier.exists()
    assert sorted(path.name for path in place.iterdir()) == ["out", "results"]


def test_half_written_chunks_of_dead_processes_are_swept(place, use_model):
    use_model()
    members = rows_by_seeds({"today": setting("demo_village", residents=300, weeks=52)}, 2)
    results = run_members(members[:1], store=place / "store")
    (own,) = (path for path in (place / "store").iterdir() if path.is_dir())
    gone = [left(folder / f".partial-{DEAD}-0a0a0a0a") for folder in (place / "store", own)]
    stays = left(own / f".partial-{os.getpid()}-0a0a0a0a")
    results = run_members(members, store=place / "store")
    assert results.ran == 1 and stays.exists() and not [path for path in gone if path.exists()]


def test_a_killed_job_leaves_nothing_once_its_line_is_typed_again(place, compiled_model):
    child = "from experiments import run; from experiments.output import contents; import os, signal, sys\n"
    child += "contents.write_figures = lambda *parts: os.kill(os.getpid(), signal.SIGKILL)\nrun.main(sys.argv[1:])"
    killed = subprocess.run(
        [sys.executable, "-c", child, *WORDS, "output=out"], env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert killed.returncode < 0 and len(list(place.glob(".out.partial-*"))) == 1
    assert run.main([*WORDS, "output=out"]) == 0
    assert sorted(path.name for path in place.iterdir()) == ["out", "results"]


# paths and text that cannot be used


@pytest.mark.parametrize(
    "words",
    [
        ["output=a\udce9"], ["store=a\udce9"], ["town=from_table", "town.table=a\udce9.csv"], ["behaviour=a\udce9.csv"],
        ["experiment=a\udce9.yaml"], ["hydra.run.dir=a\udce9"],
        ["experiment=lone.yaml"], ["output=~nosuch/x"], ["store=~nosuch/x"], ["behaviour=~nosuch/x.csv"],
        ["output=" + "很" * 80],
    ],
    ids=ascii,
)  # fmt: skip
def test_text_that_cannot_be_written_is_refused_before_the_first_run(place, model, capfd, words):
    lone = 'settings: {today: {}, better: {burden: 0.5, label_zh: "\\ud800"}}'
    (place / "lone.yaml").write_text(lone, encoding="utf-8")
    (place / os.fsdecode(b"a\xe9.csv")).write_text("village,residents\n", encoding="utf-8")
    before = sorted(place.iterdir())
    from experiments import compare

    assert compare.main(words) == 2
    found = capfd.readouterr()
    assert found.out == "" and len(found.err.splitlines()) == 1 and "Traceback" not in found.err
    assert words[-1].split("=")[0].split(".")[-1] in found.err or "lone.yaml" in found.err
    assert not model.calls["branch"] and sorted(place.iterdir()) == before


@pytest.mark.parametrize("name", ["calibrate", "validate"])
@pytest.mark.parametrize("word", ["output=~nosuch/x", "store=~nosuch/x", "output=a\udce9", "store=a\udce9"], ids=ascii)
def test_calibrate_and_validate_refuse_the_same(place, capfd, name, word):
    import importlib

    assert importlib.import_module(f"experiments.{name}").main([word]) == 2
    assert len(capfd.readouterr().err.splitlines()) == 1 and not list(place.iterdir())


@pytest.mark.parametrize(
    ("main", "words"),
    [
        (report.main, ["from=~nosuch/x"]), (command.main, ["list", "store=~nosuch/x"]),
        (report.main, ["from=a\udce9"]), (command.main, ["export", "output=a\udce9.csv"]),
    ],
)  # fmt: skip
def test_report_and_store_refuse_the_same(place, capfd, main, words):
    assert main(words) == 2
    found = capfd.readouterr()
    assert len(found.err.splitlines()) == 1 and "Traceback" not in found.err


def test_a_home_in_front_of_a_path_is_spelled_out(place, model, monkeypatch):
    monkeypatch.setenv("HOME", str(place / "home"))
    assert run.main([*SMALL, "replicates=1", "output=~/out", "store=~/store", "quiet=true"]) == 0
    assert sorted(path.name for path in (place / "home").iterdir()) == ["out", "store"]


def test_sweeping_takes_a_day_where_it_cannot_be_said_who_made_it(tmp_path):
    path = left(tmp_path / f".out.partial-{DEAD}-h000000")
    whole_files.sweep(tmp_path, "out")
    assert path.exists()
    yesterday = time.time() - 25 * 3600
    os.utime(path, (yesterday, yesterday))
    whole_files.sweep(tmp_path, "out")
    assert not path.exists()
