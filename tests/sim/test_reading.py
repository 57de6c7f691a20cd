"""The YAML reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as st

from sim.inputs.files import parse_scalar, parse_yaml, read_yaml
from sim.inputs.validators import Frozen, SettingError


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", "line 3: key a given twice"),
        ("a:\n  b: .nan\n", "line 2: .nan given, a finite number"),
        ("a: -.inf\n", "line 1: -.inf given"),
        ("a: 1e999\n", "line 1: 1e999 given"),
        ("- 1\n- 2\n", "keys with values expected"),
        ("1: 2\n", "line 1: key 1 given, a name"),
        ("a: [1, 2\n", "line 2"),
        ("a: !!python/object/apply:os.getcwd []\n", "line 1: could not determine a constructor"),
        ("a: *nowhere\n", "line 1"),
    ],
)
def test_bad_yaml_is_refused_with_file_and_line(tmp_path, text, expected):
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
@trials(max_examples=150, deadline=None)
def test_whatever_is_in_a_yaml_file_ends_in_a_dict_or_in_one_sentence(text):
    try:
        assert isinstance(parse_yaml(text, "fuzz.yaml"), dict)
    except SettingError as error:
        assert "\n" not in str(error) and str(error).startswith("fuzz.yaml")
