"""What every record of a fact or a prior states: unit, bounds and source."""

from __future__ import annotations

from collections.abc import Mapping

from sim.inputs.validators import SettingError, known_keys, number, text

ANY = 1e15  # bound of bounds: nothing in a file is larger
LABELS = ("label_en", "label_zh")


def bounds_of(record: Mapping, keys: tuple[str, ...], origin: str, key: str) -> tuple[float, float]:
    """(low, high) of a record; also checks that its keys are known and complete."""
    known_keys(record, keys, origin, f"{key}.")
    for name in keys:
        if name not in record and name not in ("text", *LABELS):
            raise SettingError(f"{origin}, {key}.{name}: missing, every record states it")
    low = number(record["low"], -ANY, ANY, origin, f"{key}.low")
    return low, number(record["high"], low, ANY, origin, f"{key}.high")


def words_of(record: Mapping, origin: str, key: str) -> tuple[str, str, str]:
    """(unit, source, text) of a record."""
    return (
        text(record["unit"], origin, f"{key}.unit"),
        text(record["source"], origin, f"{key}.source"),
        text(record["text"], origin, f"{key}.text") if record.get("text") is not None else "",
    )
