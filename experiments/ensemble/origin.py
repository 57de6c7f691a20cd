"""Where a number comes from: the model version and the kind of machine, beside setting and seed."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Origin:
    """Members of one origin, setting and seed are identical, bit by bit; those of two need not be."""

    model_version: str
    host: str

    @property
    def folder(self) -> str:
        """Its folder in a store: model version and a digest of the host class."""
        return f"{self.model_version}-{hashlib.sha256(self.host.encode()).hexdigest()[:8]}"


@cache
def here() -> Origin:
    """The origin of what this process simulates."""
    from sim.version import model_version

    return Origin(model_version(), json.dumps(host_class()))


def host_class() -> Mapping[str, str]:
    """The kind of machine on which arrays are identical; no name of the machine or its user."""
    return {
        "system": platform.system(),
        "machine": platform.machine(),
        "processor": _processor(),
        "c_library": " ".join(platform.libc_ver()).strip(),
    }


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor()
