"""What `python -m experiments.store` does to a store: list, verify, prune and export."""

from __future__ import annotations

from pathlib import Path

from experiments.cli import console
from experiments.ensemble import interrupts
from experiments.ensemble.errors import StoreError
from experiments.study.values import ORIGIN, path_of
from sim.inputs import validators
from sim.inputs.validators import SettingError


def folder_of(given: str) -> Path:
    """The folder of a store that is there. Raises SettingError."""
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


def list_runs(folder: Path) -> None:
    """Say which model versions there are, with runs, weekly paths and size."""
    from experiments.ensemble import chunks
    from experiments.ensemble.store_maintenance import chunk_paths, versions
    from sim.version import model_version

    names = list(versions(folder))
    for name in names:
        paths = chunk_paths(folder / name)
        count = dict.fromkeys((chunks.SUMMARY, chunks.WEEKLY), 0)
        for path in paths:
            kind, members = chunks.parse_name(path.name)
            count[kind] += members
        space = console.size(sum(path.stat().st_size for path in paths))
        console.out(
            f"{name}  {count[chunks.SUMMARY]:,} runs, weekly paths of {count[chunks.WEEKLY]:,}; "
            f"{len(paths)} chunks, {space}"
        )
        console.out("  this model version" if name == model_version() else "  another model version (prune removes it)")
    console.out(f"Store: {folder}" + ("" if names else ", which holds no runs"))


def verify(folder: Path) -> bool:
    """Read every chunk; whether all are intact."""
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
    console.out(f"Store: {folder}, {len(paths)} chunks read, {damaged} damaged; {runs:,} runs are intact")
    return not damaged


def prune_store(folder: Path) -> None:
    """Remove what is of no use any more, and say what that was."""
    from experiments.ensemble.store_maintenance import prune
    from sim.version import model_version

    gone, freed = prune(folder, model_version())
    for line in gone:
        console.out(f"Removed: {line}")
    console.out(f"Store: {folder}, {console.size(freed)} freed" if gone else f"Store: {folder}, nothing to remove")


def export(folder: Path, output: str | None, version: str | None) -> None:
    """Write figures of all runs of one model version. Raises SettingError."""
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
