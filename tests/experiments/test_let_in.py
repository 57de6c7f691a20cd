"""What comes from strangers and what is passed on: odd entries of a store, letters, paths, sockets, scripts."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from experiments import run, store
from experiments.cli import console
from experiments.ensemble import chunks
from experiments.ensemble.member_store import Store
from experiments.output.provenance import without_home
from sim.inputs.files import parse_scalar
from sim.inputs.validators import SettingError
from sim.version import cache_home, model_version
from tools.sbom import bill

from .finished import SMALL, read

ROOT = Path(__file__).resolve().parents[2]


# a store in which others have been


@pytest.fixture
def odd_store(place) -> Path:
    """A store of two runs, with links, folders, pipes, foreign files and files that are no chunks in it."""
    filled = Store("store", model_version())
    filled.prepare()
    rows = [{"trust": 0.5, "trust__baseline": 0.4}, {"trust": 0.6, "trust__baseline": 0.4}]
    filled.append(chunks.summaries(["1" * 16, "2" * 16], [0, 1], ["3" * 16] * 2, rows))
    own = place / "store" / model_version()
    (own / f"summary-1-{'0' * 20}.nc").mkdir()
    (own / f"summary-1-{'1' * 20}.nc").symlink_to("/dev/zero")
    (own / f"summary-1-{'2' * 20}.nc").symlink_to("nowhere")
    os.mkfifo(own / f"summary-1-{'3' * 20}.nc")
    content = b"no HDF5 at all"
    (own / f"summary-1-{chunks._checksum(content)}.nc").write_bytes(content)
    (place / "store" / "thesis.txt").write_text("mine", encoding="utf-8")
    return place / "store"


def test_odd_entries_of_a_store_are_left_alone(odd_store, place, capfd):
    entries = {path for path in odd_store.rglob("*") if path.suffix != ".nc" or not path.is_file()}
    assert store.main(["list", "store=store"]) == 0
    assert store.main(["verify", "store=store"]) == 1
    assert "2 runs are intact" in capfd.readouterr().out
    assert store.main(["export", "store=store", "output=runs.csv"]) == 0
    assert len((place / "runs.csv").read_text(encoding="utf-8").splitlines()) == 3
    assert store.main(["prune", "store=store"]) == 0
    assert store.main(["verify", "store=store"]) == 0
    assert entries <= set(odd_store.rglob("*"))
    keys = chunks.numbers(["1" * 16, "2" * 16])
    assert not Store("store", model_version()).missing(keys, np.zeros(2, bool)).any()


def test_nothing_is_removed_behind_a_link(odd_store, place):
    elsewhere = place / "elsewhere"
    shutil.copytree(odd_store / model_version(), elsewhere, ignore=lambda folder, names: names)
    for name in (".partial-999999-0", f"summary-1-{'4' * 20}.nc"):
        (elsewhere / name).write_text("mine", encoding="utf-8")
        os.utime(elsewhere / name, (0, 0))
    (odd_store / "0123456789abcdef").symlink_to(elsewhere)
    assert store.main(["prune", "store=store"]) == 0
    assert len(list(elsewhere.iterdir())) == 2


def test_an_export_of_nothing_is_refused(place, capfd):
    Store("store", model_version()).prepare()
    assert store.main(["export", "store=store", "output=runs.csv"]) == 2
    assert "no such model version in this store; known: none" in capfd.readouterr().err
    assert not (place / "runs.csv").exists()


# messages


def test_letters_that_a_terminal_obeys_are_spelled_out(capfd):
    assert console.visible("a\x1b[31m\u202e\u200b\ud800 减负\n") == r"a\x1b[31m\u202e\u200b\ud800 减负" + "\n"
    console.err("command line: " + "x" * 10_000)
    assert capfd.readouterr().err == f"command line: {'x' * 60}... (10,000 letters)\n"


@pytest.mark.parametrize("text", ["&a [*a]", "&a {b: *a}", "[&a [1, *a]]"])
def test_a_value_that_stands_in_itself_is_refused(text):
    with pytest.raises(SettingError, match="stands in what it refers to"):
        parse_scalar(text)


@pytest.mark.parametrize("key", ["store", "output"])
def test_a_link_that_leads_to_itself(key, place, capfd):
    (place / "loop").symlink_to("loop")
    assert run.main([f"{key}=loop"]) == 2
    assert f"{key}: loop given, a link that leads to itself" in capfd.readouterr().err


# what is passed on


def test_no_home_folder_is_passed_on(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", "/people/wang")
    monkeypatch.chdir(tmp_path)
    given = {
        "command": f"run output=/people/wang/out 'store={tmp_path}/s' town.table=/data/wang.csv",
        "rest": [1, None],
    }
    assert without_home(given) == {"command": "run output=~/out 'store=s' town.table=/data/wang.csv", "rest": [1, None]}
    assert without_home("/people/wangfang/a") == "/people/wangfang/a"


def test_a_job_runs_without_a_network(place, model, monkeypatch):
    def refused(*arguments: object, **keywords: object) -> None:
        raise AssertionError(f"a socket was opened: {arguments}")

    for name in ("connect", "connect_ex", "bind", "sendto"):
        monkeypatch.setattr(socket.socket, name, refused, raising=False)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    assert run.main([*SMALL, "replicates=2", f"output={place}/out", "quiet=true"]) == 0
    assert str(place) not in read(place / "out", "provenance.json")["command"]


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="modes and owners of a Unix system")
def test_the_cache_of_compiled_code_is_the_users_alone(monkeypatch, tmp_path):
    monkeypatch.delenv("TOWNSHIP_LAB_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "township-lab").mkdir(mode=0o777)
    (tmp_path / "township-lab").chmod(0o777)
    home = cache_home()
    assert home == tmp_path / "township-lab" and stat.S_IMODE(home.stat().st_mode) == 0o700
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000)
    assert cache_home() != home


SCRIPT = """\
from experiments.ensemble import Executor, run_ensemble
from sim.inputs.settings import setting
{guard}run_ensemble({{"a": setting("demo_village", weeks=60)}}, 1, executor=Executor("dask", 1))
"""


def test_a_script_without_its_guard_is_told_so(place):
    pytest.importorskip("distributed")
    (place / "study.py").write_text(SCRIPT.format(guard=""), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "study.py"], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "study.py, line 3: executor dask starts processes" in done.stderr.splitlines()[-1]
    assert done.stderr.count("Traceback") == 1


def test_the_bill_of_materials_has_every_package_of_the_lock_with_its_hashes():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    parts = bill()["components"]
    assert len(parts) == sum("==" in line and not line.startswith((" ", "#")) for line in lock.splitlines())
    assert all(len(part["hashes"]) > 0 for part in parts)
    assert sum(len(part["hashes"]) for part in parts) == lock.count("--hash=sha256:")
