"""Levers: what policy can move.

A lever is a rate, an hour count or a share with a unit. Measures and dials move levers, and mechanisms read them
(`reader` names the files in sim/mechanisms/). Policy affects outcomes in no other way. `default` is the value in the
average town; a town file lists the values in which another town differs. Most defaults are assumptions and say so in
`source`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Lever:
    """One row of the lever table: values of the lever lie in [low, high], in `unit`."""

    id: str
    group: str
    unit: str
    low: float
    high: float
    default: float
    reader: tuple[str, ...]
    source: str
    sentence: str
    label_en: str
    label_zh: str


DIALS = ("tolerance", "burden", "supervision")

# fmt: off
_ROWS = (
    # id, group, unit, low, high, default, readers, source, sentence, label_en, label_zh
    Lever(
        "burden", "tasks", "multiple of today", 0.0, 2.5, 1.0,
        ("tasks", "departments"), "dial the user turns; 1 is today by definition",
        "Multiplies forms, meetings and inspection visits at every level.",
        "Administrative burden", "负担强度",
    ),
    Lever(
        "forms_per_village_year", "tasks", "forms/year", 0.0, 3_000.0, 1_300.0,
        ("tasks", "departments"), "towns and districts, press; most: 2,615 in eleven months",
        "Forms and ledgers a village is asked for.",
        "Forms requested per village-year", "每村年报表数",
    ),
    Lever(
        "hours_per_form", "tasks", "hours", 0.3, 4.0, 2.2,
        ("tasks", "departments"), "assumption; press anecdotes",
        "Hours to gather and fill one form.",
        "Hours per form", "每份报表耗时",
    ),
    Lever(
        "duplicate_form_share", "tasks", "share", 0.0, 0.8, 0.45,
        ("tasks", "departments"), "essay: many of > 100 kinds repeat",
        "Share of forms that ask again; a repeat takes 40 % of the time.",
        "Duplicate form share", "重复报表占比",
    ),
    Lever(
        "township_paper_hours", "tasks", "hours/cadre-week", 0.0, 30.0, 9.0,
        ("tasks",), "assumption",
        "Paper that township cadres owe to the county.",
        "Township paperwork hours", "乡镇干部文表工时",
    ),
    Lever(
        "meeting_hours", "tasks", "hours/cadre-week", 0.0, 16.0, 6.0,
        ("tasks", "departments"), "assumption",
        "Meetings and their preparation.",
        "Meeting hours", "会议工时",
    ),
    Lever(
        "visits_per_village_year", "tasks", "visits/year", 0.0, 150.0, 60.0,
        ("tasks",), "assumption",
        "Inspection and check visits received.",
        "Inspection visits per village-year", "年督查检查次数",
    ),
    Lever(
        "hours_per_visit", "tasks", "hours", 2.0, 40.0, 12.0,
        ("tasks",), "assumption",
        "Village hours to prepare and receive one visit.",
        "Hours per inspection visit", "每次迎检耗时",
    ),
    Lever(
        "roadside_bias", "tasks", "share", 0.0, 1.0, 0.7,
        ("tasks", "delivery"), "essay: work along the road",
        "Share of visits that go to visible places.",
        "Roadside bias of inspections", "督查沿线偏好",
    ),
    Lever(
        "trace_burden", "tasks", "multiple of norm", 0.0, 3.0, 1.0,
        ("tasks", "service"), "assumption; norm by case kind in facts",
        "Record-keeping per case relative to its norm.",
        "Record-keeping burden", "留痕强度",
    ),
    Lever(
        "amplification", "tasks", "multiple of today", 0.5, 2.0, 1.0,
        ("tasks", "departments"), "assumption (tournament literature)",
        "How much each level adds to what it passes down.",
        "Amplification down the hierarchy", "层层加码",
    ),
    Lever(
        "study_sessions", "tasks", "sessions/year", 0.0, 52.0, 12.0,
        ("tasks", "people"), "essay",
        "Study sessions.",
        "Study sessions", "学习次数",
    ),
    Lever(
        "study_discussion_share", "tasks", "share", 0.0, 1.0, 0.45,
        ("people",), "essay: 3 of 12",
        "Share of sessions with real discussion.",
        "Sessions with real discussion", "真实研讨占比",
    ),
    Lever(
        "results_weight", "appraisal", "share", 0.0, 1.0, 0.35,
        ("time_use", "service", "delivery", "people"), "assumption",
        "Weight of results against paper traces in appraisal.",
        "Weight of results in appraisal", "实绩考核权重",
    ),
    Lever(
        "promotion_slots", "appraisal", "per 100 township cadres a year", 0.0, 12.0, 4.0,
        ("people",), "assumption",
        "Openings.",
        "Promotion openings", "晋升名额",
    ),
    Lever(
        "reward_spread", "appraisal", "share of pay", 0.0, 0.6, 0.15,
        ("time_use", "service", "people"), "assumption",
        "Difference between good and poor work in pay and honours.",
        "Spread of rewards", "奖惩差距",
    ),
    Lever(
        "tolerance", "errors", "share", 0.0, 1.0, 0.2,
        ("conduct", "oversight"), "dial the user turns; today's value is an assumption",
        "Adjudicated honest, good-faith errors that carry no sanction.",
        "Tolerance of honest error", "容错度",
    ),
    Lever(
        "error_shelter", "errors", "share", 0.0, 0.8, 0.25,
        ("conduct", "oversight"), "assumption",
        "Misconduct passed off as honest error, so that tolerance may cover it.",
        "Misconduct sheltered as honest error", "容错误放率",
    ),
    Lever(
        "error_harshness", "errors", "share", 0.0, 0.8, 0.3,
        ("time_use", "oversight"), "assumption",
        "Honest error judged as misconduct, before tolerance is considered.",
        "Honest error judged as misconduct", "容错误伤率",
    ),
    Lever(
        "sanction_severity", "errors", "years of pay", 0.0, 6.0, 2.0,
        ("time_use", "service", "conduct"), "assumption",
        "Loss on a full sanction.",
        "Sanction severity", "处分力度",
    ),
    Lever(
        "sanction_follow_through", "errors", "share", 0.0, 1.0, 0.6,
        ("implementation", "time_use", "service", "conduct", "oversight"),
        "2025: .50 of all handled, .70 of eight-rules cases",
        "Detected cases that end in a sanction.",
        "Sanction follow-through", "处分落实率",
    ),
    Lever(
        "parallel_share", "service", "share", 0.0, 1.0, 0.2,
        ("service",), "assumption",
        "Multi-department cases handled in parallel at one window.",
        "Parallel handling share", "并联办理率",
    ),
    Lever(
        "seals_multiplier", "service", "multiple of norm", 0.2, 2.0, 1.0,
        ("service",), "essay: 8 seals for a plot; norm 6 assumed",
        "Seals per case relative to the norm of its kind.",
        "Approval steps per case", "用印环节",
    ),
    Lever(
        "ownership_clarity", "service", "share", 0.0, 1.0, 0.5,
        ("service",), "assumption",
        "Steps whose owner is clear.",
        "Clarity of responsibility", "职责清晰度",
    ),
    Lever(
        "data_sharing", "service", "share", 0.0, 1.0, 0.35,
        ("tasks", "needs", "service", "conduct", "oversight", "departments"), "assumption",
        "Data that need not be asked for again.",
        "Data sharing", "数据共享率",
    ),
    Lever(
        "online_share", "service", "share", 0.0, 1.0, 0.65,
        ("needs",), "rural internet 66.5 % 2023; app use .45",
        "Eligible cases of able and willing residents that are done online.",
        "Online self-service share", "网办率",
    ),
    Lever(
        "counters_kept", "service", "share", 0.0, 1.0, 1.0,
        ("needs", "service"), "assumption",
        "Walk-in counters kept open beside the app.",
        "Walk-in counters kept", "窗口保留率",
    ),
    Lever(
        "field_days", "contact", "days/cadre-week", 0.0, 4.0, 0.8,
        ("time_use",), "essay target 2",
        "Field days required.",
        "Required field days", "每周下沉天数",
    ),
    Lever(
        "reception_days", "contact", "days/leader-month", 0.0, 4.0, 0.3,
        ("service",), "essay target 1",
        "Open reception by leaders.",
        "Leaders' reception days", "领导接访天数",
    ),
    Lever(
        "consultation", "contact", "share", 0.0, 1.0, 0.35,
        ("delivery", "conduct"), "essay: redo after no consultation",
        "Projects decided with residents.",
        "Resident consultation on projects", "项目征求意见率",
    ),
    Lever(
        "supervision", "oversight", "probability/village-year", 0.0, 1.0, 0.04,
        ("oversight",), "dial; Olken 2007: baseline .04",
        "A village's books and work are examined in depth.",
        "Supervision intensity", "监督强度",
    ),
    Lever(
        "audit_depth", "oversight", "share", 0.1, 0.95, 0.5,
        ("oversight",), "assumption",
        "What an examination can see of what is there.",
        "Depth of examination", "核查深度",
    ),
    Lever(
        "committee_independence", "oversight", "share", 0.0, 1.0, 0.4,
        ("conduct", "oversight"), "essay: secretary chairs it",
        "Village oversight committees that don't answer to the secretary.",
        "Independence of oversight committees", "村监会独立性",
    ),
    Lever(
        "reporting_reach", "oversight", "share", 0.0, 1.0, 0.25,
        ("implementation", "needs", "time_use", "service", "conduct", "oversight", "residents", "departments"),
        "assumption",
        "Residents who know how and dare to report.",
        "Reach of citizen reporting", "群众监督覆盖",
    ),
    Lever(
        "accounts_publicity", "oversight", "share", 0.0, 1.0, 0.3,
        ("conduct", "oversight"), "essay: contracts unpublished",
        "Accounts and contracts published in time.",
        "Publicity of village accounts", "村务公开率",
    ),
    Lever(
        "benefit_platform", "oversight", "share", 0.0, 1.0, 0.1,
        ("conduct", "oversight", "departments"), "assumption",
        "Benefit money traced end to end.",
        "Benefit-fund platform coverage", "民生资金平台覆盖",
    ),
    Lever(
        "asset_platform", "oversight", "share", 0.0, 1.0, 0.1,
        ("conduct", "oversight", "departments"), "assumption",
        "Collective assets on the platform.",
        "Collective-asset platform coverage", "三资平台覆盖",
    ),
    Lever(
        "township_bookkeeping", "oversight", "share", 0.0, 1.0, 0.3,
        ("delivery", "conduct", "oversight"), "assumption",
        "Village accounts kept by the township.",
        "Township bookkeeping of village accounts", "村财乡管率",
    ),
    Lever(
        "tender_compliance", "oversight", "share", 0.0, 1.0, 0.5,
        ("conduct", "oversight"), "essay: contractor named without tender",
        "Projects awarded by the rules.",
        "Tender compliance", "招投标合规率",
    ),
    Lever(
        "direct_award_ceiling", "oversight", "yuan", 0.0, 600_000.0, 150_000.0,
        ("conduct",), "local rules ¥100–200 k",
        "Largest project that may be awarded directly.",
        "Direct-award ceiling", "直接发包限额",
    ),
    Lever(
        "exposure", "oversight", "share", 0.0, 1.0, 0.2,
        ("oversight",), "assumption",
        "Cases made public.",
        "Public exposure of cases", "通报曝光率",
    ),
    Lever(
        "branch_meetings", "organisation", "meetings/year", 0.0, 24.0, 8.0,
        ("people",), "essay: 2 a year; norm 12",
        "Branch committee and member meetings held.",
        "Branch meetings held", "支部会议次数",
    ),
    Lever(
        "inactive_members", "organisation", "share", 0.0, 0.6, 0.12,
        ("delivery", "people"), "essay: > 20 %",
        "Party members who take no part.",
        "Inactive party members", "口袋党员占比",
    ),
    Lever(
        "young_recruits", "organisation", "share", 0.0, 1.0, 0.3,
        ("people",), "essay target .60",
        "Recruits aged 35 or less.",
        "Recruits aged 35 or less", "35岁以下发展占比",
    ),
    Lever(
        "leader_renewal", "organisation", "share/election", 0.0, 1.0, 0.3,
        ("people",), "assumption",
        "Committee seats that change at an election.",
        "Committee renewal at elections", "班子更新率",
    ),
    Lever(
        "reserve_cadres", "organisation", "persons/village", 0.0, 4.0, 0.8,
        ("people",), "essay target 2–3",
        "Trained reserve for committee seats.",
        "Reserve cadres", "后备干部数",
    ),
    Lever(
        "training_hours", "organisation", "hours/year", 0.0, 120.0, 24.0,
        ("people",), "assumption",
        "Training in law, mediation, services.",
        "Cadre training hours", "培训学时",
    ),
    Lever(
        "responsibility_coverage", "follow-up", "share", 0.0, 1.0, 0.4,
        ("service", "delivery"), "assumption",
        "Duties on an itemised list.",
        "Responsibility-list coverage", "责任清单覆盖",
    ),
    Lever(
        "ledger_coverage", "follow-up", "share", 0.0, 1.0, 0.3,
        ("delivery",), "assumption",
        "Decisions tracked to completion.",
        "Decision-tracking coverage", "督办台账覆盖",
    ),
    Lever(
        "attention", "execution", "measures carried at once", 1.0, 20.0, 4.0,
        ("implementation",), "assumption",
        "How many measures leaders can keep moving.",
        "Leadership attention", "推进注意力",
    ),
    Lever(
        "third_party", "execution", "share", 0.0, 1.0, 0.1,
        ("implementation", "time_use", "service", "departments"), "assumption",
        "Checks made by outsiders on results.",
        "Third-party assessment share", "第三方评估占比",
    ),
    Lever(
        "institutionalised", "execution", "share", 0.0, 1.0, 0.15,
        ("implementation",), "assumption",
        "Part of a measure that has become rule.",
        "Institutionalisation", "制度化程度",
    ),
    Lever(
        "reform_publicity", "execution", "share", 0.0, 1.0, 0.2,
        ("needs", "residents"), "assumption",
        "How loudly the reform is announced.",
        "Reform publicity", "宣传强度",
    ),
)
# fmt: on

LEVERS: Mapping[str, Lever] = MappingProxyType({row.id: row for row in _ROWS})
