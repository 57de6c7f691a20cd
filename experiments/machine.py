"""What a result says of the machine that made it; numbers do not depend on it."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from pathlib import Path


def machine() -> Mapping[str, str]:
    """System, processor and C library; no name of the machine or its user."""
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
