"""Build the module of this model version (python -m experiments.page.build).

The module is the compiled week of sim/week.py and nothing else: the LLVM text that numba makes of it, compiled for
WebAssembly by the LLVM that numba carries and linked by the linker in the package `ziglang` (of the developers' lock).
The text is made in a process of its own, without vectorisers and for a processor without extras, since what a page
computes must be what every machine computes.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from experiments.page.module import MODULES, SECTION, path_of_module

ENVIRONMENT = {
    "NUMBA_LOOP_VECTORIZE": "0",
    "NUMBA_SLP_VECTORIZE": "0",
    "NUMBA_CPU_NAME": "generic",
    "NUMBA_CPU_FEATURES": "",
}
TRIPLE = "wasm32-unknown-unknown"
LAYOUT = "e-m:e-p:32:32-p10:8:8-p20:8:8-i64:64-i128:128-n32:64-S128-ni:1:10:20"
STACK = 1 << 18
EXPORTS = ("run_weeks", "heap_from")
_REPLACED = ("NRT_incref", "NRT_decref")  # they hold an instruction of x86; runtime.c has its own


def write_text(target: Path) -> None:
    """Write the LLVM text of `run_weeks`, its digest of types in the first line. Runs in the process of its own."""
    from experiments.page.image import call_of, layout_of, with_every_measure
    from sim.compiled import telling_time_left
    from sim.inputs.settings import setting
    from sim.run import with_measures
    from sim.town import build_unit, units_of
    from sim.week import run_weeks
    from sim.world import world_of

    tiny = with_every_measure(setting("demo_village", residents=200))
    world = world_of(tiny)
    state = with_measures(build_unit(tiny, world, *units_of(tiny)[0], False), world)
    call = call_of(state, world, 1)
    with telling_time_left():
        run_weeks(*call[:3], 0, 0, 0, *call[6:])
    (signature,) = run_weeks.signatures
    name = run_weeks.overloads[signature].fndesc.llvm_func_name
    text = run_weeks.inspect_llvm(signature).replace(name, "run_weeks")
    target.write_text(f"; {layout_of(call)}\n{text}", encoding="utf-8")


def for_webassembly(text: str) -> str:
    """LLVM text of numba as WebAssembly can have it: no wrappers for Python, no x86, other marks of the target."""
    kept: list[str] = []
    inside = False
    for line in text.splitlines():
        if line.startswith("define"):
            inside = "@_ZN7cpython" in line or "@cfunc." in line or any(f"@{name}(" in line for name in _REPLACED)
        if not inside:
            kept.append(line)
        inside = inside and line != "}"
    found = "\n".join(line for line in kept if "@llvm.x86." not in line)
    found = re.sub(r"^target datalayout = .*$", f'target datalayout = "{LAYOUT}"', found, flags=re.MULTILINE)
    found = re.sub(r"^target triple = .*$", f'target triple = "{TRIPLE}"', found, flags=re.MULTILINE)
    found = re.sub(r"^(@.* = )common ", r"\1internal ", found, flags=re.MULTILINE)
    return found + "\n" + "".join(f"declare void @{name}(ptr)\n" for name in _REPLACED)


def compile_text(text: str) -> bytes:
    """The object file of LLVM text."""
    from llvmlite import binding

    binding.initialize_all_targets()
    binding.initialize_all_asmprinters()
    module = binding.parse_assembly(for_webassembly(text))
    machine = binding.Target.from_triple(TRIPLE).create_target_machine(opt=3, features="+bulk-memory")
    return machine.emit_object(module)


def zig(*words: str) -> None:
    """Run a tool of the package ziglang; raises CalledProcessError."""
    subprocess.run([sys.executable, "-m", "ziglang", *words], check=True)


def build(folder: Path) -> Path:
    """Build the module into a folder, named by the model version; returns its path."""
    with tempfile.TemporaryDirectory() as scratch:
        there = Path(scratch)
        own = {**os.environ, **ENVIRONMENT, "TOWNSHIP_LAB_CACHE": str(there / "cache"), "PYTHONHASHSEED": "0"}
        text = there / "week.ll"
        subprocess.run([sys.executable, "-m", "experiments.page.build", str(text)], env=own, check=True)
        (there / "week.o").write_bytes(compile_text(text.read_text(encoding="utf-8")))
        os.environ.setdefault("ZIG_GLOBAL_CACHE_DIR", str(there / "zig"))
        runtime = str(Path(__file__).with_name("runtime.c"))
        flags = ("-target", "wasm32-freestanding", "-mcpu=generic+bulk_memory", "-O2", "-fno-sanitize=all")
        zig("cc", *flags, "-c", runtime, "-o", str(there / "runtime.o"))
        linked = there / "week.wasm"
        zig(
            "wasm-ld", "--no-entry", "--strip-all", "--gc-sections", "--stack-first", "-z", f"stack-size={STACK}",
            *(f"--export={name}" for name in EXPORTS), str(there / "week.o"), str(there / "runtime.o"),
            "-o", str(linked),
        )  # fmt: skip
        with text.open(encoding="utf-8") as lines:
            digest = lines.readline()[2:].strip()
        target = path_of_module(folder)
        folder.mkdir(parents=True, exist_ok=True)
        target.write_bytes(linked.read_bytes() + section(digest))
    return target


def section(digest: str) -> bytes:
    """A custom section of a module that carries the digest of its types."""
    payload = bytes([len(SECTION)]) + SECTION.encode() + digest.encode()
    return bytes([0, len(payload)]) + payload


def main(arguments: Sequence[str]) -> None:
    """Build the module into the folder that ships; with a path, only write the LLVM text there."""
    if arguments:
        write_text(Path(arguments[0]))
        return
    target = build(MODULES)
    for old in MODULES.glob("*.wasm"):
        if old != target:
            old.unlink()
    print(f"Module: {target} ({target.stat().st_size:,} bytes)")


if __name__ == "__main__":
    main(sys.argv[1:])
