"""What a store of finished runs holds: list it, verify it, export it, prune it. Nothing is simulated.

python -m experiments.store list
python -m experiments.store verify store=results/store
python -m experiments.store export output=runs.csv
python -m experiments.store prune
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.cli import console
from experiments.cli.command_line import read_words, shown
from experiments.ensemble import interrupts
from experiments.ensemble.errors import StoreError
from experiments.study.values import ORIGIN, path_of
from sim.inputs import validators
from sim.inputs.validators import SettingError

VERBS = ("list", "verify", "export", "prune")
KEYS = ("store", "output", "version")

HELP = """\
python -m experiments.store list|verify|export|prune key=value ...

  list     model versions, with runs, weekly paths and size
  verify   read every chunk and compare its checksum (exit code 1 if one is damaged)
  export   figures of all runs of one model version, one row a run, into one file: output=runs.csv or runs.nc
  prune    remove runs of other model versions, damaged chunks, and what killed jobs left half-written

  store=path of a store  (default results/store)
  output=path of a .csv or .nc file, for export
  version=one that list shows, for export  (default: this model version)

Example
  python -m experiments.store export store=results/store output=runs.nc"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out the verb; returns the exit code (experiments/job.py; 1 also if verify finds damage)."""
    from experiments.job import DONE, FAILED, Life, lived

    words = list(sys.argv[1:] if arguments is None else arguments)

    def do(life: Life) -> int:
        verbs = [word for word in words if word in VERBS]
        asked = read_words([word for word in words if word not in VERBS])
        if asked.help_topic is not None:
            console.out(HELP)
            return DONE
        validators.known_keys(asked.values, KEYS, ORIGIN)
        if len(verbs) != 1:
            raise SettingError(f"{ORIGIN}: {shown(verbs) or 'nothing'} given, one of {', '.join(VERBS)} expected")
        for key in ("output", "version"):
            if key in asked.values and verbs != ["export"]:
                raise SettingError(f"{ORIGIN}, {key}: given with {verbs[0]}, which has no use for it")
        given = {key: str(value) for key, value in asked.values.items()}
        life.command = shown(["python", "-m", "experiments.store", *words])
        folder = _folder(given.get("store", "results/store"))
        if verbs == ["list"]:
            return _list(folder)
        if verbs == ["verify"]:
            return DONE if _verify(folder) else FAILED
        if verbs == ["prune"]:
            return _prune(folder)
        return _export(folder, given.get("output"), given.get("version"))

    return lived(do, Life("what was whole is whole"))


def _folder(given: str) -> Path:
    from experiments.ensemble.store_maintenance import check

    folder = path_of(given, "store")
    try:
        check(folder)
        if not folder.is_dir():
            raise StoreError(f"{given} given, which does not exist; the folder of a store expected")
    except StoreError as error:
        raise SettingError(f"{ORIGIN}, store: {error}") from None
    except (OSError, ValueError) as error:
        raise SettingError(f"{ORIGIN}, store: {given[:80]!r} cannot be used: {error}") from None
    return folder


def _list(folder: Path) -> int:
    from experiments.ensemble import chunks
    from experiments.ensemble.store_maintenance import chunk_paths, versions
    from sim.version import model_version

    names = list(versions(folder))
    for name in names:
        paths = chunk_paths(folder / name)
        count = dict.fromkeys((chunks.SUMMARY, chunks.WEEKLY), 0)
        for path in paths:
            kind, members = chunks.told(path.name)
            count[kind] += members
        space = console.size(sum(path.stat().st_size for path in paths))
        console.out(
            f"{name}  {count[chunks.SUMMARY]:,} runs, weekly paths of {count[chunks.WEEKLY]:,}; "
            f"{len(paths)} chunks, {space}"
        )
        console.out("  this model version" if name == model_version() else "  another model version (prune removes it)")
    console.out(f"Store: {folder}" + ("" if names else ", which holds no runs"))
    return 0


def _verify(folder: Path) -> bool:
    from experiments.ensemble import chunks
    from experiments.ensemble.store_maintenance import chunk_paths, versions

    paths = [path for name in versions(folder) for path in chunk_paths(folder / name)]
    runs = damaged = 0
    for path in paths:
        interrupts.check()
        try:
            whole = chunks.read(path)
            runs += len(whole.fingerprints) if isinstance(whole, chunks.Summaries) else 0
        except chunks.Damaged as error:
            damaged += 1
            console.err(f"Damaged: {error}; its runs are made again when a job needs them, and prune removes it.")
        except FileNotFoundError:  # joined with others by a job that is running
            continue
    console.out(f"Store: {folder}, {len(paths)} chunks read, {damaged} damaged; {runs:,} runs are whole")
    return not damaged


def _prune(folder: Path) -> int:
    from experiments.ensemble.store_maintenance import prune
    from sim.version import model_version

    gone, freed = prune(folder, model_version())
    for line in gone:
        console.out(f"Removed: {line}")
    console.out(f"Store: {folder}, {console.size(freed)} freed" if gone else f"Store: {folder}, nothing to remove")
    return 0


def _export(folder: Path, output: str | None, version: str | None) -> int:
    from experiments.ensemble.export import write_csv, write_netcdf
    from experiments.ensemble.member_store import Store
    from experiments.ensemble.store_maintenance import versions
    from sim.version import model_version

    if output is None:
        raise SettingError(f"{ORIGIN}, output: missing, the path of a .csv or .nc file expected")
    path = path_of(output, "output")
    if path.suffix not in (".csv", ".nc"):
        raise validators.refuse(ORIGIN, "output", output, "the path of a .csv or .nc file")
    if not path.absolute().parent.is_dir() or path.is_dir():
        raise validators.refuse(ORIGIN, "output", output, "a file in a folder that exists")
    known = list(versions(folder))
    name = version or model_version()
    if name not in known:
        raise validators.unknown(ORIGIN, f"version={name}", "model version in this store", known)
    store = Store(folder, name, console.err)
    count = (write_csv if path.suffix == ".csv" else write_netcdf)(store, path)
    console.out(f"Exported: {count:,} runs to {path}")
    return 0


if __name__ == "__main__":
    from experiments.job import leave

    leave(main())
