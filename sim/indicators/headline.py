"""The headline indicators: the public names that jobs, reports and lessons rely on."""

from __future__ import annotations

from sim.indicators.indicator import Indicator
from sim.vocabulary import CHANNELS, KINDS

I = Indicator  # noqa: E741
HOURS = ("hours_available",)
USERS = tuple(f"users:{kind}" for kind in KINDS)
CONTENT = tuple(f"users_content:{kind}" for kind in KINDS)
PETITIONS = ("petitions_service", "petitions_conduct", "petitions_money")
DIVERTED = tuple(f"diverted:{channel}" for channel in CHANNELS)
PASSED = tuple(f"discretionary:{channel}" for channel in CHANNELS)
# fmt: off
HEADLINE = (
    I("service_efficiency", "share", "Service efficiency", "服务效率", "Staffed casework falling due, by standard hours, that was closed within the statutory limit.", "higher", "ratio", ("ontime_hours",), ("due_hours",)),
    I("micro_corruption", "share", "Micro-corruption", "微腐败", "Value diverted, before recovery, of the discretionary value that passed at village level: the truth the model knows.", "lower", "ratio", DIVERTED, PASSED),
    I("satisfaction", "0-100", "Satisfaction", "群众满意度", "Mean satisfaction of residents.", "higher", "ratio", ("satisfaction",), ("residents",)),
    I("user_satisfaction", "0-100", "User satisfaction", "办事群众满意度", "Mean satisfaction of users with their own staffed case when it ended, weighed by standard hours.", "higher", "ratio", ("user_hour_points",), ("user_hours",)),
    I("users_satisfied", "share", "Users satisfied", "办事群众满意率", "Users of staffed cases that ended who gave theirs 60 points or more.", "higher", "ratio", CONTENT, USERS),
    I("days_to_close_median", "working days", "Days to close, median", "办结天数(中位数)", "Working days from raising to closing of staffed cases closed in the period.", "lower", "quantile", ("waits",), scale=0.5),
    I("days_to_close_p90", "working days", "Days to close, 90th percentile", "办结天数(九成位)", "Nine in ten staffed cases closed in the period took no longer.", "lower", "quantile", ("waits",), scale=0.9),
    I("hard_case_days", "working days", "Days of hard cases", "疑难件办结天数", "Working days from raising to closing, or to being given up, of hard cases: several owners, no precedent, money.", "lower", "ratio", ("hard_days",), ("hard_ended",)),
    I("trips_per_case", "trips", "Trips per case", "每件跑动次数", "Trips residents made for each staffed case closed.", "lower", "ratio", ("trips",), ("closed",)),
    I("open_cases", "cases", "Open cases", "在办件数", "Cases open at the week's end.", "lower", "stock", ("open",)),
    I("cases_raised", "cases", "Cases raised", "受理件数", "Staffed cases raised.", "neither", "flow", ("raised",)),
    I("cases_closed", "cases", "Cases closed", "办结件数", "Staffed cases closed.", "neither", "flow", ("closed",)),
    I("cases_withdrawn", "cases", "Cases withdrawn", "撤回件数", "Cases that residents gave up.", "lower", "flow", ("withdrawn",)),
    I("compliance_share", "share", "Compliance", "文表会检", "Cadre hours spent on forms, meetings, visits received, study, traces and the measures' own work.", "lower", "ratio", ("compliance",), HOURS),
    I("casework_share", "share", "Casework", "办件服务", "Cadre hours spent on residents' cases.", "neither", "ratio", ("casework",), HOURS),
    I("policy_share", "share", "Policy tasks", "中心工作", "Cadre hours spent on policy tasks from above.", "neither", "ratio", ("policy",), HOURS),
    I("field_share", "share", "Field visits", "下沉走访", "Cadre hours spent in the field.", "higher", "ratio", ("field",), HOURS),
    I("initiative_share", "share", "Initiative", "主动作为", "Cadre hours spent on matters of the cadre's own choice.", "higher", "ratio", ("initiative",), HOURS),
    I("slack_share", "share", "Slack", "闲置懈怠", "Cadre hours in which nothing was done.", "lower", "ratio", ("slack",), HOURS),
    I("overtime_share", "share", "Overtime", "加班", "Cadre hours beyond the regular ones.", "lower", "ratio", ("overtime",), HOURS),
    I("fabricated_share", "share", "Fabricated paper", "虚填虚报", "Required paper that was ticked rather than done.", "lower", "ratio", ("paper_fabricated",), ("paper_demanded",)),
    I("initiative_rate", "per 100 cadre-years", "Initiatives", "主动创新项目", "Initiatives started.", "higher", "ratio", ("initiatives",), ("cadres",), 5200.0),
    I("diverted_benefits", "yuan", "Diverted: benefits", "截留：民生资金", "Benefit money diverted, before recovery.", "lower", "flow", ("diverted:benefits",)),
    I("diverted_assets", "yuan", "Diverted: collective assets", "截留：集体资产", "Collective assets diverted, before recovery.", "lower", "flow", ("diverted:assets",)),
    I("diverted_projects", "yuan", "Diverted: projects", "截留：工程项目", "Project money diverted, before recovery.", "lower", "flow", ("diverted:projects",)),
    I("diverted_claims", "yuan", "Diverted: expense claims", "截留：费用报销", "Expense claims diverted, before recovery.", "lower", "flow", ("diverted:claims",)),
    I("recorded_cases", "per village-year", "Recorded cases", "立案数", "Filed cases, of diversion and of other offences: what statistics see.", "neither", "ratio", ("recorded",), ("villages",), 52.0),
    I("detection_share", "per episode-year", "Detection", "发现率", "Open episodes detected, a year of being open.", "higher", "ratio", ("detected",), ("open_episodes",), 52.0),
    I("trust_township", "0-100", "Trust in the township", "对乡镇的信任", "Mean trust of residents in their township.", "higher", "ratio", ("trust",), ("residents",)),
    I("trust_superior", "0-100", "Trust in superiors", "对上级的信任", "Mean trust of residents in the levels above.", "higher", "ratio", ("superior",), ("residents",)),
    I("share_satisfied", "share", "Share satisfied", "满意群众占比", "Residents at 60 points or more.", "higher", "ratio", ("satisfied",), ("residents",)),
    I("petitions", "per 1,000 resident-years", "Petitions", "信访量", "Petitions raised.", "lower", "ratio", PETITIONS, ("residents",), 52000.0),
    I("incidents", "per 1,000 resident-years", "Incidents", "群体性事件", "Open quarrels.", "lower", "ratio", ("incidents",), ("residents",), 52000.0),
    I("believed_detection", "probability/year", "Believed detection", "感知的查处概率", "Yearly chance of being found out, as cadres believe it.", "neither", "ratio", ("believed_detection",), ("cadres",)),
    I("motivation", "share", "Public-service motivation", "公共服务动机", "Mean motivation of cadres.", "higher", "ratio", ("motivation",), ("cadres",)),
    I("skill", "share", "Skill", "履职能力", "Mean skill of cadres.", "higher", "ratio", ("skill",), ("cadres",)),
)
