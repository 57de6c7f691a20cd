"""The seal of a file: a digest of its contents among its own properties, by which an edited file is known.

A package (docx, xlsx) keeps it as the identifier of its core properties, over all parts but those; any other file
has PLACE in its text, once or more, which the digest of the file with PLACE in it replaces. A file without a seal, or
whose contents no longer fit it, was edited, or is somebody else's: it is not overwritten.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from pathlib import Path

MARK = "sha256-"
PLACE = MARK + "0" * 64
CORE = "docProps/core.xml"
_SEAL = re.compile(rb"sha256-[0-9a-f]{64}")
IDENTIFIER = "{http://purl.org/dc/elements/1.1/}identifier"


def seal_package(content: bytes) -> bytes:
    """A docx or xlsx with its digest as the identifier; the same parts give the same bytes."""
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    core = etree.fromstring(parts[CORE])
    for old in core.findall(IDENTIFIER):
        core.remove(old)
    etree.SubElement(core, IDENTIFIER).text = MARK + _digest_of(parts)
    parts[CORE] = etree.tostring(core, xml_declaration=True, encoding="UTF-8", standalone=True)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def seal_text(content: bytes) -> bytes:
    """A page or a PDF with its digest in PLACE."""
    return content.replace(PLACE.encode(), (MARK + hashlib.sha256(content).hexdigest()).encode())


def is_untouched(path: Path) -> bool:
    """Whether a file is as it was written. Raises OSError."""
    content = path.read_bytes()
    if content[:2] == b"PK":
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                parts = {name: package.read(name) for name in package.namelist()}
        except zipfile.BadZipFile:
            return False
        return f"{MARK}{_digest_of(parts)}".encode() in parts.get(CORE, b"")
    seals = set(_SEAL.findall(content))
    if len(seals) != 1:
        return False
    (seal,) = seals
    return hashlib.sha256(content.replace(seal, PLACE.encode())).hexdigest() == seal.decode().removeprefix(MARK)


def _digest_of(parts: dict[str, bytes]) -> str:
    found = hashlib.sha256()
    for name, part in sorted(parts.items()):
        if name != CORE:
            found.update(name.encode() + b"\0" + hashlib.sha256(part).digest())
    return found.hexdigest()
