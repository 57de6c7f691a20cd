"""A disk in memory that fails when it is told to: it stands in for experiments/ensemble/disk.py, function by function.

What is written is volatile until it is flushed. A file's bytes are durable after `flush(file)`, the names in a folder
after `flush(folder)`. A power cut leaves of the bytes of a file that was not flushed nothing, a part, zeros or all, and
of the changes of names since the last flush of their folder any selection, in any order.
"""

from __future__ import annotations

import errno
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

KINDS = ("kill", "power", "torn", "full", "io", "clock", "flip")
OPERATIONS = (
    *("read", "write_new", "flush", "rename", "remove", "make_folder", "names", "files", "exists", "is_folder"),
    *("size", "age", "process", "is_alive", "token"),
)
_ANYWHERE = ("kill", "power", "io", "clock", "flip")
_OF_WRITING = ("torn", "full", "kill", "power")
_FREE = ("process", "is_alive", "token")  # no file operations: no step, no fault


class Killed(BaseException):
    """The process was killed: nothing of it runs any more, no clean-up either."""


@dataclass(eq=False)
class _File:
    content: bytes
    durable: bytes | None
    written: float


@dataclass(eq=False)
class _Folder:
    names: dict[str, Any] = field(default_factory=dict)
    durable: dict[str, Any] = field(default_factory=dict)
    changes: list[tuple[str, Any]] = field(default_factory=list)  # name, and what it then stands for or None

    def put(self, name: str, what: Any) -> None:
        if what is None:
            self.names.pop(name, None)
        else:
            self.names[name] = what
        self.changes.append((name, what))


@dataclass(eq=False)
class Process:
    """A job that uses the disk: its number, whether it was killed, and its turn."""

    number: int
    dead: bool = False
    done: bool = False
    turn: threading.Lock = field(default_factory=threading.Lock)  # open only while the turn is handed over


