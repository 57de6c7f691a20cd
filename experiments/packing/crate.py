"""What a pack holds and says of itself: the files of a job, its recipe, and ro-crate-metadata.json (RO-Crate 1.1)."""

from __future__ import annotations

import io
import json
import shlex
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments.ensemble.whole_files import write_whole
from experiments.output.folder import MARK
from experiments.packing.recipe import recipe_of, study_from
from experiments.study.keys import JOBS
from experiments.study.values import ORIGIN
from sim.inputs.files import read_json
from sim.inputs.validators import SettingError

FORMATS = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".yaml": "application/yaml",
    ".html": "text/html",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".pdf": "application/pdf",
    ".nc": "application/x-netcdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
EARLIEST = (1980, 1, 1, 0, 0, 0)  # of a member of a zip: the same job gives the same bytes
CRATE = "ro-crate-metadata.json"


def write_pack(folder: Path, output: Path, license: str) -> int:
    """Write the pack of a finished job; its size in bytes. Raises SettingError, OSError."""
    record = record_of(folder)
    job, words = words_of(record)
    recipe, files = recipe_of(job, words)
    files["recipe.json"] = json.dumps(recipe, ensure_ascii=False, indent=1).encode()
    check_recipe(recipe, files, record)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not path.is_symlink() and not name.startswith("."):
            files[name] = path.read_bytes()
    files[CRATE] = json.dumps(metadata(files, record, license), ensure_ascii=False, indent=1).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as pack:
        for name in sorted(files):
            pack.writestr(zipfile.ZipInfo(name, EARLIEST), files[name], zipfile.ZIP_DEFLATED)
    write_whole(output, buffer.getvalue())
    return len(buffer.getvalue())


def record_of(folder: Path) -> dict[str, Any]:
    """The provenance of a finished job. Raises SettingError."""
    if not (folder / MARK).is_file() or not (folder / "summary.json").is_file():
        raise SettingError(f"{ORIGIN}, from: {folder} has no {MARK}; the folder of a finished job expected")
    return dict(read_json(folder / MARK))


def words_of(record: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The job and the words of its command line. Raises SettingError for a job that no pack is made of."""
    job = record.get("job")
    try:
        words = shlex.split(str(record.get("command", "")))
    except ValueError:
        words = []
    if job not in JOBS or words[:3] != ["python", "-m", f"experiments.{job}"]:
        raise SettingError(f"{MARK}, command: {record.get('command')!r} given, a line of {', '.join(JOBS)} expected")
    return str(job), words[3:]


def check_recipe(recipe: Mapping[str, Any], files: Mapping[str, bytes], record: Mapping[str, Any]) -> None:
    """Raise SettingError unless the recipe gives the settings that the folder was made of."""
    with tempfile.TemporaryDirectory() as place:
        unpack(files, Path(place))
        study = study_from(recipe, Path(place))
    now = {name: setting.fingerprint for name, setting in study.settings.items()}
    then = {name: one.get("fingerprint") for name, one in (record.get("settings") or {}).items()}
    for name in now.keys() | then.keys():
        if now.get(name) != then.get(name):
            raise SettingError(
                f"{MARK}, settings.{name}: not what its command gives now; files or the toolkit have changed since. "
                "The job's own line makes the folder anew"
            )


def unpack(files: Mapping[str, bytes], root: Path) -> None:
    """Write recipe and inputs below `root`; their names have been checked, or are our own."""
    for name, content in files.items():
        if name == "recipe.json" or name.startswith("inputs/"):
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def metadata(files: Mapping[str, bytes], record: Mapping[str, Any], license: str) -> dict[str, Any]:
    """The RO-Crate metadata document of a pack, as plain data."""
    label = record.get("label") or {}
    parts = [
        {
            "@id": name,
            "@type": "File",
            "name": name,
            "contentSize": str(len(files[name])),
            **({"encodingFormat": FORMATS[Path(name).suffix]} if Path(name).suffix in FORMATS else {}),
        }
        for name in sorted(files)
    ]
    made = [{"@id": name} for name in sorted(files) if not name.startswith(("inputs/", "recipe"))]
    given = [{"@id": name} for name in sorted(files) if name.startswith(("inputs/", "recipe"))]
    tool = {
        "@id": "#township-lab",
        "@type": "SoftwareApplication",
        "name": "township-lab",
        "softwareVersion": f"{record.get('toolkit_version')}, model {record.get('model_version')}",
        "softwareRequirements": ", ".join(f"{name} {one}" for name, one in (record.get("packages") or {}).items()),
    }
    action = {
        "@id": "#job",
        "@type": "CreateAction",
        "name": record.get("command"),
        "description": "python -m experiments.repeat from=<this pack> runs it again and compares the tables",
        "instrument": {"@id": tool["@id"]},
        "object": given,
        "result": made,
        "startTime": record.get("started"),
    }
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": label.get("en") or record.get("experiment"),
        "description": f"{record.get('question') or 'A job of a simulated Chinese township.'} Every result holds in "
        "this model and under its assumptions; no real person or place is scored.",
        "datePublished": str(record.get("started", ""))[:10],
        "license": {"@id": license},
        "hasPart": [{"@id": part["@id"]} for part in parts],
        "mentions": {"@id": action["@id"]},
    }
    about = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    licence = {"@id": license, "@type": "CreativeWork", "name": license.rsplit("/", 1)[-1]}
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": [about, root, *parts, tool, action, licence]}
