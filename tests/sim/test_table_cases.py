"""Tables as people have them: the cases of tests/cases/tables, and generated ones of the same kinds."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import pytest

from sim.inputs.settings import setting
from sim.inputs.sheets import MOST_LINES
from sim.inputs.validators import SettingError

from .table_maker import DELIMITERS, ENCODINGS, ENDS, as_csv, as_workbook, made

CASES = Path(__file__).parents[1] / "cases" / "tables"


def town_of(path: Path, **more):
    return setting("from_table", table=path, **more).town


def told(path: Path, **more) -> str:
    return "; ".join(note.en for note in town_of(path, **more).notes)


def villages_of(path: Path, **more) -> list[tuple]:
    (unit,) = town_of(path, **more).units
    return [(v.name, v.residents, v.share_over_60, v.cadres, v.income, v.kind) for v in unit.villages]


def refusal(path: Path, **more) -> str:
    with pytest.raises(SettingError) as caught:
        town_of(path, **more)
    message = str(caught.value)
    assert "\n" not in message and message.startswith(path.name), message
    return message


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


# ---------------------------------------------------------------- the cases

READ = {  # file -> residents, share over 60, income of 甲村 and 乙村; what has to be said
    "total_row.csv": ((2140, None, None), (1320, None, None), "line 4 left out, a sum (合计, 3,460)"),
    "title_row.csv": ((2140, 0.24, None), (1320, 0.31, None), "line 1 above the header skipped (2024年某镇村情统计表)"),
    "thousands_percent.csv": (
        (2140, 0.24, 310_000.0),
        (1320, 0.31, 95_000.0),
        "converted: 居民数, thousands separators, 2 cells (2,140 = 2,140); "
        "60岁以上占比, per cent, 2 cells (24% = 0.24)",
    ),
    "wan.csv": (
        (2140, None, 310_000.0),
        (1320, None, 95_000.0),
        "集体收入（元）, 万 or 亿, 2 cells (31.0万 = 310,000)",
    ),
}


def test_every_case_is_read_and_told(subtests):
    assert {path.name for path in CASES.iterdir()} == READ.keys()
    for name, (first, second, sentence) in READ.items():
        with subtests.test(case=name):
            found = [
                (name, residents, share, income) for name, residents, share, _, income, _ in villages_of(CASES / name)
            ]
            assert found == [("甲村", *first), ("乙村", *second)]
            text = told(CASES / name)
            assert text.startswith(f"{name}: 2 villages, 3,460 residents; filled in: kind for all") and sentence in text


def test_a_sum_without_a_name_is_refused_until_a_key_decides(tmp_path, subtests):
    text = (CASES / "total_row.csv").read_text(encoding="utf-8")
    for bare in (
        text.replace("合计", ""),
        text.replace("合计", "丙村"),
        text.replace("甲村,2140", "甲村,3460\n丁村,2140", 1),
    ):
        bare = bare.replace("合计,3460\n", "") if "丁村" in bare else bare
        with subtests.test(table=bare):
            path = write(tmp_path / "my.csv", bare)
            line = 2 if "丁村" in bare else 4
            assert refusal(path) == (
                f"my.csv, line {line}: 3,460 residents given, which other lines add up to; town.sum_lines=drop (a sum) "
                "or town.sum_lines=keep (a village) expected"
            )
            assert [residents for _, residents, *_ in villages_of(path, sum_lines="drop")] == [2140, 1320]
            assert f"line {line} left out, a sum (3,460)" in told(path, sum_lines="drop")
            assert sorted(residents for _, residents, *_ in villages_of(path, sum_lines="keep")) == [1320, 2140, 3460]


def test_a_line_is_no_sum_where_only_its_residents_add_up(tmp_path):
    path = write(tmp_path / "my.csv", "name,residents,income\nA,1000,5\nB,1500,6\nC,2500,7\n")
    assert len(villages_of(path)) == 3
    path = write(tmp_path / "my.csv", "name,residents,income\nA,1000,5\nB,1500,6\nC,2500,11\n")
    assert "line 4: 2,500 residents given" in refusal(path)


def test_a_named_sum_that_is_none_is_told(tmp_path):
    path = write(tmp_path / "my.csv", "村名,居民数\n甲村,1000\n乙村,1500\n合计,2600\n")
    assert "line 4 left out, a sum that differs from the lines beside it (合计, 2,600)" in told(path)
    path = write(tmp_path / "my.csv", "村名,居民数\n甲村,1000\n乙村,1500\n平均,1250\n")
    assert "line 4 left out, a mean (平均, 1,250)" in told(path)


def test_a_village_whose_name_only_holds_a_word_of_sums_stays(tmp_path):
    path = write(tmp_path / "my.csv", "村名,居民数\n合计沟村,1000\nTotalton,1500\n全镇桥村,1700\n总计井村,1800\n")
    assert len(villages_of(path)) == 4


# ---------------------------------------------------------------- generated ones

DISGUISES = [(encoding, delimiter, ends) for encoding in ENCODINGS for delimiter in DELIMITERS for ends in ENDS]


@pytest.mark.parametrize("number", range(len(DISGUISES)))
def test_the_same_villages_in_any_disguise(tmp_path, number):
    table = made(number)
    encoding, delimiter, ends = DISGUISES[number]
    path = tmp_path / "made.csv"
    path.write_bytes(as_csv(table, encoding, delimiter, ends, sep=number % 4 == 0))
    assert_read(path, table)
    assert ("UTF-16" in told(path)) == encoding.startswith("utf-16")
    assert ("GB18030" in told(path)) == (encoding == "gb18030")


@pytest.mark.parametrize("number", range(20))
def test_the_same_villages_in_a_workbook(tmp_path, number):
    table = made(100 + number)
    path = tmp_path / "made.xlsx"
    as_workbook(table, path, numbers=number % 2 == 0)
    assert_read(path, table)
    assert "sheet 村情" in told(path)


def assert_read(path, table) -> None:
    assert villages_of(path) == table.truth
    text = told(path)
    assert text.startswith(
        f"{path.name}: {len(table.truth)} villages, {sum(row[1] for row in table.truth):,} residents"
    )
    for words in table.said:
        assert words in text, (words, text)
    assert ("left out" in text) == any("left out" in words for words in table.said)
    assert "differs" not in text


# ---------------------------------------------------------------- what is refused

REFUSED = [
    ("村名，居民数\n甲村，1200\n", "line 1: '村名，居民数' given, cells apart by commas, semicolons or tabs expected"),
    ("村名|居民数\n甲村|1200\n", "line 1: '村名|居民数' given, cells apart by commas"),
    ("单位：万元,,\n村名,居民数,集体收入\n甲村,1200,31\n", "line 1: '单位：万元' given above the header, a unit in"),
    ("村名,居民数,集体收入(万元)\n甲村,1200,31万\n", "'31万' given, a plain number in the unit of the column"),
    ("村名,居民数,户数\n甲村,1200,400\n", "line 1, column 户数: no such column; known: residents"),
    ("村名,居民数,集体收入\n甲村,1200,约30万\n", "line 2, column 集体收入: '约30万' given, yuan a year between 0 and"),
    ("村名,居民数\n甲村,—\n乙村,1000\n", "line 2, column 居民数: '—' given, a whole number of residents"),
    ("村名,居民数\n甲村,24%\n", "'24%' given, a whole number of residents"),
    ("村名,居民数\n甲村,1.200\n", "'1.200' given, a whole number of residents expected; did you mean 1200?"),
    ("村名;60岁以上占比;居民数\n甲村;0,24;1200\n", "'0,24' given, a share expected; did you mean 0.24?"),
    ("村名,居民数\n" + "甲村,1200\n" * (MOST_LINES + 1), f"at most {MOST_LINES} lines"),
    ("居民数" + ",备注" * 300 + "\n1200\n", "301 columns given, at most 200"),
]  # fmt: skip


def test_what_has_no_one_meaning_is_refused(tmp_path, subtests):
    for text, part in REFUSED:
        with subtests.test(part=part):
            assert part in refusal(write(tmp_path / "my.csv", text))


def test_the_unit_of_a_column_is_taken_and_told(tmp_path):
    text = "村名,总人口（万人）,60岁及以上占比%,集体收入（万元/年）\n甲村,0.214,24,31\n乙村,0.132,31%,9.5\n"
    path = write(tmp_path / "my.csv", text)
    assert [row[:3] + row[4:5] for row in villages_of(path)] == [
        ("甲村", 2140, 0.24, 310_000.0),
        ("乙村", 1320, 0.31, 95_000.0),
    ]
    assert "总人口（万人）, the unit of the column, 2 cells (0.214 = 2,140)" in told(path)


def test_columns_of_other_things_are_left_out_where_a_key_says_so(tmp_path):
    path = write(tmp_path / "my.csv", "村名,居民数,户数,书记\n甲村,1200,400,张三\n")
    assert "town.other_columns=drop leaves out the others" in refusal(path)
    assert "columns left out: 户数, 书记" in told(path, other_columns="drop")
    assert villages_of(path, other_columns="drop")[0][:2] == ("甲村", 1200)


def book(path: Path, **sheets) -> Path:
    from openpyxl import Workbook

    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


ROWS = [["村名", "居民数"], ["甲村", 1200], ["乙村", 1500]]


def test_of_several_sheets_one_is_asked_for(tmp_path):
    path = book(tmp_path / "my.xlsx", 甲镇=ROWS, 乙镇=ROWS[:2], 空=[])
    assert refusal(path) == ("my.xlsx, town.sheet: missing, but the workbook has 2 sheets; one of 甲镇, 乙镇 expected")
    assert len(villages_of(path, sheet="甲镇")) == 2 and len(villages_of(path, sheet="乙镇")) == 1
    assert "no such sheet; known: 甲镇, 乙镇, 空" in refusal(path, sheet="丙镇")
    csv = write(tmp_path / "my.csv", "居民数\n1200\n")
    assert refusal(csv, sheet="甲镇") == "my.csv, town.sheet: 甲镇 given with a CSV file, which has no sheets"


def test_a_place_in_a_workbook_is_named_by_sheet_and_row(tmp_path):
    path = book(tmp_path / "my.xlsx", 村=[*ROWS, ["丙村", "many"]])
    assert refusal(path).startswith("my.xlsx, sheet 村, row 4, column 居民数: 'many' given, a whole number")


def test_a_formula_without_its_value_is_not_an_empty_cell(tmp_path):
    path = book(tmp_path / "my.xlsx", 村=[["村名", "居民数", "村干部数"], ["甲村", 1200, "=2+3"]])
    assert "row 2, column 3: a formula without its value given" in refusal(path)


def archive(path: Path, content: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in content.items():
            file.writestr(name, data)
    return path


def test_a_workbook_that_is_none_or_too_large_is_refused_soon(tmp_path, subtests):
    good = book(tmp_path / "good.xlsx", 村=ROWS)
    parts = {name: zipfile.ZipFile(good).read(name) for name in zipfile.ZipFile(good).namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    far = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    far += b'<row r="1"><c r="A1"><v>1</v></c></row><row r="99999999999"><c r="A99999999999"><v>1</v></c></row>'
    far += b"</sheetData></worksheet>"
    wide = far.split(b"<row")[0] + b"".join(b'<row r="%d"><c r="XFD%d" s="0"/></row>' % (r, r) for r in range(1, 9_000))
    laughs = b'<!DOCTYPE l [<!ENTITY a "' + b"ha" * 99 + b'">'
    laughs += b"".join(b'<!ENTITY %c "%s">' % (c + 1, b"&%c;" % c * 60) for c in range(97, 105)) + b"]>"
    laughs += far.split(b"<sheetData>")[0] + b'<sheetData><row r="1"><c r="A1"><v>&i;</v></c></row></sheetData>'
    laughs += b"</worksheet>"
    cases = {
        "bomb": (archive(tmp_path / "bomb.xlsx", {**parts, sheet: b" " * 80_000_000}), "MB once unpacked"),
        "far": (archive(tmp_path / "far.xlsx", {**parts, sheet: far}), "most of them blank"),
        "wide": (archive(tmp_path / "wide.xlsx", {**parts, sheet: wide + b"</sheetData></worksheet>"}), "most of them"),
        "laughs": (archive(tmp_path / "laughs.xlsx", {**parts, sheet: laughs}), "not a workbook that can be read"),
        "empty": (archive(tmp_path / "none.xlsx", {"a.txt": b""}), "an archive, an XLSX file expected"),
        "ods": (archive(tmp_path / "my.xlsx", {"content.xml": b""}), "an OpenDocument or binary workbook"),
        "cut": (tmp_path / "cut.xlsx", "a broken workbook"),
        "old": (tmp_path / "old.xls", "an old or locked workbook"),
        "text": (tmp_path / "text.xlsx", "not a workbook, an XLSX file expected"),
    }
    (tmp_path / "cut.xlsx").write_bytes(good.read_bytes()[:2000])
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    write(tmp_path / "text.xlsx", "residents\n1200\n")
    for name, (path, part) in cases.items():
        with subtests.test(case=name):
            began = time.monotonic()
            assert part in refusal(path)
            assert time.monotonic() - began < 60


def test_a_workbook_called_csv_is_read_as_what_it_is(tmp_path):
    path = book(tmp_path / "my.xlsx", 村=ROWS).rename(tmp_path / "my.csv")
    assert len(villages_of(path)) == 2


def test_a_broken_workbook_ends_in_a_town_or_one_sentence(tmp_path):
    """Bytes of a good workbook turned over, one at a time: never another error."""
    good = bytearray(book(tmp_path / "good.xlsx", 村=ROWS).read_bytes())
    path = tmp_path / "bent.xlsx"
    for at in range(0, len(good), len(good) // 60):
        bent = bytearray(good)
        bent[at] ^= 0xFF
        path.write_bytes(bytes(bent))
        try:
            assert town_of(path).residents > 0
        except SettingError as error:
            assert "\n" not in str(error)


# ---------------------------------------------------------------- names and labels


def test_names_and_labels_change_no_result(tmp_path):
    one = setting("from_table", table=write(tmp_path / "a.csv", "村名,居民数\n甲村,1200\n"), label_zh="某镇")
    two = setting("from_table", table=write(tmp_path / "b.csv", "居民数\n1200\n"))
    assert one.fingerprint == two.fingerprint
    assert one.town.label_zh == "某镇" and one.town.label_en == two.town.label_en
    assert one.drawn.units[0].villages[0].name == "甲村"
    assert "甲村" not in str(one.as_dict())
    assert type(one).from_dict(one.as_dict()).town.notes == one.town.notes


def test_a_label_of_a_ready_made_town():
    assert setting("average", label_en="Elsewhere", residents=5_000).town.label_en == "Elsewhere"
    with pytest.raises(SettingError, match=r"town.label_zh: 3 given, a text expected"):
        setting("average", label_zh=3)
    with pytest.raises(SettingError, match=r"town.sum_lines: 'drop' given with town average, a town that reads"):
        setting("average", sum_lines="drop")
    with pytest.raises(SettingError, match=r"town.sum_lines: 'skip' given, drop or keep expected"):
        setting("from_table", sum_lines="skip")
