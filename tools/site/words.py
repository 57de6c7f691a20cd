"""The words around a page of the site, in both languages."""

from __future__ import annotations

WORDS = {
    "en": {
        "home": "township-lab",
        "start": "Home",
        "pages": "Pages",
        "search": "Search",
        "nothing": "Nothing found.",
        "other": "中文",
        "before": "Before",
        "after": "Next",
        "on_page": "On this page",
        "foot": "Everything here holds in a model. No real person or place is scored.",
    },
    "zh": {
        "home": "乡镇治理模拟",
        "start": "首页",
        "pages": "目录",
        "search": "搜索",
        "nothing": "没有找到。",
        "other": "English",
        "before": "上一页",
        "after": "下一页",
        "on_page": "本页内容",
        "foot": "本站所说均指模型中的情形，不对任何真实的人和地方作评价。",
    },
}

MEASURE_WORDS = {
    "en": {
        "title": "The nineteen measures",
        "opening": (
            "Made from the files in `configs/measures`, `configs/helps` and `configs/harms`. A measure moves levers "
            "and nothing else. Strengths and costs are ranges from low over most likely to high; where the source says "
            "assumption, nobody has measured them. A measure is ordered by `measures.<id>=1` (its full form), or any "
            "part of it down to 0."
        ),
        "course": "Course",
        "course_text": "{nature}; starts in week {start}, full strength after {ramp} weeks",
        "built": "built (wears slowly)",
        "rule": "a rule (wears faster)",
        "drive": "a drive (people tire of it)",
        "risk": "What can go wrong",
        "helps": "Where it should help most (assumption)",
        "hurts": "Where it was found to hurt",
        "colon": ": ",
        "source": "Source",
        "lever": "lever moved",
        "moves": "how",
        "scale": "multiplied by",
        "close": "gap to 1 closed by the share",
        "norm": "at least ({unit})",
        "weak": "weak",
        "mode": "most likely",
        "strong": "strong",
        "cost": "cost at full intensity",
        "low": "low",
        "high": "high",
        "village_hours": "hours a week of each village cadre",
        "township_hours": "hours a week of each township cadre",
        "money": "thousand yuan a year, the township",
    },
    "zh": {
        "title": "十九项措施",
        "opening": (
            "本页由 `configs/measures`、`configs/helps` 和 `configs/harms` 中的文件生成。"
            "措施只改变杠杆（频次、工时、比例等），不直接改变结果。"
            "力度和成本都是从低到高的一个范围，中间是最可能的值；来源中写 assumption 的，都是假设，尚无人测量。"
            "下达一项措施写 `measures.<标识>=1`（全部力度），也可以写 0 到 1 之间的数。"
        ),
        "course": "进程",
        "course_text": "{nature}；第 {start} 周起步，{ramp} 周后达到全部力度",
        "built": "建设类（衰减较慢）",
        "rule": "规定类（衰减较快）",
        "drive": "运动类（时间一长人会疲）",
        "risk": "可能出的问题",
        "helps": "哪里最该见效（假设）",
        "hurts": "哪里会适得其反（模型中所见）",
        "colon": "：",
        "source": "来源（原文为英文）",
        "lever": "改变的杠杆",
        "moves": "怎样改变",
        "scale": "乘以",
        "close": "与 1 的差距缩小的比例",
        "norm": "不低于（{unit}）",
        "weak": "弱",
        "mode": "最可能",
        "strong": "强",
        "cost": "全部力度时的成本",
        "low": "低",
        "high": "高",
        "village_hours": "每名村干部每周工时",
        "township_hours": "每名乡镇干部每周工时",
        "money": "全乡镇每年，千元",
    },
}

# Units of levers for which a measure sets a floor.
UNITS_ZH = {
    "share": "比例",
    "share of pay": "占工资的比例",
    "share/election": "每次换届的比例",
    "sessions/year": "次/年",
    "days/cadre-week": "天/人·周",
    "days/leader-month": "天/领导·月",
    "per 100 township cadres a year": "每百名乡镇干部每年",
    "probability/village-year": "概率/村·年",
    "meetings/year": "次/年",
    "persons/village": "人/村",
    "hours/year": "学时/年",
    "measures carried at once": "同时推进的措施数",
}
