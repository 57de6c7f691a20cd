"""The readers of files: YAML, CSV, JSON, and what none of them may open."""

from __future__ import annotations

import itertools
import os
import socket
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as st

from sim.inputs.files import LARGEST, csv_rows, parse_scalar, parse_yaml, read_json, read_yaml
from sim.inputs.validators import Frozen, SettingError
from sim.inputs.village_table import TableRequest, read_villages


def read_table(path: Path):
    return read_villages(TableRequest(path))


def test_yaml_is_read_as_people_mean_it():
    assert parse_scalar("no") == "no"
    assert parse_scalar("2020-01-01") == "2020-01-01"
    assert parse_scalar("1e3") == 1000.0
    assert parse_scalar("0.5") == 0.5
    assert parse_scalar("208") == 208
    assert parse_scalar("false") is False
    assert parse_scalar("{intensity: .5, start: 3}") == {"intensity": 0.5, "start": 3}
    assert parse_scalar("[service, tasks]") == ["service", "tasks"]
    assert parse_scalar("") is None


BAD_YAML = [
    ("a: 1\nb: 2\na: 3\n", "line 3: key a given twice"),
    ("a:\n  b: .nan\n", "line 2: .nan given, a finite number"),
    ("a: -.inf\n", "line 1: -.inf given"),
    ("a: 1e999\n", "line 1: 1e999 given"),
    ("- 1\n- 2\n", "keys with values expected"),
    ("1: 2\n", "line 1: key 1 given, a name"),
    ("a: [1, 2\n", "line 2"),
    ("a: !!python/object/apply:os.getcwd []\n", "line 1: could not determine a constructor"),
    ("a: *nowhere\n", "line 1"),
]


def test_bad_yaml_is_refused_with_file_and_line(tmp_path, subtests):
    for text, expected in BAD_YAML:
        with subtests.test(text=text):
            path = tmp_path / "mine.yaml"
            path.write_text(text, encoding="utf-8")
            with pytest.raises(SettingError) as caught:
                read_yaml(path)
            message = str(caught.value)
            assert message.startswith("mine.yaml") and expected in message and "\n" not in message


def test_files_that_are_not_there_or_not_text(tmp_path):
    with pytest.raises(SettingError, match=r"mine.yaml: no such file"):
        read_yaml(tmp_path / "mine.yaml")
    (tmp_path / "mine.yaml").write_bytes("标签: 一".encode("gb18030"))
    with pytest.raises(SettingError, match=r"mine.yaml: not UTF-8"):
        read_yaml(tmp_path / "mine.yaml")
    (tmp_path / "mine.yaml").write_text("\ufeffa: 1\n", encoding="utf-8")
    assert read_yaml(tmp_path / "mine.yaml") == {"a": 1}


def test_a_frozen_mapping_is_a_mapping():
    frozen = Frozen({"a": {"b": 1}})
    assert frozen == {"a": {"b": 1}} and hash(frozen) == hash(Frozen({"a": {"b": 1}}))
    assert list(frozen) == ["a"] and "b" not in frozen and len(frozen) == 1


@given(text=st.text(max_size=60) | st.text(alphabet="{}[]:,-&*!|>'\"\n ab1.%@`?", max_size=60))
@trials(max_examples=max(150, trials().max_examples))
def test_whatever_is_in_a_yaml_file_ends_in_a_dict_or_in_one_sentence(text):
    try:
        assert isinstance(parse_yaml(text, "fuzz.yaml"), dict)
    except SettingError as error:
        assert "\n" not in str(error) and str(error).startswith("fuzz.yaml")


CASES = Path(__file__).parents[1] / "cases"


def refused(read: Callable[[], object]) -> str:
    """The one sentence with which a read is refused, at once."""
    begin = time.monotonic()
    with pytest.raises(SettingError) as caught:
        read()
    assert time.monotonic() - begin < 5.0
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 400
    return str(caught.value)


