"""The module that ships: one file named by the model version.

It ends with the digest of the types for which it was compiled, since offsets of fields are part of the code.
"""

from __future__ import annotations

from pathlib import Path

from sim.inputs.validators import SettingError
from sim.version import model_version

MODULES = Path(__file__).parent / "module"
SECTION = "layout"
COMMAND = "python -m experiments.page.build"


def path_of_module(folder: Path = MODULES) -> Path:
    """Where the module of this model version stands."""
    return folder / f"{model_version()}.wasm"


def read_module(layout: str, folder: Path = MODULES) -> bytes:
    """The module of this model version for records of this layout. SettingError names the command that builds it."""
    path = path_of_module(folder)
    if not path.is_file():
        there = ", ".join(sorted(found.stem for found in folder.glob("*.wasm"))) or "none"
        raise SettingError(
            f"experiments.page: the module is of model version {there}, this is {model_version()}; "
            f"build it with {COMMAND}"
        )
    content = path.read_bytes()
    if not content.endswith(SECTION.encode() + layout.encode()):
        raise SettingError(
            f"{path}: made for other parameters or facts than configs/ has now (records have other fields); "
            f"build it with {COMMAND}"
        )
    return content
