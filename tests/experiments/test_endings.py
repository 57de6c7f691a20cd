"""How commands end: one ladder of exit codes for all, and what is said of what is whole and what is missing."""

from __future__ import annotations

import errno
import itertools
import os
import signal
import subprocess
import sys
import threading
import time
import types
from pathlib import Path

import pytest

from experiments import calibrate, report, run, validate
from experiments import store as command
from experiments.checks import dials, harms, levers, reasons
from experiments.cli import console, store_verbs
from experiments.ensemble import ExecutorError, Halted, StoreError, interrupts
from experiments.job import JobError
from experiments.output import contents, findings
from experiments.validation import calibration_run, validation_run
from sim.inputs.validators import SettingError

from .finished import SMALL

ROOT = Path(__file__).resolve().parents[2]
WORDS = [*SMALL, "replicates=20", "output=out", "quiet=true"]


def asked_to_stop(number):
    def ask(*arguments, **keywords):
        os.kill(os.getpid(), number)
        interrupts.check()

    return ask


def raising(error):
    def fail(*arguments, **keywords):
        raise error

    return fail


COMMANDS = {
    "run": (run.main, ["output=out"], findings, "run_settings"),
    "calibrate": (calibrate.main, ["experiment=quick"], calibration_run, "plan_of"),
    "validate": (validate.main, ["experiment=quick_validation"], validation_run, "plan_of"),
    "report": (report.main, ["from=out"], report, "write"),
    "store": (command.main, ["list"], store_verbs, "folder_of"),
    "levers": (levers.main, ["--write"], levers, "pairs"),
    "harms": (harms.main, ["--write"], harms, "row_of"),
    "dials": (dials.main, ["--write"], dials, "points"),
    "reasons": (reasons.main, ["--write"], reasons, "read_set"),
}
ENDINGS = {
    "bad word": (2, raising(SettingError("no such word"))),
    "no executor": (2, raising(ExecutorError("no cluster"))),
    "job": (1, raising(JobError("nothing can be ranked"))),
    "halted": (1, raising(Halted("the scheduler is gone"))),
    "store": (1, raising(StoreError("no chunk is whole"))),
    "disk": (1, raising(OSError(errno.ENOSPC, "No space left on device"))),
    "memory": (1, raising(MemoryError())),
    "Ctrl-C": (130, asked_to_stop(signal.SIGINT)),
    "in a notebook": (130, raising(KeyboardInterrupt())),
    "terminate": (143, asked_to_stop(signal.SIGTERM)),
}


def test_every_command_ends_by_the_same_ladder(place, monkeypatch, capfd, subtests):
    for ending, name in itertools.product(ENDINGS, COMMANDS):
        with subtests.test(ending=ending, name=name):
            main, words, module, inner = COMMANDS[name]
            code, ends = ENDINGS[ending]
            before = {number: signal.getsignal(number) for number in interrupts.SIGNALS}
            with monkeypatch.context() as patch:
                patch.setattr(module, inner, ends)
                assert main(words) == code
                found = capfd.readouterr()
                assert found.out == "" and len(found.err.splitlines()) == 1 and not list(place.iterdir())
                assert {number: signal.getsignal(number) for number in interrupts.SIGNALS} == before
                assert main(words) == code  # a request to stop is not remembered
            capfd.readouterr()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("stage", ["write_dataset", "write_tables", "write_figures", "provenance"])
def test_after_the_last_run_the_folder_is_what_is_missing(place, model, monkeypatch, capfd, number, stage):
    whole = getattr(contents, stage)

    def stage_with_signal(*arguments):
        os.kill(os.getpid(), number)
        return whole(*arguments)

    monkeypatch.setattr(contents, stage, stage_with_signal)
    assert run.main(WORDS) == 128 + number
    (said,) = capfd.readouterr().err.splitlines()
    assert "all 20 runs are stored in results/store; the folder out is missing" in said and "no runs" not in said
    assert said.endswith("python -m experiments.run " + " ".join(WORDS))
    assert [path.name for path in place.iterdir()] == ["results"]
    monkeypatch.setattr(contents, stage, whole)
    calls = model.calls["branch"]
    assert run.main(WORDS) == 0 and model.calls["branch"] == calls
    monkeypatch.setattr(contents, stage, stage_with_signal)
    assert run.main(WORDS) == 128 + number
    assert "the folder out is as it was" in capfd.readouterr().err and (place / "out" / "summary.json").is_file()