def special(folder: Path, kind: str) -> Path:
    """Something in a folder that is no regular file, and of which a plain read ends in no time at all or never."""
    path = folder / f"{kind}.csv"
    if kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        socket.socket(socket.AF_UNIX).bind(str(path))
    else:
        path.mkdir()
    return path


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="POSIX only")
def test_what_is_no_file_is_refused_without_waiting(tmp_path, subtests):
    paths = [special(tmp_path, kind) for kind in ("device", "pipe", "socket", "folder")]
    for path, read in itertools.product(paths, [read_yaml, read_json, csv_rows, read_table]):
        with subtests.test(kind=path.stem, read=read):
            sentence = refused(partial(read, path))
            assert sentence.startswith(f"{path.name}: a ") and "file expected" in sentence


def test_a_file_above_its_bound_is_refused_by_its_size(tmp_path, subtests):
    for kind, read in [("YAML", read_yaml), ("JSON", read_json), ("CSV", csv_rows)]:
        with subtests.test(kind=kind):
            path = tmp_path / "large"
            with open(path, "wb") as file:
                file.truncate(LARGEST[kind] + 1)
            assert refused(partial(read, path)).startswith(f"large: too large, a {kind} file of at most ")


def test_a_name_that_no_file_can_have_and_a_file_that_is_not_there(tmp_path):
    assert "cannot be read (embedded null byte)" in refused(lambda: csv_rows(Path("a\0b")))
    assert "cannot be read (" in refused(lambda: csv_rows(tmp_path / ("x" * 300)))
    assert "no such file in" in refused(lambda: read_json(tmp_path / "x.json"))


def test_yaml_that_grows_by_references_or_never_ends_is_refused_at_once():
    path = CASES / "experiments" / "alias_bomb.yaml"
    assert "at most 200000 values, references (*) written out expected" in refused(lambda: read_yaml(path))
    for text in ("a: &x [*x]\n", "a: &x {b: *x}\n"):
        assert refused(lambda text=text: parse_yaml(text, "mine.yaml")).startswith("mine.yaml")
    assert parse_yaml("a: &x [1, 2]\nb: *x\nc: *x\n", "mine.yaml") == {"a": [1, 2], "b": [1, 2], "c": [1, 2]}


def test_yaml_that_is_nested_without_end_is_refused(subtests):
    """libyaml composes by recursion in C: a process dies of such a line before Python notices."""
    for text in ["[" * 50_000, "- " * 50_000, "{a: " * 50_000, "? " * 50_000]:
        with subtests.test(text=text[:3]):
            assert "at most 40 levels expected" in refused(partial(parse_scalar, text))


BAD_CSV = [
    ("a,b\n1\n", "line 2: 1 cells given, 2 expected"),
    ("a,b\n1,2\n1,2,3\n", "line 3: 3 cells given, 2 expected"),
    ("a,a\n1,2\n", "column a: given twice"),
    ('a,b\n1,"2\n', "not CSV"),
]


def test_bad_csv_is_refused_with_file_and_line(tmp_path, subtests):
    for text, expected in BAD_CSV:
        with subtests.test(text=text):
            path = tmp_path / "mine.csv"
            path.write_text(text, encoding="utf-8")
            sentence = refused(partial(csv_rows, path))
            assert sentence.startswith("mine.csv") and expected in sentence


def test_csv_by_its_header(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text('\ufeffa,b\n1,"two\u2028 lines"\n\n3,\n', encoding="utf-8")
    assert csv_rows(path) == [{"a": "1", "b": "two\u2028 lines"}, {"a": "3", "b": ""}]
    path.write_text("", encoding="utf-8")
    assert csv_rows(path) == []


def test_bad_json_is_refused(tmp_path, subtests):
    for text in ["[1]", "{", '{"a": ' * 100_000, ""]:
        with subtests.test(text=text[:9]):
            path = tmp_path / "mine.json"
            path.write_text(text, encoding="utf-8")
            assert refused(partial(read_json, path)).startswith("mine.json: ")
