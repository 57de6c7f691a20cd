"""The bill of materials: every package of requirements.lock as CycloneDX 1.5 JSON, for those who check advisories.

    python -m tools.sbom results/sbom.json

It reads the lock alone, no network: name, version, hashes of the files that may be installed, and for which systems.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_PACKAGE = re.compile(r"([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(?:;\s*([^\\]+?))?\s*\\?")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def packages(lock: str) -> list[dict[str, Any]]:
    """The packages that a lock file pins, as CycloneDX components."""
    found: list[dict[str, Any]] = []
    for line in lock.splitlines():
        if named := _PACKAGE.fullmatch(line):
            name, version, where = named[1].lower(), named[2], named[3]
            purl = f"pkg:pypi/{name}@{version}"
            found.append({"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl})
            found[-1]["hashes"] = []
            if where:
                found[-1]["properties"] = [{"name": "python:marker", "value": where}]
        elif found and (digest := _HASH.search(line)):
            found[-1]["hashes"].append({"alg": "SHA-256", "content": digest[1]})
    return found


def bill(root: Path = ROOT) -> dict[str, Any]:
    """The bill of this checkout; the same lock gives the same bill."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": project["name"], "version": project["version"]}},
        "components": packages((root / "requirements.lock").read_text(encoding="utf-8")),
    }


def main(words: list[str]) -> int:
    """Write the bill to the path given, or to standard output."""
    text = json.dumps(bill(), indent=1) + "\n"
    if not words:
        sys.stdout.write(text)
        return 0
    path = Path(words[0])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    print(f"{path}: {len(packages((ROOT / 'requirements.lock').read_text(encoding='utf-8')))} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
