"""The letters a page needs, cut out of the installed fonts and embedded in it.

So Chinese shows on any machine, offline. A subset of some hundred characters is about a hundred
kilobytes; the whole font is eight million. Punctuation that Chinese fonts draw full-width is left
to the reader's own fonts in a language that is not written with it.
"""

from __future__ import annotations

import base64
import io
from functools import lru_cache

from analysis.words import language_file

FULL_WIDTH_IN_CHINESE_FONTS = frozenset("‘’“”…—·")
FACES = {"sans": "Page Sans", "serif": "Page Serif"}


def embed_fonts(text: str, language: str) -> str:
    """CSS @font-face rules (data URIs) for the characters of `text`."""
    wanted = {letter for letter in text if letter.isprintable()}
    if not language_file(language).FULL_WIDTH:
        wanted -= FULL_WIDTH_IN_CHINESE_FONTS
    letters = "".join(sorted(wanted))
    return "\n".join(
        f'@font-face{{font-family:"{name}";font-weight:400;'
        f'src:url(data:font/woff;base64,{_subset(face, letters)}) format("woff")}}'
        for face, name in FACES.items()
    )


@lru_cache(maxsize=8)
def _subset(face: str, letters: str) -> str:
    """WOFF of `face` with `letters` only, as base64."""
    import pylopdf_fonts_zh_cn as fonts
    from fontTools import subset
    from fontTools.ttLib import TTFont

    path = fonts.sans_path() if face == "sans" else fonts.serif_path()
    options = subset.Options()
    options.layout_features = ["kern", "ccmp"]
    options.name_IDs = [0, 1, 2, 13, 14]  # copyright and licence stay with the letters
    options.notdef_outline = True
    options.hinting = True  # taking hints out takes longer than they weigh
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "DSIG"]
    with TTFont(path, lazy=True, recalcTimestamp=False, recalcBBoxes=False) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(text=letters)
        cutter.subset(font)
        font.flavor = "woff"
        buffer = io.BytesIO()
        font.save(buffer)
    return base64.b64encode(buffer.getvalue()).decode("ascii")