class Disk:
    """Folders and files, the clock, the processes, and at which steps what goes wrong."""

    def __init__(self, seed: int, faults: float) -> None:
        self.random = random.Random(seed)
        self.faults = faults
        self.steps = 0
        self.counts = dict.fromkeys(KINDS, 0)
        self.clock = 1e9
        self.root = _Folder()
        self.processes: list[Process] = []
        self.running: Process | None = None
        self.no_power = False
        self.on_flip: Callable[[bytes], None] = lambda content: None

    def install(self, patch: Callable[[str, Any], None]) -> None:
        """Put this disk's operations in place of the real ones: `patch(name, function)`."""
        for name in OPERATIONS:
            patch(name, getattr(self, name) if name in _FREE else self._step(getattr(self, name), name))

    # ------------------------------------------------------------ processes and their turns

    def run(self, programs: list[Callable[[], None]]) -> list[BaseException]:
        """Run programs side by side, one file operation at a time; returns what they raised beside OSError, Killed."""
        first = 100 + len(self.processes)
        now = [Process(first + i) for i in range(len(programs))]
        self.processes += now
        raised: list[BaseException] = []
        self.no_power = False

        def live(process: Process, program: Callable[[], None]) -> None:
            process.turn.acquire()
            try:
                program()
            except (OSError, Killed):
                pass
            except BaseException as error:  # whatever it is, the run ends and names it
                raised.append(error)
            process.done = process.dead = True
            self._next(process)

        for process in now:
            process.turn.acquire()
        threads = [threading.Thread(target=live, args=pair, daemon=True) for pair in zip(now, programs, strict=True)]
        for thread in threads:
            thread.start()
        self.running = self.random.choice(now)
        self.running.turn.release()
        for thread in threads:
            thread.join()
        self.running = None
        if self.no_power:
            self._cut()
        return raised

    def _next(self, process: Process) -> None:
        others = [one for one in self.processes if not one.done and one is not process]
        if others:
            self.running = self.random.choice(others)
            self.running.turn.release()

    def _step(self, do: Callable[..., Any], name: str) -> Callable[..., Any]:
        def operation(*arguments: Any) -> Any:
            me = self.running
            if me is None:  # who looks on while no process runs
                return do(*arguments)
            if me.dead:
                raise Killed
            self.steps += 1
            self.clock += 0.01
            if self.random.random() < self.faults * (8 if name in ("write_new", "rename", "remove") else 1):
                self._fail(me, name, arguments)
            value = do(*arguments)
            if self.random.random() < 0.3 and any(not one.done and one is not me for one in self.processes):
                self._next(me)
                me.turn.acquire()
                if me.dead:
                    raise Killed
            return value

        return operation

    # ------------------------------------------------------------ what goes wrong

    def _fail(self, me: Process, name: str, arguments: tuple[Any, ...]) -> None:
        kind = self.random.choice(_OF_WRITING if name == "write_new" else _ANYWHERE)
        self.counts[kind] += 1
        if kind == "clock":
            self.clock += self.random.choice((-1, 1)) * self.random.choice((3600, 86400 * 3, 86400 * 4000))
        elif kind == "flip":
            self._flip()
        elif kind == "io":
            raise OSError(errno.EIO, "Input/output error")
        elif kind == "kill":
            me.dead = True
            raise Killed
        elif kind == "power":
            self.no_power = True
            for one in self.processes:
                one.dead = True
            raise Killed
        else:
            path, content = arguments
            self.write_new(path, content[: self.random.randrange(len(content))])
            if kind == "full":
                raise OSError(errno.ENOSPC, "No space left on device")
            me.dead = True
            raise Killed

    def _flip(self) -> None:
        files = [one for one in self._all(self.root) if one.content]
        if files:
            file = self.random.choice(files)
            self.on_flip(file.content)
            at = self.random.randrange(len(file.content))
            changed = file.content[:at] + bytes([file.content[at] ^ (1 << self.random.randrange(8))])
            file.content = changed + file.content[at + 1 :]
            file.durable = None if file.durable is None else file.content

    def _all(self, folder: _Folder) -> list[_File]:
        return [
            one for what in folder.names.values() for one in (self._all(what) if isinstance(what, _Folder) else [what])
        ]

    def _cut(self) -> None:
        """The power is back: what is durable is there, and of the rest what chance has it."""
        self._settle(self.root)

    def _settle(self, folder: _Folder) -> None:
        kept = [change for change in folder.changes if self.random.random() < 0.5]
        self.random.shuffle(kept)
        names = dict(folder.durable)
        for name, what in kept:
            names.pop(name, None)
            if what is not None:
                names[name] = what
        folder.names, folder.durable, folder.changes = names, dict(names), []
        for what in names.values():
            if isinstance(what, _Folder):
                self._settle(what)
            elif what.durable is None:
                cut = self.random.randrange(len(what.content) + 1)
                what.content = self.random.choice(
                    (b"", what.content[:cut], bytes(len(what.content)), what.content, what.content[:cut] + bytes(9))
                )
                what.durable = what.content

    # ------------------------------------------------------------ the operations (experiments/ensemble/disk.py)

    def _find(self, path: Path) -> Any:
        found: Any = self.root
        for part in path.parts[1:]:
            if not isinstance(found, _Folder):
                raise NotADirectoryError(errno.ENOTDIR, "Not a directory", str(path))
            found = found.names.get(part)
            if found is None:
                raise FileNotFoundError(errno.ENOENT, "No such file or directory", str(path))
        return found

    def read(self, path: Path) -> bytes:
        return self._find(path).content

    def write_new(self, path: Path, content: bytes) -> None:
        folder = self._find(path.parent)
        if path.name in folder.names:
            raise FileExistsError(errno.EEXIST, "File exists", str(path))
        folder.put(path.name, _File(content, None, self.clock))

    def flush(self, path: Path) -> None:
        found = self._find(path)
        if isinstance(found, _Folder):
            found.durable, found.changes = dict(found.names), []
        else:
            found.durable = found.content

    def rename(self, path: Path, successor: Path) -> None:
        file = self._find(path)
        self._find(path.parent).put(path.name, None)
        self._find(successor.parent).put(successor.name, file)

    def remove(self, path: Path) -> None:
        folder = self._find(path.parent)
        if path.name in folder.names:
            folder.put(path.name, None)

    def make_folder(self, path: Path) -> None:
        folder = self._find(path.parent)
        if path.name not in folder.names:
            folder.put(path.name, _Folder())

    def names(self, folder: Path) -> list[str]:
        return list(self._find(folder).names)

    def files(self, folder: Path) -> list[str]:
        return [name for name, what in self._find(folder).names.items() if isinstance(what, _File)]

    def exists(self, path: Path) -> bool:
        try:
            return self._find(path) is not None
        except OSError:
            return False

    def is_folder(self, path: Path) -> bool:
        return self.exists(path) and isinstance(self._find(path), _Folder)

    def size(self, path: Path) -> int:
        return len(self._find(path).content)

    def age(self, path: Path) -> float:
        return self.clock - getattr(self._find(path), "written", self.clock)

    def process(self) -> int:
        return self.running.number if self.running else 1

    def is_alive(self, process: int) -> bool:
        return any(one.number == process and not one.dead for one in self.processes)

    def token(self) -> str:
        return f"{self.random.getrandbits(64):016x}"
