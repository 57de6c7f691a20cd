"""What the doctor says of an installation."""

from __future__ import annotations

from importlib import metadata

import pytest

from experiments import doctor


@pytest.fixture
def quick(monkeypatch):
    """Without the reading of the machine's speed."""
    monkeypatch.setattr(doctor, "about_speed", lambda text: iter(()))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_whole_installation_is_fine(quick, language, capsys):
    assert doctor.main([f"language={language}"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == doctor.WORDS[language]["fine"]
    assert any(line.startswith(doctor.WORDS[language]["cache"]) for line in lines)


def test_both_languages_say_the_same():
    assert doctor.WORDS["en"].keys() == doctor.WORDS["zh"].keys()


def test_what_is_missing_or_of_another_version_is_named(quick, monkeypatch, capsys):
    version = metadata.version

    def found(name: str) -> str:
        if name == "SALib" or name == "salib":
            raise metadata.PackageNotFoundError(name)
        return "1.0" if name == "numpy" else version(name)

    monkeypatch.setattr(doctor.metadata, "version", found)
    assert doctor.main([]) == 1
    out = capsys.readouterr().out
    assert "salib: missing, salib~=" in out
    assert "numpy: 1.0 installed, numpy~=" in out


def test_extras_are_not_needed():
    base, cluster = ({one.name for one in doctor.needed(extra)} for extra in ("", "cluster"))
    assert "distributed" in cluster and not base & cluster


def test_the_reading_tells_a_speed_and_a_time(compiled_model):
    (speed, ns), (runs, minutes) = doctor.about_speed(doctor.WORDS["en"])
    assert speed == "Speed" and "ns of processor time" in ns
    assert "1,000 runs" in runs and "min on" in minutes
