"""Service by kind of case: on time, days to close, answers, and what users say."""

from __future__ import annotations

from sim.indicators.indicator import Indicator

NAMES = {
    "insurance": ("Insurance cases", "社保医保"),
    "certificate": ("Certificates", "证明"),
    "hotline": ("Hotline requests", "热线诉求"),
    "dispute": ("Disputes", "纠纷"),
    "benefit": ("Benefit cases", "低保补贴"),
    "plot": ("Plot cases", "宅基地"),
    "petition": ("Petitions", "信访"),
}
# id before the kind's, unit, what follows the kind's name in English and Chinese, sentence, better, over, under
# fmt: off
FIGURES = (
    ("on_time", "share", " on time", "按时办结率", "Staffed cases of this kind falling due that were closed within the statutory limit.", "higher", "ontime", "due"),
    ("days", "working days", ", mean days", "平均办结天数", "Working days from raising to closing of cases of this kind closed in the period.", "lower", "days", "closed_kind"),
    ("answered", "share", " answered", "实质答复率", "Staffed cases of this kind that ended with an answer: not given up, not closed on paper.", "higher", "answered", "users"),
    ("user_satisfaction", "0-100", ", user satisfaction", "办事满意度", "Mean satisfaction of users with their case of this kind when it ended.", "higher", "user_points", "users"),
    ("users_satisfied", "share", ", users satisfied", "办事满意率", "Users of this kind of case who gave theirs 60 points or more when it ended.", "higher", "users_content", "users"),
)
# fmt: on
BY_KIND = tuple(
    Indicator(
        f"{id}_{kind}",
        unit,
        en + more_en,
        zh + more_zh,
        text,
        better,
        "ratio",
        (f"{over}:{kind}",),
        (f"{under}:{kind}",),
    )
    for id, unit, more_en, more_zh, text, better, over, under in FIGURES
    for kind, (en, zh) in NAMES.items()
)
