"""A Dask cluster of worker processes: the same figures, nothing lost with a worker, and a start through SLURM."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from experiments import compare, run
from experiments.ensemble import Executor, ExecutorError, Progress, rows_by_seeds, run_members
from sim.inputs.settings import setting

distributed = pytest.importorskip("distributed")
# Not imported here: on import it takes SIGINT for itself.
if find_spec("dask_jobqueue") is None:
    pytest.skip("the extra `cluster` is not installed", allow_module_level=True)

ROOT = Path(__file__).resolve().parents[2]
SMALL = ["experiment=rectification", "town=demo_village", "residents=200", "weeks=52", "replicates=4", "quiet=true"]


def tables(folder: Path) -> dict[str, bytes]:
    """All tables of a job and its summary."""
    return {path.name: path.read_bytes() for path in (*(folder / "tables").iterdir(), folder / "summary.json")}


@pytest.fixture
def undrawn(monkeypatch):
    """Figures and pages are not drawn."""
    monkeypatch.setattr("experiments.output.contents.write_figures", lambda *a: None)
    monkeypatch.setattr("experiments.output.contents.write_pages", lambda *a: None)


def test_serial_threads_and_worker_processes_give_identical_tables(place, undrawn, compiled_model):
    for name, words in {
        "serial": ["executor=serial"],
        "one": ["executor=threads", "executor.threads=1"],
        "two": ["executor=threads", "executor.threads=2"],
        "dask": ["executor=dask", "executor.workers=2"],
    }.items():
        assert compare.main([*SMALL, *words, f"store=store_{name}", f"output={name}"]) == 0
    for name in ("one", "two", "dask"):
        assert tables(place / name) == tables(place / "serial"), name
        stores = [sorted(p.name for p in (place / f"store_{n}").iterdir()) for n in (name, "serial")]
        assert stores[0] == stores[1]  # the same model version


class Killer(Progress):
    """Kills a worker process when some members are home."""

    def __init__(self, pids):
        self.pids, self.killed = pids, 0

    def update(self, done, total, found, left):
        if not self.killed and total // 4 < done < total:
            os.kill(self.pids[0], signal.SIGKILL)
            self.killed = done


@pytest.mark.skipif(sys.platform == "win32", reason="sends a Unix signal")
def test_a_worker_killed_on_the_way_loses_nothing(place, compiled_model):
    rows = {name: setting("demo_village", weeks=104, burden=burden) for name, burden in (("a", 0.5), ("b", 1.5))}
    members = rows_by_seeds(rows, 80)
    expected = {m.place: repr(figures) for m, figures in run_members(members).finished()}
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        killer = Killer([info["pid"] for info in client.run(lambda: {"pid": os.getpid()}).values()])
        executor = Executor("dask", address=cluster.scheduler_address)
        results = run_members(members, store=place / "store", executor=executor, progress=killer)
    assert killer.killed and not results.failures and results.ran == 160
    assert {m.place: repr(figures) for m, figures in results.finished()} == expected


def test_an_address_where_nobody_answers_is_one_sentence(place, monkeypatch, capfd):
    monkeypatch.setattr("experiments.ensemble.executors.CONNECT_SECONDS", 1)
    assert run.main(["town=demo_village", "executor=dask", "executor.address=tcp://127.0.0.1:9"]) == 2
    err = capfd.readouterr().err.splitlines()[-1]
    assert "executor.address: tcp://127.0.0.1:9 given" in err and "Traceback" not in err
    assert list(place.iterdir()) == []


def test_workers_of_another_model_version_are_refused():
    from experiments.ensemble.executors import _one_version
    from sim.version import model_version

    class Client:
        def __init__(self, *versions):
            self.versions = versions

        def run(self, function):
            return dict(enumerate(self.versions))

    mine, other = model_version(), "0" * 16
    assert _one_version(Client(mine, mine)) == mine
    for versions, what in (((mine, other), "2 model versions"), ((other,), "the same checkout")):
        with pytest.raises(ExecutorError, match=what):
            _one_version(Client(*versions))


SBATCH = """#!/bin/sh
# Stand-in for SLURM: starts the job script on this machine, in a process group of its own.
cp "$1" "{folder}/job-$$.sh"  # dask-jobqueue removes its own
setsid sh "{folder}/job-$$.sh" > "{folder}/worker-$$.log" 2>&1 < /dev/null &
echo "Submitted batch job $!"
"""
SCANCEL = """#!/bin/sh
for id in "$@"; do kill -TERM -- "-$id"; done
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the stand-ins are shell scripts")
def test_the_documented_start_through_slurm(place, undrawn, compiled_model, monkeypatch):
    monkeypatch.setattr("experiments.ensemble.executors.WORKER_SECONDS", 120)
    text = (ROOT / "docs" / "ensembles.md").read_text(encoding="utf-8")
    (code,) = [block for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "SLURMCluster" in block]
    (place / "slurm.py").write_text(code, encoding="utf-8")
    (place / "bin").mkdir()
    for name, script in (("sbatch", SBATCH), ("scancel", SCANCEL)):
        path = place / "bin" / name
        path.write_text(script.format(folder=place), encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    environment = {**os.environ, "PATH": f"{place / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    cluster = subprocess.Popen(
        [sys.executable, "slurm.py"], cwd=place, env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        address = cluster.stdout.readline().strip()
        assert address.startswith("tcp://"), address
        assert compare.main([*SMALL, "executor=dask", f"executor.address={address}", "store=s", "output=slurm"]) == 0
    finally:
        cluster.communicate("\n", timeout=60)
    assert compare.main([*SMALL, "executor=serial", "store=t", "output=serial"]) == 0
    assert tables(place / "slurm") == tables(place / "serial")
    assert list(place.glob("worker-*.log"))
    end = time.monotonic() + 20
    while time.monotonic() < end and subprocess.run(["pgrep", "-f", address], capture_output=True).stdout:
        time.sleep(0.2)
    assert not subprocess.run(["pgrep", "-f", address], capture_output=True).stdout, "workers are left"
