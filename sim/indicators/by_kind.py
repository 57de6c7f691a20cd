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
ON_TIME = tuple(
    Indicator(
        f"on_time_{kind}", "share", f"{en} on time", f"{zh}按时办结率",
        "Staffed cases of this kind falling due that were closed within the statutory limit.",
        "higher", "ratio", (f"ontime:{kind}",), (f"due:{kind}",),
    )
    for kind, (en, zh) in NAMES.items()
)  # fmt: skip
DAYS = tuple(
    Indicator(
        f"days_{kind}", "working days", f"{en}, mean days", f"{zh}平均办结天数",
        "Working days from raising to closing of cases of this kind closed in the period.",
        "lower", "ratio", (f"days:{kind}",), (f"closed_kind:{kind}",),
    )
    for kind, (en, zh) in NAMES.items()
)  # fmt: skip
ANSWERED = tuple(
    Indicator(
        f"answered_{kind}", "share", f"{en} answered", f"{zh}实质答复率",
        "Staffed cases of this kind that ended with an answer: not given up, not closed on paper.",
        "higher", "ratio", (f"answered:{kind}",), (f"users:{kind}",),
    )
    for kind, (en, zh) in NAMES.items()
)  # fmt: skip
USER_SATISFACTION = tuple(
    Indicator(
        f"user_satisfaction_{kind}", "0-100", f"{en}, user satisfaction", f"{zh}办事满意度",
        "Mean satisfaction of users with their case of this kind when it ended.",
        "higher", "ratio", (f"user_points:{kind}",), (f"users:{kind}",),
    )
    for kind, (en, zh) in NAMES.items()
)  # fmt: skip
SATISFIED = tuple(
    Indicator(
        f"users_satisfied_{kind}", "share", f"{en}, users satisfied", f"{zh}办事满意率",
        "Users of this kind of case who gave theirs 60 points or more when it ended.",
        "higher", "ratio", (f"users_content:{kind}",), (f"users:{kind}",),
    )
    for kind, (en, zh) in NAMES.items()
)  # fmt: skip
BY_KIND = (*ON_TIME, *DAYS, *ANSWERED, *USER_SATISFACTION, *SATISFIED)
