"""One indicator for each of the essay's pain points, in its order, and the four causes as cadre state."""

from __future__ import annotations

from sim.indicators.indicator import Indicator

I = Indicator  # noqa: E741
# fmt: off
PAIN_POINTS = (
    I("study_quality", "share", "Study with discussion", "学习研讨实效", "Study that is more than reading aloud.", "higher", "ratio", ("study",), ("villages",)),
    I("roadside_gap", "share", "Roadside-remote gap", "沿线与偏远差距", "Delivered policy tasks in the village at large less those away from the road.", "lower", "ratio", ("performance", "-remote_performance"), ("villages",)),
    I("closures", "per 100 village-years", "One-size closures", "一刀切关停", "Closures of livelihoods near deadlines.", "lower", "ratio", ("closures",), ("villages",), 5200.0),
    I("response_days", "working days", "Response to incidents", "舆情处置天数", "Working days until an open quarrel is answered.", "lower", "ratio", ("response_days",), ("incidents",)),
    I("projects_redone_share", "share", "Projects redone", "改后再改的项目占比", "Small projects that missed the need.", "lower", "ratio", ("projects_redone",), ("projects",)),
    I("wrong_inclusion", "share", "Wrong inclusion in benefits", "错保率", "Benefit recipients who should not be.", "lower", "ratio", ("wrong_inclusion",), ("villages",)),
    I("wrong_exclusion", "share", "Wrong exclusion from benefits", "漏保率", "Eligible residents who are left out.", "lower", "ratio", ("wrong_exclusion",), ("villages",)),
    I("effort_above_threshold", "share", "Effort above good enough", "高于合格线的努力占比", "Posts that work at full effort or more.", "higher", "ratio", ("effort_high",), ("cadres",)),
    I("informal_hours", "hours/cadre-week", "Informal requests", "体外循环的任务", "Hours asked for outside every count.", "lower", "ratio", ("informal_hours",), ("villages",)),
    I("asset_leakage", "yuan/village-year", "Asset leakage", "集体三资流失", "Collective assets diverted.", "lower", "ratio", ("diverted_assets",), ("villages",), 52.0),
    I("projects_rigged_share", "share", "Rigged projects", "违规发包项目占比", "Small projects with a steered award.", "lower", "ratio", ("projects_rigged",), ("projects",)),
    I("projects_split_share", "share", "Split projects", "化整为零项目占比", "Small projects split to stay under the ceiling.", "lower", "ratio", ("projects_split",), ("projects",)),
    I("branch_meetings_held", "meetings/year", "Branch meetings", "支部会议次数", "Branch meetings held.", "higher", "ratio", ("branch_life",), ("villages",)),
    I("inactive_members_share", "share", "Inactive members", "口袋党员占比", "Party members who take no part.", "lower", "ratio", ("inactive",), ("villages",)),
    I("committee_age", "years", "Committee age", "班子平均年龄", "Mean age of village committees.", "lower", "ratio", ("age",), ("committee",)),
    I("committee_schooling", "years", "Committee schooling", "班子平均受教育年限", "Mean schooling of village committees.", "higher", "ratio", ("schooling",), ("committee",)),
)
CAUSES = (
    I("fatigue", "share", "Fatigue", "疲劳程度", "Mean fatigue of cadres.", "lower", "ratio", ("fatigue",), ("cadres",)),
    I("pressure", "share", "Pressure from departments", "部门压力", "How hard departments press.", "lower", "ratio", ("pressure",), ("villages",)),
    I("reporting_gap", "share", "Reported against true performance", "上报与真实差距", "What is reported upwards less what is.", "lower", "ratio", ("reported", "-true_performance"), ("villages",)),
    I("measures_in_force", "measures", "Measures in force", "实际落地措施量", "Summed realised strength of the measures.", "neither", "ratio", ("strength",), ("villages",)),
    I("exits", "share/year", "Voluntary exits", "主动离职率", "Cadres who leave of their own will.", "lower", "ratio", ("exits",), ("cadres",), 52.0),
    I("satisfaction_over_60", "points", "Satisfaction of residents over 60", "老年群众满意度", "Mean satisfaction of residents of 60 and more.", "higher", "ratio", ("satisfaction_old",), ("residents_old",)),
    I("satisfaction_offline", "points", "Satisfaction of those offline", "不会用手机群众满意度", "Mean satisfaction of residents who do not use the app.", "higher", "ratio", ("satisfaction_offline",), ("residents_offline",)),
)
