"""The essay's fifteen pain points in its order and the four causes it sees behind them, with their indicators."""

from __future__ import annotations

from dataclasses import dataclass

from sim.indicators.indicator import Indicator


@dataclass(frozen=True, slots=True)
class Item:
    """A pain point or a cause of the essay, and the ids of the indicators that stand for it, the first foremost."""

    id: str
    label_en: str
    label_zh: str
    indicators: tuple[str, ...]


I = Indicator  # noqa: E741
BY_VILLAGE, CASES, PROJECTS, POSTS, SEATS = ("villages",), ("closed",), ("projects",), ("cadres",), ("committee",)
# fmt: off
PAIN_POINTS = (
    Item("study_formality", "Study as a formality", "学习流于形式", ("study_formality", "study_quality")),
    Item("selective_execution", "Selective execution", "执行打折扣、搞变通", ("roadside_gap", "closures")),
    Item("slow_response", "Slow response to incidents", "风险处置迟缓", ("response_days", "incident_size", "incident_reach")),
    Item("needs_missed", "Needs missed and work redone", "脱离群众需求", ("projects_redone_share", "project_misfit")),
    Item("passed_from_desk_to_desk", "Slow service, passed from desk to desk", "服务低效、推诿扯皮", ("days_plot_median", "handoffs_per_case", "trips_per_case", "seals_plot")),
    Item("unfair_benefits", "Benefits to the wrong people", "优亲厚友、虚报冒领", ("wrong_inclusion", "wrong_exclusion", "diverted_benefits")),
    Item("fear_of_blame", "Fear of blame", "怕担责、不敢为", ("initiative_rate", "blame", "hard_case_days", "asked_up_share", "left_per_hard_case")),
    Item("good_enough", "Good enough will do", "满足于过得去", ("effort_above_threshold", "slack_share")),
    Item("paper_work", "Work on paper", "形式主义、文山会海", ("compliance_share", "fabricated_share", "informal_hours")),
    Item("asset_leakage", "Collective assets leak away", "三资管理混乱", ("asset_leakage",)),
    Item("project_rigging", "Rigged projects", "工程发包违规", ("projects_rigged_share", "projects_direct_share", "project_quality")),
    Item("lax_oversight", "Lax oversight", "监督宽松软", ("detection_share", "detection_delay")),
    Item("branch_life", "Branch life neglected", "组织生活不规范", ("branch_meetings_held",)),
    Item("inactive_members", "Members without part", "党员队伍松散", ("inactive_members_share",)),
    Item("weak_committees", "Old and weak committees", "班子老化弱化", ("committee_age", "committee_schooling", "committee_skill")),
)
CAUSES = (
    Item("conviction", "Conviction", "理想信念", ("motivation",)),
    Item("checks", "Checks and incentives", "监督与激励机制", ("believed_detection", "reward_spread")),
    Item("capacity", "Capacity", "能力素质", ("skill",)),
    Item("style", "Style of work", "作风", ("amplification", "fabricated_share", "reporting_gap")),
)
DETAIL = (
    I("study_formality", "share", "Study as a formality", "走过场学习占比", "Study sessions without discussion or held on paper only.", "lower", "ratio", ("villages", "-discussed"), BY_VILLAGE),
    I("study_quality", "share", "Study that reaches people", "学习实效", "Effect of study sessions that are really held and discussed.", "higher", "ratio", ("study",), BY_VILLAGE),
    I("roadside_gap", "share", "Roadside-remote gap", "沿线与偏远差距", "Delivered policy tasks in the village at large less those away from the road.", "lower", "ratio", ("performance", "-remote_performance"), BY_VILLAGE),
    I("closures", "per 100 village-years", "One-size closures", "一刀切关停", "Closures of livelihoods near deadlines.", "lower", "ratio", ("closures",), BY_VILLAGE, 5200.0),
    I("response_days", "working days", "Response to incidents", "舆情处置天数", "Working days until an open quarrel is answered.", "lower", "ratio", ("response_days",), ("incidents",)),
    I("incident_size", "persons", "Size of incidents", "事件平均规模", "Residents who take part in an open quarrel.", "lower", "ratio", ("incident_people",), ("incidents",)),
    I("incident_reach", "persons", "Incident of a typical participant", "参与者所处事件规模", "Size of the incident that a participant is in: far above the mean size where the tail is heavy.", "lower", "ratio", ("incident_people_squared",), ("incident_people",)),
    I("projects_redone_share", "share", "Projects redone", "改后再改的项目占比", "Small projects that missed the need.", "lower", "ratio", ("projects_redone",), PROJECTS),
    I("project_misfit", "share", "Expected misfit of projects", "项目与需求错配", "Chance that a project missed the need, from what cadres knew and residents were asked.", "lower", "ratio", ("misfit",), BY_VILLAGE),
    I("days_plot_median", "working days", "Days for a homestead plot, median", "宅基地审批天数(中位数)", "Working days from raising to closing of plot cases closed in the period.", "lower", "quantile", ("waits_plot",), scale=0.5),
    I("handoffs_per_case", "hand-offs", "Hand-offs per case", "每件流转次数", "Times a closed case came to a desk from another, or from the resident.", "lower", "ratio", ("handoffs",), CASES),
    I("seals_plot", "seals", "Seals for a homestead plot", "宅基地用章数", "Seals that a plot case needs.", "lower", "ratio", ("seals_kind:plot",), ("raised_kind:plot",)),
    I("wrong_inclusion", "share", "Wrong inclusion in benefits", "错保率", "Benefit recipients who should not be.", "lower", "ratio", ("wrong_inclusion",), BY_VILLAGE),
    I("wrong_exclusion", "share", "Wrong exclusion from benefits", "漏保率", "Eligible residents who are left out.", "lower", "ratio", ("wrong_exclusion",), BY_VILLAGE),
    I("blame", "units of appraisal", "Expected blame of a try", "尝试的预期追责", "What a try that may honestly fail is expected to cost.", "lower", "ratio", ("blame",), POSTS),
    I("asked_up_share", "share", "Hard cases asked up", "疑难件上交率", "Hard cases that desks put before the leaders instead of deciding.", "lower", "ratio", ("hard_asked",), ("hard_decided", "hard_asked")),
    I("left_per_hard_case", "times", "Hard cases left lying", "疑难件搁置次数", "Times a hard case was left lying before it was decided or asked up.", "lower", "ratio", ("hard_left",), ("hard_decided", "hard_asked")),
    I("leaders_wait", "working days", "Leaders' queue", "班子议事排队天数", "Working days that matters asked up wait for the leaders beyond the next meeting.", "lower", "ratio", ("leaders_wait",), BY_VILLAGE),
    I("effort_above_threshold", "share", "Effort above good enough", "高于合格线的努力占比", "Posts whose effort is more than good enough.", "higher", "ratio", ("effort_high",), POSTS),
    I("paper_demanded", "hours/cadre-week", "Paper demanded", "文表要求", "Hours of forms, meetings, visits received, study, traces and the measures' own work demanded of a cadre, done or ticked.", "lower", "ratio", ("paper_demanded",), POSTS),
    I("informal_hours", "hours/cadre-week", "Informal requests", "体外循环的任务", "Hours asked for outside every count.", "lower", "ratio", ("informal_hours",), BY_VILLAGE),
    I("asset_leakage", "yuan/village-year", "Asset leakage", "集体三资流失", "Collective assets diverted.", "lower", "ratio", ("diverted:assets",), BY_VILLAGE, 52.0),
    I("projects_rigged_share", "share", "Rigged projects", "违规发包项目占比", "Small projects with a steered award.", "lower", "ratio", ("projects_rigged",), PROJECTS),
    I("projects_direct_share", "share", "Projects awarded directly", "直接发包项目占比", "Small projects awarded without a tender.", "neither", "ratio", ("projects_direct",), PROJECTS),
    I("project_days", "working days", "Days of a project", "项目启动天数", "From the need to the award of a small project.", "lower", "ratio", ("project_days",), PROJECTS),
    I("project_quality", "share", "Quality of projects", "项目质量", "Use of a project against one that is honest, whole and prompt.", "higher", "ratio", ("project_quality",), PROJECTS),
    I("detection_delay", "weeks", "Delay of detection", "发现滞后周数", "Weeks that a running episode had been open when it was detected.", "lower", "ratio", ("detection_weeks",), ("detected_running",)),
    I("branch_meetings_held", "meetings/year", "Branch meetings held", "实际召开支部会议次数", "Branch meetings that really take place.", "higher", "ratio", ("branch_life",), BY_VILLAGE),
    I("inactive_members_share", "share", "Inactive members", "口袋党员占比", "Party members who take no part.", "lower", "ratio", ("inactive",), BY_VILLAGE),
    I("committee_age", "years", "Committee age", "班子平均年龄", "Mean age of village committees.", "lower", "ratio", ("age",), SEATS),
    I("committee_schooling", "years", "Committee schooling", "班子平均受教育年限", "Mean schooling of village committees.", "higher", "ratio", ("schooling",), SEATS),
    I("committee_skill", "share", "Committee capability", "班子履职能力", "Mean skill of village committees.", "higher", "ratio", ("committee_skill",), SEATS),
    I("reward_spread", "share of pay", "Spread of rewards", "奖惩差距", "Difference between good and poor work in pay and honours.", "higher", "ratio", ("reward_spread",), BY_VILLAGE),
    I("amplification", "multiple of today", "Amplification", "层层加码", "How much each level adds to what it passes down.", "lower", "ratio", ("amplification",), BY_VILLAGE),
    I("reporting_gap", "share", "Reported less true trouble", "上报问题减真实问题", "Trouble in villages as it is reported upwards less as it is: below zero where it is hidden, above where places plead.", "neither", "ratio", ("reported", "-trouble"), BY_VILLAGE),
    I("trouble", "share", "Trouble in villages", "村级真实问题", "What is really wrong in villages: cases that wait, discontent, taking, projects that miss.", "lower", "ratio", ("trouble",), BY_VILLAGE),
    I("misjudged", "share", "Trouble that departments misjudge", "部门误判的问题", "How far off departments are in what they believe is wrong in a village.", "lower", "ratio", ("misjudged",), BY_VILLAGE),
    I("fatigue", "share", "Fatigue", "疲劳程度", "Mean fatigue of cadres.", "lower", "ratio", ("fatigue",), POSTS),
    I("pressure", "share", "Pressure from departments", "部门压力", "How hard departments press.", "lower", "ratio", ("pressure",), BY_VILLAGE),
    I("measures_in_force", "measures", "Measures in force", "实际落地措施量", "Summed realised strength of the measures.", "neither", "ratio", ("strength",), BY_VILLAGE),
    I("own_hours", "hours/cadre-week", "Measures' own work", "措施自身占用工时", "Hours a week that the measures themselves ask of a cadre.", "lower", "ratio", ("own_hours",), POSTS),
    I("overtime_hours", "hours/cadre-week", "Overtime hours", "加班工时", "Hours a week that cadres work beyond the regular ones.", "lower", "ratio", ("overtime",), POSTS),
    I("tiredness_of_measures", "share", "Tiredness of drives", "对专项行动的倦怠", "Part of the drives under order that is no longer run because they have gone on for long.", "lower", "ratio", ("tired",), BY_VILLAGE),
    I("announced", "share", "Announced but not seen", "已宣传而未落实", "How loudly the reform stands announced, as it is remembered, beyond what is in force.", "lower", "ratio", ("announced",), BY_VILLAGE),
    I("exits", "share/year", "Voluntary exits", "主动离职率", "Cadres who leave of their own will.", "lower", "ratio", ("exits",), POSTS, 52.0),
    I("petitions_service", "per 1,000 resident-years", "Petitions about service", "服务类信访量", "Petitions of those who waited too long, or had no answer.", "lower", "ratio", ("petitions_service",), ("residents",), 52000.0),
    I("petitions_conduct", "per 1,000 resident-years", "Petitions about conduct", "作风类信访量", "Petitions of those who were pressed, or left out of unfair rolls.", "lower", "ratio", ("petitions_conduct",), ("residents",), 52000.0),
    I("petitions_money", "per 1,000 resident-years", "Petitions about money", "利益类信访量", "Petitions of those whose livelihood was closed, or whom the village has not paid.", "lower", "ratio", ("petitions_money",), ("residents",), 52000.0),
    I("exits_village", "share/year", "Voluntary exits, villages", "村干部主动离职率", "Village cadres who leave of their own will.", "lower", "ratio", ("exits_village",), SEATS, 52.0),
    I("exits_township", "share/year", "Voluntary exits, township", "乡镇干部主动离职率", "Township cadres who resign; transfers and promotions are not counted.", "lower", "ratio", ("exits_township",), ("posts_township",), 52.0),
    I("believed_examined", "probability/year", "Believed examination", "感知的核查概率", "Yearly chance of being examined, as cadres believe it.", "neither", "ratio", ("believed_examined",), POSTS),
    I("examiners_hours", "share", "Examiners' hours", "核查力量满足率", "Part of the hours that examinations and leads need that examiners have.", "higher", "ratio", ("examiners",), BY_VILLAGE),
    I("township_compliance_share", "share", "Compliance, township", "乡镇文表会检", "Township cadres' hours spent on forms, meetings, escorting visits, study, traces and the measures' own work.", "lower", "ratio", ("compliance_township",), ("hours_township",)),
    I("paper_village", "hours/cadre-week", "Paper demanded in villages", "村级文表任务", "Hours of paper demanded of a village cadre.", "lower", "ratio", ("paper_village",), SEATS),
    I("open_cases_per_1000", "cases per 1,000 residents", "Open cases per 1,000 residents", "每千人在办件数", "Cases open at the week's end.", "lower", "ratio", ("open",), ("residents",), 1000.0),
    I("satisfaction_over_60", "points", "Satisfaction of residents over 60", "老年群众满意度", "Mean satisfaction of residents of 60 and more.", "higher", "ratio", ("satisfaction_old",), ("residents_old",)),
    I("satisfaction_offline", "points", "Satisfaction of those offline", "不会用手机群众满意度", "Mean satisfaction of residents who do not use the app.", "higher", "ratio", ("satisfaction_offline",), ("residents_offline",)),
    I("age_gap", "points", "Gap of satisfaction by age", "满意度年龄差距", "Satisfaction of residents under 60 less that of older ones.", "lower", "gap", ("satisfaction_visited", "-satisfaction_old"), ("residents_visited", "-residents_old"), less_over=("satisfaction_old",), less_under=("residents_old",)),
    I("digital_gap", "points", "Gap of satisfaction by use of the app", "满意度数字差距", "Satisfaction of residents who use the app less that of the others.", "lower", "gap", ("satisfaction_visited", "-satisfaction_offline"), ("residents_visited", "-residents_offline"), less_over=("satisfaction_offline",), less_under=("residents_offline",)),
)
