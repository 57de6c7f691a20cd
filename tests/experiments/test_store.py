"""The store: whole or not there, checked when read, shared without harm, and one sentence where something is wrong."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import threading

import numpy as np
import pytest

from experiments import compare, run
from experiments import store as command
from experiments.ensemble import Executor, Progress, chunks, rows_by_seeds, run_members
from experiments.ensemble.member_store import Store
from experiments.ensemble.store_maintenance import chunk_paths, others
from experiments.ensemble.whole_files import PARTIAL
from sim.inputs.settings import setting
from sim.version import model_version

NAMES = ("satisfaction", "open_cases", "satisfaction__year1", "satisfaction__baseline")
VERSION = "0123456789abcdef"


def chunk(keys, histories=None):
    """Members with made-up figures; whose baseline year is that of their history."""
    keys = list(keys)
    histories = [key // 10 for key in keys] if histories is None else histories
    figures = [
        {**{name: key + i / 3 for i, name in enumerate(NAMES[:3])}, NAMES[3]: history / 7}
        for key, history in zip(keys, histories, strict=True)
    ]
    return chunks.summaries(
        [f"{k:016x}" for k in keys], [k % 100 for k in keys], [f"{h:016x}" for h in histories], figures
    )


def expected(keys):
    return np.array([[key, key + 1 / 3, key + 2 / 3, key // 10 / 7] for key in keys])


def numbers(keys):
    return np.array(keys, np.uint64)


@pytest.fixture
def store(place):
    made = Store(place / "store", VERSION)
    made.prepare()
    return made


def nothing_weekly(keys):
    return np.zeros(len(keys), bool)


def settings(count=2):
    return {f"r{i}": setting("demo_village", residents=300, weeks=52 + i) for i in range(count)}


class Heard(Progress):
    def __init__(self):
        self.notes = []

    def note(self, text):
        self.notes.append(text)


# what it keeps


def test_what_comes_back_is_bit_for_bit_what_was_put_in(store):
    keys = [7, 2**63 + 5, 31, 8]
    odd = [0.1 + 0.2, -0.0, float("nan"), 5e-324]
    made = chunk(keys, [1, 2, 1, 1])
    made.values[:, 0] = odd
    store.append(made)
    for reader in (store, Store(store.folder, VERSION)):
        found = reader.figures(numbers(keys), NAMES)
        assert found[:, 0].tobytes() == np.array(odd).tobytes()
        assert reader.names() == NAMES
    assert np.array_equal(found[:, 3], [1 / 7, 2 / 7, 1 / 7, 1 / 7])


def test_members_are_found_across_chunks_in_any_order(store):
    for start in (0, 100, 50):
        store.append(chunk(range(start, start + 30)))
    keys = [110, 3, 79, 50, 29, 3]
    again = Store(store.folder, VERSION)
    assert np.array_equal(again.figures(numbers(keys), NAMES), expected(keys))
    wanted = numbers([29, 30, 49, 50, 129, 130])
    assert again.missing(wanted, nothing_weekly(wanted)).tolist() == [False, True, True, False, False, True]
    assert again.count() == 90


def test_a_baseline_year_is_kept_once_a_history(store):
    store.append(chunk(range(40)))
    (path,) = chunk_paths(store.folder / VERSION)
    whole = chunks.read(path)
    assert whole.baseline.shape == (4, 1) and whole.values.shape == (40, 3)


def test_small_chunks_are_joined_and_members_come_once(store):
    for start in range(0, 300, 5):
        store.append(chunk(range(start, start + 8)))
    store.append(chunk(range(1000, 1010)))
    old = Store(store.folder, VERSION)
    store.join_small(2)
    assert len(chunk_paths(store.folder / VERSION)) == 1
    keys = [*range(303), *range(1000, 1010)]
    for reader in (store, old, Store(store.folder, VERSION)):  # one of them looked before the chunks were joined
        assert np.array_equal(reader.figures(numbers(keys), NAMES), expected(keys))
        assert reader.count() == 313
        assert sum(int(take.sum()) for _, take in reader.summaries()) == 313


def test_paths_come_back_by_length(store):
    for length, keys in ((104, [1, 2]), (112, [3])):
        values = np.random.default_rng(length).random((len(keys), 2, length))
        store.append(chunks.Paths(numbers(keys), ("a", "b"), values))
    assert store.paths(numbers([2, 1])).shape == (2, 2, 104)
    wanted = numbers([1, 3, 4])
    assert store.missing(wanted, np.ones(3, bool)).tolist() == [True] * 3  # their figures are not there


def test_other_tools_read_a_chunk(store):
    import xarray

    store.append(chunk(range(5)))
    (path,) = chunk_paths(store.folder / VERSION)
    with xarray.open_dataset(path, engine="h5netcdf") as ds:
        assert ds["values"].sel(figure=b"open_cases").values[2] == 2 + 1 / 3
        assert ds.attrs["model_version"] == VERSION


# what is not whole


def damage(path, how):
    content = bytearray(path.read_bytes())
    if how == "truncated":
        del content[len(content) * 2 // 3 :]
    elif how == "flipped":
        content[len(content) // 2] ^= 4
    else:
        content.clear()
    path.write_bytes(content)


@pytest.mark.parametrize("how", ["truncated", "flipped", "emptied"])
def test_a_damaged_chunk_is_not_used_and_its_members_are_run_again(use_model, place, how):
    model = use_model()
    members = rows_by_seeds(settings(), 4)
    run_members(members[:4], store=place / "store")
    whole = run_members(members, store=place / "store")  # joins both
    alone = [figures for _, figures in whole.finished()]
    (joined,) = chunk_paths(place / "store" / model_version())
    run_members(rows_by_seeds(settings(1), 9), store=place / "store")
    damage(joined if joined.exists() else chunk_paths(place / "store" / model_version())[0], how)
    heard, calls = Heard(), model.calls["branch"]
    results = run_members(members, store=place / "store", progress=heard)
    (sentence,) = heard.notes
    assert "damaged" in sentence and ".nc" in sentence
    assert model.calls["branch"] - calls == 8
    assert repr([figures for _, figures in results.finished()]) == repr(alone)


def test_a_chunk_damaged_under_way_is_noticed(store):
    store.append(chunk(range(10)))
    (path,) = chunk_paths(store.folder / VERSION)
    damage(path, "flipped")
    from experiments.ensemble import StoreError

    with pytest.raises(StoreError, match="same line again"):
        store.figures(numbers([3]), NAMES)


def test_half_written_chunks_are_never_seen(store, monkeypatch):
    def broken(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    store.append(chunk(range(3)))
    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError):
        store.append(chunk(range(10, 13)))
    assert len(list((store.folder / VERSION).iterdir())) == 1
    (store.folder / VERSION / f"{PARTIAL}1-0a").write_bytes(b"half")
    assert Store(store.folder, VERSION).count() == 3


def test_a_full_disk_loses_nothing_and_is_one_sentence(use_model, place, monkeypatch, capfd):
    model = use_model()
    whole = chunks.write_whole
    writes = []

    def full(path, content):
        writes.append(path)
        if len(writes) > 3 and path.suffix == ".nc":
            raise OSError(errno.ENOSPC, "No space left on device")
        whole(path, content)

    monkeypatch.setattr(chunks, "write_whole", full)
    words = ["residents=900", "weeks=60", "replicates=40", "output=out", "quiet=true"]
    assert run.main(words) == 1
    err = capfd.readouterr().err
    assert len(err.splitlines()) == 1 and "No space left on device" in err and "same line goes on" in err
    done = int(err.split("; ")[1].split(" of ")[0])
    assert done > 0 and not (place / "out").exists()
    monkeypatch.setattr(chunks, "write_whole", whole)
    calls = model.calls["branch"]
    monkeypatch.setattr("experiments.output.contents.write_figures", lambda *a: None)
    monkeypatch.setattr("experiments.output.contents.write_pages", lambda *a: None)
    assert run.main(words) == 0
    assert model.calls["branch"] - calls == 40 - done


def test_a_folder_that_cannot_be_written_is_refused(use_model, place, monkeypatch, capfd):
    import tempfile

    model = use_model()
    real = tempfile.mkdtemp

    def read_only(*arguments, **keywords):
        if str(keywords.get("dir", "")).endswith("shelf"):
            raise OSError(errno.EROFS, "Read-only file system")
        return real(*arguments, **keywords)

    (place / "shelf").mkdir()
    monkeypatch.setattr(tempfile, "mkdtemp", read_only)
    assert run.main(["store=shelf", "output=out"]) == 2
    err = capfd.readouterr().err
    assert err.count("store: shelf given") == 1 and "Read-only file system" in err and len(err.splitlines()) == 1
    assert model.calls["branch"] == 0 and not (place / "out").exists()


def test_another_model_version_is_noticed_and_never_mixed_in(use_model, place, monkeypatch):
    model = use_model()
    members = rows_by_seeds(settings(), 3)
    run_members(members, store=place / "store")
    later = "feedfacefeedface"
    monkeypatch.setattr("experiments.ensemble.work.model_version", lambda: later)
    monkeypatch.setattr("sim.version.model_version", lambda: later)
    heard = Heard()
    results = run_members(members, store=place / "store", progress=heard)
    assert results.ran == 6 and model.calls["branch"] == 12
    (sentence,) = heard.notes
    assert "6 runs of another model version" in sentence
    assert f"({model_version()}; this is {later})" in others(place / "store", later)


def test_two_jobs_on_one_store_at_once(use_model, place):
    use_model()
    results = {}

    def job(name, count):
        members = rows_by_seeds(settings(4), count)
        results[name] = run_members(members, store=place / "store", executor=Executor("threads", 2))

    jobs = [threading.Thread(target=job, args=(name, 40 + 20 * name)) for name in range(4)]
    for one in jobs:
        one.start()
    for one in jobs:
        one.join()
    alone = run_members(rows_by_seeds(settings(4), 100))
    figures = {member.place: repr(found) for member, found in alone.finished()}
    for name in range(4):
        mine = {member.place: repr(found) for member, found in results[name].finished()}
        assert len(mine) == 4 * (40 + 20 * name) and mine.items() <= figures.items()
    assert Store(place / "store", model_version()).count() == 400


# the command


@pytest.fixture
def filled(use_model, place, monkeypatch):
    use_model()
    monkeypatch.setattr("experiments.output.contents.write_figures", lambda *a: None)
    monkeypatch.setattr("experiments.output.contents.write_pages", lambda *a: None)
    words = ["residents=900", "weeks=60", "replicates=5", "output=out", "quiet=true"]
    assert compare.main(words) == 0
    return place / "results" / "store"


def said(capfd, words, code=0):
    capfd.readouterr()
    assert command.main(words) == code
    return capfd.readouterr()


def test_list_tells_what_there_is(filled, capfd):
    out = said(capfd, ["list"]).out
    assert "10 runs, weekly paths of 10" in out and "  this model version\n" in out
    assert out.rstrip().endswith("Store: results/store")


def test_verify_names_a_damaged_chunk(filled, capfd):
    assert "0 damaged; 10 runs are intact" in said(capfd, ["verify", "store=results/store"]).out
    path = next(path for path in chunk_paths(filled / model_version()) if path.name.startswith("summary"))
    damage(path, "flipped")
    found = said(capfd, ["verify"], 1)
    assert "1 damaged; 0 runs are intact" in found.out and path.name in found.err
    assert "damaged chunks" in said(capfd, ["prune"]).out
    assert not path.exists()
    said(capfd, ["verify"])


def test_prune_removes_other_versions_and_leftovers_only(filled, capfd):
    other = Store(filled, VERSION)
    other.prepare()
    other.append(chunk(range(20)))
    old, new = (filled / model_version() / f"{PARTIAL}{i}" for i in range(2))
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    assert "another model version" in said(capfd, ["list"]).out
    out = said(capfd, ["prune"]).out
    assert "20 runs of another model version" in out
    assert not (filled / VERSION).exists() and not old.exists() and new.exists()
    assert "10 runs, weekly paths of 10" in said(capfd, ["list"]).out
    assert "nothing to remove" in said(capfd, ["prune"]).out


def test_an_export_holds_every_run_once(filled, place, capfd):
    import xarray

    said(capfd, ["export", "output=runs.csv"])
    said(capfd, ["export", "output=runs.nc"])
    table = list(csv.DictReader(io.StringIO((place / "runs.csv").read_text(encoding="utf-8"))))
    with open(place / "out" / "tables" / "runs.csv", encoding="utf-8") as file:
        runs = {row["satisfaction"] for row in csv.DictReader(file)}
    assert len(table) == 10 and {row["satisfaction"] for row in table} == runs
    assert {row["wrong_closures"] for row in table} == {""}
    with xarray.open_dataset(place / "runs.nc", engine="h5netcdf") as ds:
        assert ds.sizes == {"run": 10} and ds["satisfaction"].attrs["label_zh"] == "满意度"
        assert [key.decode() for key in ds["fingerprint"].values] == [row["fingerprint"] for row in table]
        assert [repr(float(v)) for v in ds["satisfaction__year1"]] == [row["satisfaction__year1"] for row in table]
    fingerprints = json.loads((place / "out" / "provenance.json").read_text(encoding="utf-8"))["settings"].values()
    assert {entry["fingerprint"] for entry in fingerprints} <= {row["fingerprint"] for row in table}


@pytest.mark.parametrize(
    "words",
    [
        [], ["list", "verify"], ["lst"], ["list", "store=nowhere"], ["list", "store=full"], ["list", "output=a.csv"],
        ["export"], ["export", "output=a.txt"], ["export", "output=no/where/a.csv"],
        ["export", "output=a.csv", "version=x"], ["verify", "folder=a"], ["prune", "store=/dev/null"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_bad_word_is_one_sentence(filled, place, words, capfd):
    (place / "full").mkdir()
    (place / "full" / "thesis.txt").write_text("mine", encoding="utf-8")
    found = said(capfd, words, 2)
    assert found.out == "" and len(found.err.splitlines()) == 1 and "Traceback" not in found.err
    assert (place / "full" / "thesis.txt").exists()
