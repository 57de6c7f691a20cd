"""A user's table of villages: what is taken, what is filled in, and how errors are named."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as st

from sim.inputs.places import TownSpec
from sim.inputs.settings import setting
from sim.inputs.validators import SettingError
from sim.inputs.village_table import TableRequest, read_villages


def villages(town: TownSpec):
    return town.units[0].villages


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def told(town: TownSpec) -> str:
    """What is said of a table, in English."""
    assert all(note.zh.strip() for note in town.notes)
    return "; ".join(note.en for note in town.notes)


def from_table(path: Path, **more) -> TownSpec:
    return setting("from_table", table=path, **more).town


def test_a_full_table_is_taken_as_it_stands(tmp_path):
    path = write(
        tmp_path / "my.csv",
        "residents,share_over_60,cadres,visibility,income,kind\n"
        "1200,0.31,5,remote,300000,rural\n"
        "2300,.2,7,1,0,community\n",
    )
    town = from_table(path)
    first, second = villages(town)
    assert (first.residents, first.share_over_60, first.cadres) == (1200, 0.31, 5)
    assert (first.visibility, first.income, first.kind) == (0.0, 300_000.0, "rural")
    assert (second.visibility, second.income, second.kind) == (1.0, 0.0, "community")
    assert told(town) == "my.csv: 2 villages, 3,500 residents"
    assert town.units[0].township_cadres == 30  # the least a unit has


def test_what_a_table_leaves_out_is_filled_and_listed(tmp_path):
    path = write(tmp_path / "my.csv", "residents,cadres\n1200,\n2300,5\n")
    town = from_table(path)
    assert [village.cadres for village in villages(town)] == [None, 5]
    assert {village.kind for village in villages(town)} == {"rural"}
    assert all(village.share_over_60 is village.income is None for village in villages(town))
    assert "cadres for 1 of 2 (by size" in told(town)
    for column in ("kind", "share_over_60", "visibility", "income"):
        assert f"{column} for all (" in told(town)


def test_a_chinese_table_is_read_in_the_encodings_of_spreadsheets(tmp_path, subtests):
    for encoding, separator in itertools.product(("utf-8", "utf-8-sig", "gb18030", "utf-16"), (",", ";", "\t")):
        with subtests.test(encoding=encoding, separator=separator):
            rows = [
                ["村名", "居民数", "60岁以上占比", "村干部数", "区位", "集体收入（万元）", "类型"],
                ["一村", "1200", "0.31", "5", "偏远", "30", "行政村"],
                ["二村", "2300", "0.2", "7", "沿路", "1.5", "社区"],
            ]
            text = "\r\n".join(separator.join(row) for row in rows) + "\r\n"
            first, second = villages(from_table(write(tmp_path / "我的.csv", text, encoding)))
            assert (first.residents, first.visibility, first.income) == (1200, 0.0, 300_000.0)
            assert (second.kind, second.visibility, second.income) == ("community", 1.0, 15_000.0)


def test_blank_lines_quotes_and_spare_commas_do_no_harm(tmp_path):
    text = '\n"residents", Kind ,name,,\n\n"1200",rural,"A, upper\nhamlet",,\n,,,,\n 2300 ,,,,\n\n'
    town = from_table(write(tmp_path / "my.csv", text))
    assert [village.residents for village in villages(town)] == [1200, 2300]
    assert [village.name for village in villages(town)] == ["A, upper hamlet", ""]
    assert "hamlet" not in str(town.as_dict())


def test_roadside_and_remote_are_two_ends_of_visibility(tmp_path, subtests):
    for column, cell, expected in [
        ("roadside", "yes", 1.0),
        ("remote", "是", 0.0),
        ("remote", "0.75", 0.25),
        ("沿路", "否", 0),
    ]:
        with subtests.test(column=column, cell=cell):
            path = write(tmp_path / "my.csv", f"residents,{column}\n1200,{cell}\n")
            assert villages(from_table(path))[0].visibility == expected


def test_a_table_scales_like_any_town(tmp_path):
    lines = "\n".join(str(1000 + 10 * i) for i in range(20))
    path = write(tmp_path / "my.csv", f"residents\n{lines}\n")
    town = from_table(path, residents=5_000)
    assert town.residents == 5_000 and town.shape["villages"] == 5


def test_an_edited_table_is_read_again(tmp_path):
    path = write(tmp_path / "my.csv", "residents\n1200\n")
    before = setting("from_table", table=path)
    write(path, "residents\n1200\n2300\n")
    after = setting("from_table", table=path)
    assert after.town.residents == 3_500
    assert after.history_key != before.history_key


def test_the_same_table_elsewhere_is_the_same_town(tmp_path):
    one = write(tmp_path / "one.csv", "residents\n1200\n")
    two = write(tmp_path / "two.csv", "居民数\n1200\n")
    keys = {setting("from_table", table=path).fingerprint for path in (one, two)}
    assert len(keys) == 1


HEAD = "residents,share_over_60,cadres,visibility,income,kind"
GOOD = "1200,0.3,6,0.5,100000,rural"
CELLS = {  # column -> bad cell -> what the sentence says
    "residents": {
        "": "'' given, a whole number of residents",
        "0": "0 given, a whole number of residents between 1 and 200000",
        "-5": "-5 given",
        "12.5": "12.5 given",
        "1e9": "1000000000 given",
        "nan": "'nan' given",
        "—": "'—' given",
        "inf": "inf given",
        '"1,20"': "did you mean 1.20?",
        "1.200": "did you mean 1200?",
        "24%": "'24%' given",
        "1_200": "'1_200' given",
        "many": "'many' given",
        "True": "'True' given",
    },
    "share_over_60": {
        "23.7": "23.7 given, a share between 0 and 1 expected; did you mean 0.237?",
        "237%": "2.37 given, a share between 0 and 1 expected",
        '"0,24"': "'0,24' given, a share expected; did you mean 0.24?",
        "-0.1": "-0.1 given",
        "old": "'old' given",
    },
    "cadres": {"0": "0 given, a whole number of cadres", "5.5": "5.5 given", "900": "900 given"},
    "visibility": {
        "near": "'near' given, a number between 0 (remote) and 1 (roadside) or roadside or remote",
        "2": "2 given",
        "inf": "inf given",
    },
    "income": {"-1": "-1 given, yuan a year between 0 and", "1e300": "given", "some": "'some'", "无": "'无'"},
    "kind": {"town": "'town' given, rural or village", "1": "'1' given"},
}


def refused_table(tmp_path: Path, content: bytes | str, *parts: str) -> str:
    path = tmp_path / "my_town.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SettingError) as caught:
        setting("from_table", table=path)
    message = str(caught.value)
    assert "\n" not in message and message.startswith("my_town.csv")
    for part in parts:
        assert part in message, (part, message)
    return message


def test_a_bad_cell_is_named_by_line_and_column(tmp_path, subtests):
    for column, cell in [(name, cell) for name, cells in CELLS.items() for cell in cells]:
        with subtests.test(column=column, cell=cell):
            index = HEAD.split(",").index(column)
            cells = GOOD.split(",")
            cells[index] = cell
            content = "\n".join([HEAD, GOOD, "", GOOD, ",".join(cells), GOOD]) + "\n"
            refused_table(tmp_path, content, f"line 5, column {column}: ", CELLS[column][cell])


def test_the_sentence_of_the_story(tmp_path):
    lines = ["residents,share_over_60", *["1200,0.2"] * 7, "1300,23.7"]
    message = refused_table(tmp_path, "\n".join(lines))
    assert message == (
        "my_town.csv, line 9, column share_over_60: 23.7 given, a share between 0 and 1 expected; did you mean 0.237?"
    )


UNREADABLE = [
    ("", "empty"),
    ("\n\n \n", "empty"),
    ("residents\n", "a header without villages"),
    ("resident\n1200\n", "line 1, column resident: no such column; did you mean residents?"),
    ("cadres\n6\n", "line 1, column residents: missing"),
    ("residents,residents\n1,2\n", "residents given twice"),
    ("residents,居民数\n1,2\n", "column 居民数: residents given twice (also as residents)"),
    ("residents,visibility,remote\n1,1,1\n", "visibility given twice"),
    ("residents,incom\n1,2\n", "column incom: no such column; did you mean income?"),
    ("residents,天气\n1,2\n", "column 天气: no such column; known: residents"),
    ("residents,,cadres\n1,2,3\n", "a column without a name"),
    ("residents,cadres\n1200\n", "line 2: 1 cells given, 2 expected"),
    ("residents,cadres\n1200,6,7\n", "line 2: 3 cells given, 2 expected"),
    ('residents,name\n1200,"open\n', "not CSV"),
    ("residents\n50\n", "residents in all: 50 given, a whole number between 100 and"),
    ("residents\n" + "190000\n" * 60, "residents in all: 11400000 given"),
    (b"PK\x03\x04\x00\x00", "a broken workbook, an XLSX file expected"),
    (b"residents\n12\x0000\n", "not text"),
    (b"residents\n\xff\xff\xff\n", "unknown encoding"),
    ("1200,0.3\n1300,0.2\n", "line 1, column 1200: no such column"),
]


def test_a_table_that_cannot_be_read(tmp_path, subtests):
    for content, part in UNREADABLE:
        with subtests.test(content=content):
            refused_table(tmp_path, content, part)


def test_a_table_that_is_not_there(tmp_path):
    for path, name, part in (
        (tmp_path / "my.csv", "my.csv", "no such file in"),
        (tmp_path, tmp_path.name, "a folder given"),
        (tmp_path / "my\ntown.csv", "my town.csv", "no such file in"),
        (tmp_path / ("a" * 999), "a" * 77 + "...", "cannot be read"),
    ):
        with pytest.raises(SettingError) as caught:
            setting("from_table", table=path)
        message = str(caught.value)
        assert message.startswith(f"{name}: {part}") and "\n" not in message


@given(content=st.binary(max_size=60) | st.text(alphabet=',;"\n1.5residents,kind村', max_size=80))
@trials(max_examples=max(150, trials().max_examples))
def test_whatever_is_in_a_table_ends_in_a_town_or_in_one_sentence(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "fuzz.csv"
    data = content if isinstance(content, bytes) else content.encode()
    for head in (b"", b"residents,kind,name\n"):
        path.write_bytes(head + data)
        try:
            villages, _ = read_villages(TableRequest(path))
        except SettingError as error:
            assert "\n" not in str(error) and str(error).startswith("fuzz.csv")
        else:
            assert villages
