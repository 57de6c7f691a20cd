"""Service by kind of case: on time, and days to close."""

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
BY_KIND = (*ON_TIME, *DAYS)
