"""Layouts of a Word file: page, fonts and sizes, as plain data.

    plain      A4, a printed report
    official   the layout of official documents: GB/T 9704-2012, Layout key for official document of Party and
               government organs (margins 37, 35, 28 and 26 mm; body Fangsong size 3, 28 pt a line, 22 lines a page;
               title Xiaobiaosong size 2; headings Heiti and Kaiti; page numbers size 4 between dashes, outside)

A font that a machine lacks is replaced by the first of its other names that it has (w:altName of the font table).
"""

from __future__ import annotations

from dataclasses import dataclass

ALTERNATIVES = {
    "宋体": "SimSun,Songti SC,STSong,Noto Serif SC,Noto Serif CJK SC",
    "黑体": "SimHei,Heiti SC,STHeiti,Noto Sans SC,Noto Sans CJK SC",
    "仿宋_GB2312": "仿宋,FangSong,STFangsong,Noto Serif SC,Noto Serif CJK SC",
    "楷体_GB2312": "楷体,KaiTi,Kaiti SC,STKaiti,Noto Serif SC,Noto Serif CJK SC",
    "方正小标宋简体": "FZXiaoBiaoSong-B05S,华文中宋,STZhongsong,宋体,SimSun,Noto Serif SC",
}


@dataclass(frozen=True)
class Layout:
    """margins: top, bottom, left, right in mm. Sizes in points; `line` is points a line, 0 for one and a quarter lines.

    A font is a pair: of Latin letters, of Chinese characters. indent: first lines by two characters. numbered: headings
    count in Chinese numerals. dashes: the page number stands between dashes, outside; otherwise in the middle, below a
    head with title and date.
    """

    margins: tuple[float, float, float, float]
    body: tuple[str, str]
    heading: tuple[str, str]
    title: tuple[str, str]
    label: tuple[str, str]
    body_size: float
    heading_size: float
    title_size: float
    small_size: float
    line: float = 0.0
    indent: bool = False
    numbered: bool = False
    dashes: bool = False


LAYOUTS = {
    "plain": Layout(
        margins=(25, 22, 25, 25),
        body=("Times New Roman", "宋体"),
        heading=("Arial", "黑体"),
        title=("Arial", "黑体"),
        label=("Arial", "黑体"),
        body_size=10.5,
        heading_size=14,
        title_size=20,
        small_size=9,
    ),
    "official": Layout(
        margins=(37, 35, 28, 26),
        body=("Times New Roman", "仿宋_GB2312"),
        heading=("Times New Roman", "黑体"),
        title=("Times New Roman", "方正小标宋简体"),
        label=("Times New Roman", "楷体_GB2312"),
        body_size=16,
        heading_size=16,
        title_size=22,
        small_size=9.5,
        line=28,
        indent=True,
        numbered=True,
        dashes=True,
    ),
}
