"""Money: what becomes of it in each of the four channels, stage by stage, and in the villages' accounts."""

from __future__ import annotations

from sim.indicators.indicator import Indicator

I = Indicator  # noqa: E741
NAMES = {
    "benefits": ("benefits", "民生资金"),
    "assets": ("collective assets", "集体资产"),
    "projects": ("projects", "工程项目"),
    "claims": ("expense claims", "费用报销"),
}
# stage: label and sentence in English, label in Chinese, better
STAGES = {
    "opportunity": ("Within reach", "What those with access could take, had they the will.", "可及金额", "neither"),
    "found": ("Found", "What was taken in cases that were found, found again included.", "查出金额", "neither"),
    "sanctioned": ("Sanctioned", "What was taken in cases that ended in a sanction.", "处分金额", "neither"),
    "recovered": ("Recovered", "Repaid after sanctions, and loans returned.", "追回金额", "higher"),
}
SHARES = tuple(
    I(
        f"micro_corruption_in_{channel}", "share", f"Micro-corruption in {en}", f"微腐败：{zh}",
        "Value diverted, before recovery, of what passed in this channel.",
        "lower", "ratio", (f"diverted:{channel}",), (f"discretionary:{channel}",),
    )
    for channel, (en, zh) in NAMES.items()
)  # fmt: skip
BY_STAGE = tuple(
    I(
        f"{stage}_{channel}",
        "yuan",
        f"{label}: {en}",
        f"{label_zh}：{zh}",
        sentence,
        better,
        "flow",
        (f"{stage}:{channel}",),
    )
    for stage, (label, sentence, label_zh, better) in STAGES.items()
    for channel, (en, zh) in NAMES.items()
)
# fmt: off
ACCOUNTS = (
    I("recovered_share", "share", "Recovered of what was taken", "追回比例", "Of what was taken since week -52, the part that has come back.", "higher", "ratio", ("back",), ("lost",)),
    I("projects_started", "projects", "Projects started", "开工项目数", "Small projects started.", "neither", "flow", ("projects",)),
    I("projects_yuan", "yuan", "Projects started, yuan", "开工项目金额", "Money in small projects started.", "neither", "flow", ("projects_yuan",)),
    I("dividend", "yuan/resident-year", "Dividend", "村民分红", "What village accounts hand to residents.", "higher", "ratio", ("dividends",), ("residents",), 52.0),
    I("village_account", "yuan/village", "Village account", "村集体账户结余", "What stands in a village's account.", "neither", "ratio", ("account",), ("villages",)),
)
# fmt: on
MONEY = (*SHARES, *BY_STAGE, *ACCOUNTS)
