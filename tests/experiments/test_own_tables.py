"""A town of one's own from the command line: what is said before the run, what is kept, what is refused."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from experiments import api, compare, run

CASES = Path(__file__).parents[1] / "cases" / "tables"
TABLE = '2024年村情表,,\n村名,居民数,60岁以上占比\n甲村,"1,200",24%\n=乙村,900,—\n合计,2100,\n'
ONCE = ["town=from_table", "replicates=1", "output=out", "quiet=true"]


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with open(folder / "tables" / f"{name}.csv", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_what_was_read_is_said_before_the_run_and_kept(place, model, capfd):
    (place / "村情.csv").write_text(TABLE, encoding="gb18030")
    assert run.main([*ONCE, "town.table=村情.csv", "town.label_zh=某镇: 一", "town.label_en=A, town"]) == 0
    (line,) = [line for line in capfd.readouterr().err.splitlines() if line.startswith("Read ")]
    assert line.startswith("Read 村情.csv: 2 villages, 2,100 residents; filled in: kind for all")
    for words in ("share_over_60 for 1 of 2", "1,200 = 1,200", "24% = 0.24", "line 5 left out, a sum (合计, 2,100)"):
        assert words in line
    for words in ("line 1 above the header skipped (2024年村情表)", "taken as not known: 60岁以上占比 (—)", "GB18030"):
        assert words in line
    first, second = rows(place / "out", "villages")
    assert (first["name"], first["residents"], first["share_over_60"]) == ("甲村", "1200", "0.24")
    assert (second["name"], second["share_over_60"]) == ("'=乙村", "")  # no formula
    assert "share_over_60" in second["filled_in"] and "share_over_60" not in first["filled_in"]
    town = json.loads((place / "out" / "provenance.json").read_text(encoding="utf-8"))["settings"]["baseline"][
        "setting"
    ]["town"]
    assert (town["label_en"], town["label_zh"]) == ("A, town", "某镇: 一")
    assert any("合计" in note["zh"] for note in town["notes"]) and "甲村" not in str(town)


def test_two_towns_are_compared_each_with_its_table(place, model, capfd):
    (place / "a, b.csv").write_text("residents\n1200\n900\n", encoding="utf-8")
    (place / "c.csv").write_text("residents,other\n700,1\n800,2\n900,3\n2400,4\n", encoding="utf-8")
    words = ["experiment=baseline", "settings.one.town=from_table", "settings.one.town.table=a, b.csv"]
    words += ["settings.two.town=from_table", "settings.two.town.table=c.csv", "settings.two.town.sum_lines=drop"]
    assert compare.main([*words, "settings.two.town.other_columns=drop", "replicates=1", "output=out"]) == 0
    said = [line for line in capfd.readouterr().err.splitlines() if line.startswith("Read ")]
    assert len(said) == 2 and "a, b.csv: 2 villages" in said[0] and "c.csv: 3 villages, 2,400" in said[1]
    assert [row["setting"] for row in rows(place / "out", "villages")] == ["one"] * 2 + ["two"] * 3


def test_bad_tables_end_with_code_2_and_one_sentence(place, model, capfd, subtests):
    (place / "sum.csv").write_text("村名,居民数\n甲村,1000\n乙村,1500\n,2500\n", encoding="utf-8")
    (place / "other.csv").write_text("村名,居民数,户数\n甲村,1000,3\n", encoding="utf-8")
    for words, part in (
        (
            ["town.table=sum.csv"],
            "sum.csv, line 4: 2,500 residents given, which other lines add up to; town.sum_lines=",
        ),
        (["town.table=sum.csv", "town.sum_lines=maybe"], "town.sum_lines: 'maybe' given, drop or keep expected"),
        (["town.table=other.csv"], "other.csv, line 1, column 户数: no such column"),
        (["town.table=other.csv", "town.other_columns=keep"], "town.other_columns: 'keep' given, drop expected"),
        (["town.table=other.csv", "town.sheet=村"], "town.sheet: 村 given with a CSV file"),
        (["town.table=other.csv", "town.lable_zh=村"], "town.lable_zh"),
    ):
        with subtests.test(words=words):
            assert run.main([*ONCE, *words]) == 2
            (line,) = capfd.readouterr().err.splitlines()
            assert part in line and not (place / "out").exists()


def test_the_same_from_python(place, model):
    found = api.run(
        {"town": "from_table", "town.table": str(CASES / "wan.csv"), "town.label_zh": "某镇", "replicates": 1}
    )
    assert found.accounts[0].startswith("wan.csv: 2 villages, 3,460 residents; filled in: ")
    assert found.study.settings["baseline"].town.label_zh == "某镇"
