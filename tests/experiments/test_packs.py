"""Packs: a finished job that can be sent, run again and compared, and what a stranger's pack may not do."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from experiments import compare, pack, repeat
from experiments.packing.crate import CRATE
from experiments.packing.differences import differences
from experiments.packing.pack_reader import check_names
from sim.inputs.validators import SettingError

LINE = ["experiment=rectification", "town=demo_village", "residents=200", "weeks=52", "replicates=2", "quiet=true"]
SMALL = [*LINE, "facts.calendar.settling_weeks=0"]


@pytest.fixture(scope="module")
def packed(tmp_path_factory, compiled_model):
    """The folder of a small comparison, and its pack."""
    place = tmp_path_factory.mktemp("packs")
    assert compare.main([*SMALL, f"store={place / 'store'}", f"output={place / 'made'}"]) == 0
    assert pack.main([f"from={place / 'made'}", f"output={place / 'made.zip'}"]) == 0
    return place / "made", place / "made.zip"


def test_a_pack_run_again_gives_the_same_tables(packed, tmp_path, capfd):
    assert repeat.main([f"from={packed[1]}", f"output={tmp_path / 'again'}", "quiet=true"]) == 0
    assert "in every byte" in capfd.readouterr().out


def test_the_same_job_packs_to_the_same_bytes(packed, tmp_path):
    assert pack.main([f"from={packed[0]}", f"output={tmp_path / 'other.zip'}"]) == 0
    assert (tmp_path / "other.zip").read_bytes() == packed[1].read_bytes()


def test_the_crate_describes_every_file_and_the_job(packed):
    with zipfile.ZipFile(packed[1]) as archive:
        names = set(archive.namelist())
        crate = json.loads(archive.read(CRATE))
    about, root, *rest = crate["@graph"]
    assert about["about"] == {"@id": "./"} and about["conformsTo"]["@id"].startswith("https://w3id.org/ro/crate/1.")
    assert {part["@id"] for part in root["hasPart"]} == names - {CRATE}
    assert {"name", "description", "datePublished", "license"} <= root.keys()
    known = {one["@id"] for one in crate["@graph"]}
    assert len(known) == len(crate["@graph"])
    action = next(one for one in rest if one["@type"] == "CreateAction")
    used = [action["instrument"], *action["object"], *action["result"], root["license"], root["mentions"]]
    assert {one["@id"] for one in used} <= known
    assert {"recipe.json", "tables/effects.csv", "provenance.json"} <= names


def changed(path, tmp_path, **others):
    """A copy of a pack with other contents for some members (`__` for a dot, `___` for a slash)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            change = others.get(name)
            content = old.read(name)
            new.writestr(name, change(content) if change else content)
        for name in others.keys() - set(old.namelist()):
            new.writestr(name, others[name](b""))
    copy = tmp_path / "changed.zip"
    copy.write_bytes(buffer.getvalue())
    return copy


def test_a_cell_that_was_changed_is_named(packed, tmp_path, capfd):
    with zipfile.ZipFile(packed[1]) as archive:
        table = next(name for name in archive.namelist() if name == "tables/effects.csv")
    copy = changed(packed[1], tmp_path, **{table: lambda content: content.replace(b"0.", b"1.", 1)})
    assert repeat.main([f"from={copy}", f"output={tmp_path / 'again'}", "quiet=true"]) == 1
    assert "tables/effects.csv: 1 of" in capfd.readouterr().out


def edited(**values):
    def change(content: bytes) -> bytes:
        recipe = json.loads(content)
        recipe["values"] |= values
        return json.dumps(recipe).encode()

    return change


@pytest.mark.parametrize(
    ("others", "part"),
    [
        ({"provenance.json": lambda content: b'{"model_version": "0000"}'}, "model_version"),
        ({"recipe.json": lambda content: b"[1]"}, "recipe.json"),
        ({"recipe.json": edited(output="/tmp/elsewhere")}, "output: given"),
        ({"recipe.json": edited(store="/tmp/elsewhere")}, "store: given"),
        ({"recipe.json": edited(behaviour="../../secret.csv")}, "behaviour"),
        ({"recipe.json": edited(burden=99)}, "burden"),
        ({"../out.txt": lambda content: b"x"}, "plain names of files"),
        ({"inputs/CON": lambda content: b"x"}, "plain names of files"),
    ],
    ids=["another model", "no object", "output", "store", "outside", "not allowed", "leads out", "device"],
)
def test_a_strangers_pack_is_refused_in_one_sentence(packed, tmp_path, capfd, others, part):
    before = sorted(path.name for path in tmp_path.iterdir())
    copy = changed(packed[1], tmp_path, **others)
    assert repeat.main([f"from={copy}", f"output={tmp_path / 'again'}"]) == 2
    found = capfd.readouterr()
    assert part in found.err and found.err.count("\n") == 1 and "Traceback" not in found.err
    assert sorted(path.name for path in tmp_path.iterdir()) == [*before, "changed.zip"]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ([], "from: missing"),
        (["from=no/such"], "no/such"),
        (["from={folder}", "output=x.tar"], "a .zip file expected"),
        (["from={folder}", "output={pack}"], "there already"),
        (["from={folder}", "licence=x"], "did you mean license"),
    ],
)
def test_a_line_that_packs_nothing_is_answered(packed, words, part, capfd):
    given = [word.format(folder=packed[0], pack=packed[1]) for word in words]
    assert pack.main(given) == 2
    assert part in capfd.readouterr().err


def test_names_that_lead_out_or_stand_twice_are_refused():
    for names in (["a/../b"], ["/etc/x"], ["a", "A"], ["x" * 300], ["a\nb"]):
        with pytest.raises(SettingError):
            check_names(names)


def test_differences_count_cells():
    then = {"a": b"x,y\n1,2\n3,4\n", "b": b"x\n1\n"}
    found, alone = differences(then, {"a": b"x,y\n1,2\n3,5\n"})
    assert alone == ["b"]
    assert [(one.table, one.cells, one.first) for one in found] == [("a", 1, ((3, "y", "4", "5"),))]
    assert found[0].largest == pytest.approx(0.2)