def test_before_the_first_run_none_were_made(place, model, monkeypatch, capfd):
    monkeypatch.setattr(model, "compile", asked_to_stop(signal.SIGTERM))
    assert run.main(WORDS) == 143
    assert "no runs were made" in capfd.readouterr().err and model.calls["branch"] == 0


def test_a_request_that_comes_when_all_is_written_is_told_so(place, model, monkeypatch, capfd):
    monkeypatch.setattr(contents, "write_pages", lambda *parts: os.kill(os.getpid(), signal.SIGTERM))
    assert run.main(WORDS) == 143
    said = capfd.readouterr().err
    assert "all 20 runs are stored in results/store, and the folder out is complete" in said and "same line" not in said
    assert (place / "out" / "summary.json").is_file()


def test_several_steps_are_told_together(place, model, monkeypatch, capfd):
    from experiments import demo

    monkeypatch.setattr(contents, "write_tables", asked_to_stop(signal.SIGTERM))
    assert demo.main([*SMALL, "replicates=3", "quiet=true"]) == 143
    assert "the runs of all 3 steps so far are stored in results/store" in capfd.readouterr().err


# where nothing is changed


def test_in_other_threads_nothing_is_installed(place, use_model, no_drawing):
    seen = []
    use_model(wait=lambda: seen.append(signal.getsignal(signal.SIGTERM)))
    before = signal.getsignal(signal.SIGTERM)
    codes = []
    thread = threading.Thread(target=lambda: codes.append(run.main(WORDS)))
    thread.start()
    thread.join()
    assert codes == [0] and set(seen) == {before}


def test_in_a_notebook_nothing_is_installed(place, use_model, no_drawing, monkeypatch):
    seen = []
    use_model(wait=lambda: seen.append(signal.getsignal(signal.SIGINT)))
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=object))
    assert run.main(WORDS) == 0
    assert set(seen) == {signal.getsignal(signal.SIGINT)}


@pytest.mark.skipif(sys.platform == "win32", reason="has no such signal")
def test_a_signal_that_is_ignored_stays_so(place, use_model, no_drawing):
    use_model(wait=lambda: os.kill(os.getpid(), signal.SIGHUP))
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    try:
        assert run.main(WORDS) == 0
    finally:
        signal.signal(signal.SIGHUP, before)


SECOND = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
from experiments import job
from experiments.cli import console, store_verbs
def do(life):
    life.command = "the line"
    console.err("begun")
    while True:  # a stage that does not ask
        time.sleep(0.01)
job.leave(job.run_to_end(do, job.Life()))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="sends a Unix signal")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_request_ends_at_once(number):
    job = subprocess.Popen(
        [sys.executable, "-c", SECOND], env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True
    )
    assert job.stderr.readline() == "begun\n"
    job.send_signal(number)
    job.send_signal(number)  # the same request: a parent passes it on
    time.sleep(1)
    assert job.poll() is None
    job.send_signal(number)
    assert job.communicate(timeout=60)[1] == (
        "Ended at once; no runs were made; to go on, type the same line again: the line\n"
    )
    assert job.returncode == 128 + number


# screens that go away


def test_a_reader_that_has_seen_enough_does_not_end_the_job(place, model, monkeypatch):
    monkeypatch.setattr(console, "_LINE_SECONDS", 0.0)
    ends = [os.pipe() for _ in range(2)]
    for read, _ in ends:
        os.close(read)
    with open(ends[0][1], "w", encoding="utf-8") as out, open(ends[1][1], "w", encoding="utf-8") as err:
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", err)
        assert run.main([*SMALL, "replicates=20", "output=out"]) == 0
        monkeypatch.undo()
    assert (place / "out" / "summary.json").is_file()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no such device")
def test_a_log_on_a_full_disk_is_said(place, model, monkeypatch, capfd):
    with open("/dev/full", "w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert run.main(WORDS) == 1
        monkeypatch.setattr(sys, "stdout", sys.__stdout__)
    (said,) = capfd.readouterr().err.splitlines()
    assert "No space left on device" in said and "the folder out is complete" in said
    assert (place / "out" / "summary.json").is_file()
