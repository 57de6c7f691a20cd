"""What each setting of a study is given, by its file and by the command line, and the checked settings of it.

A value on the command line replaces the experiment's own: in each setting that gives the same key, or, where none
does, in all settings. A mapping given as one value (measures={one_window: 1}) takes the place of all that was there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from experiments.study import keys
from experiments.study.values import ORIGIN, Whole
from sim.inputs import validators
from sim.inputs.layers import checked_source
from sim.inputs.measures import MEASURES
from sim.inputs.own_measures import own_measures
from sim.inputs.settings import Setting, setting_from_sources
from sim.inputs.validators import Problems, SettingError

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def layers_of(
    study: Mapping[str, Any], line: Mapping[str, Any], origin: str
) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """What each setting alone is given, labels included: by the file, and by the command line."""
    for source, place in ((study, origin), (line, ORIGIN)):
        for name, own in mapping_in(source, "settings", place).items():
            if not _NAME.fullmatch(str(name)):
                raise SettingError(f"{place}, settings: {name!r} given, names of a-z, 0-9 and single _ expected")
            given = validators.mapping(own, place, f"settings.{name}")
            for key in given:
                if key in keys.SHARED_ONLY:
                    raise SettingError(
                        f"{place}, settings.{name}.{key}: given for one setting, but all settings of a study share it"
                    )
            allowed = (*keys.LABELS, *(key for key in keys.SETTING_KEYS if key not in keys.SHARED_ONLY))
            validators.known_keys(given, allowed, place, f"settings.{name}.")
            check_texts(given, keys.LABELS, place, f"settings.{name}.")
    in_file, in_line = mapping_in(study, "settings", origin), mapping_in(line, "settings", ORIGIN)
    names = dict.fromkeys((*in_file, *in_line))
    if not names:
        raise SettingError(f"{origin}, settings: none given, at least one expected")
    return {name: (dict(in_file.get(name) or {}), dict(in_line.get(name) or {})) for name in names}


def settings_of(
    study: Mapping[str, Any],
    line: Mapping[str, Any],
    origin: str,
    layers: Mapping[str, tuple[dict[str, Any], dict[str, Any]]],
    more: Sequence[tuple[str, Mapping[str, Any]]] = (),
) -> dict[str, Setting]:
    """The settings of the study, each checked source by source; sources of `more` come last."""
    own = {name: tuple(map(_without_labels, both)) for name, both in layers.items()}
    in_files = {name: file for name, (file, _) in own.items()}
    shared = {key: study[key] for key in study if key in keys.SETTING_KEYS}
    words = {key: line[key] for key in line if key in keys.SETTING_KEYS}
    found: dict[str, Setting | None] = {}
    wrong = Problems()
    for name, (in_file, in_line) in own.items():
        sources = _drop_replaced(
            (origin, shared),
            (f"{origin}, settings.{name}", in_file),
            (ORIGIN, _applying(words, name, in_files)),
            (f"{ORIGIN}, settings.{name}", in_line),
            *more,
        )
        found[name] = wrong.look(setting_from_sources, sources)
        if found[name] is None:
            wrong.found += _others_wrong(sources)
    wrong.end()
    return {name: setting for name, setting in found.items() if setting is not None}


def _others_wrong(sources: Sequence[tuple[str, Mapping[str, Any]]]) -> list[str]:
    """What is wrong with single values of sources of which something is, so that all of it is said at once."""
    wrong = Problems()
    measures = {*MEASURES, *(wrong.look(own_measures, sources) or ())}
    for origin, given in sources:
        for key, value in given.items():
            inner = value if key in keys.OPEN_MAPPINGS and isinstance(value, Mapping) else None
            for one in [value] if inner is None else [{part: content} for part, content in inner.items()]:
                wrong.look(checked_source, {key: one}, origin, None, measures)
    return wrong.found


def _drop_replaced(*sources: tuple[str, Mapping[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """The sources without what a mapping that a later one gives whole takes the place of."""
    last = {key: i for i, (_, given) in enumerate(sources) for key, value in given.items() if isinstance(value, Whole)}
    return [
        (origin, {key: value for key, value in given.items() if i >= last.get(key, 0) or key not in keys.OPEN_MAPPINGS})
        for i, (origin, given) in enumerate(sources)
    ]


def _without_labels(given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in given.items() if key not in keys.LABELS}


def _applying(line: Mapping[str, Any], name: str, in_files: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The part of the command line that concerns setting `name`, by the rule of this file."""
    leaves = {n: _leaves(own) for n, own in in_files.items()}
    result: dict[str, Any] = {}

    def concerns(*wanted: str) -> bool:
        givers = [n for n, found in leaves.items() if found.intersection(wanted)]
        return not givers or name in givers

    for key, value in line.items():
        if key not in keys.OPEN_MAPPINGS or not isinstance(value, Mapping):
            if concerns(key):
                result[key] = value
        elif isinstance(value, Whole):
            if concerns(key, *_leaves({key: value})):
                result[key] = value
        else:
            for part, content in value.items():
                if concerns(*(_leaves({key: {part: content}}) - {key})):
                    result.setdefault(key, {})[part] = content
    return result


def _leaves(own: Mapping[str, Any]) -> set[str]:
    """Keys a setting gives: measures and measures.<id>, parameters.<id>, ...; a lever by its id, dial or not."""
    found: set[str] = set()
    for key, value in own.items():
        if key in keys.OPEN_MAPPINGS and isinstance(value, Mapping):
            found.update(str(part) if key == "levers" else f"{key}.{part}" for part in value)
        found.add(key)
    return found


def labels_of(name: str, given: Mapping[str, Any]) -> dict[str, str]:
    """Both labels of an experiment or a setting; without any, its name."""
    return {
        "en": given.get("label_en") or name.replace("_", " "),
        "zh": given.get("label_zh") or given.get("label_en") or name,
    }


def check_texts(given: Mapping[str, Any], names: Sequence[str], origin: str, prefix: str = "") -> None:
    """Refuse a label or a question that is no text; none at all is allowed."""
    for name in names:
        if given.get(name) is not None:
            validators.text(given[name], origin, f"{prefix}{name}")


def mapping_in(source: Mapping[str, Any], key: str, origin: str) -> dict[str, Any]:
    """The mapping that stands under `key`; an empty one if there is none."""
    return dict(validators.mapping(source.get(key), origin, key))
