"""The state of one township unit: one record per kind of agent, as arrays.

This file owns every shape and unit. A row is one agent (or one case, or one step of a case); a field
is one of its attributes, written below as (name, type, unit and meaning). The township itself is one
row. Everything that the future depends on is here, so that a state is a value: it can be copied,
stored and branched. Units of a county are separate states.

Times of cases are working days since week 0 (five a week, negative before).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.levers import LEVERS
from sim.vocabulary import CHANNELS, CLUSTERS, KINDS, ROLES

TIES = 6
WAIT_BINS = 160

TOWNSHIP = (
    ("residents", "f8", "persons"),
    ("pressure", "f8", "0-1, how hard the departments press"),
    ("hides", "f8", "share of its trouble that the town hides, drawn"),
    ("support", "f8", "multiple, policy hours of the township relative to what it is given"),
    ("knowledge", "f8", "0-1 a week, how far what is reported reaches the departments' belief, mean of villages"),
    ("form_push", "f8", "multiple, what pressure adds to forms"),
    ("visit_push", "f8", "multiple, what pressure adds to visits"),
    ("informal_hours", "f8", "hours a cadre-week, asked for outside every count"),
    ("carry", "f8", "0-1, attention there is for each measure in force"),
    ("own_village_hours", "f8", "hours a village-cadre-week, the measures' own work"),
    ("own_township_hours", "f8", "hours a township-cadre-week, the measures' own work"),
    ("tired", "f8", "0-1, part of the drives under order that is no longer run because they have gone on for long"),
    ("remembered_load", "f8", "measures, summed intensity of the orders as people remember them"),
    ("announced", "f8", "0-1, strength of what has been announced but not seen"),
    ("promised", "f8", "share of the usual wait that an announced reform promises to spare"),
    ("examiners", "f8", "0-1, part of the hours they need that examiners have"),
    ("leads", "f8", "a year, leads that examiners follow up, smoothed"),
    ("examined_seen", "f8", "a year, examinations of this week"),
    ("audit_seen", "f8", "a year, examinations of this week by what they can see"),
    ("sanction_seen", "f8", "0-1, sanctions in the township, fading"),
    ("ontime_recent", "f8", "share of casework on time, smoothed"),
    ("incidents_recent", "f8", "incidents a 1,000 resident-years, smoothed"),
    ("study_quality", "f8", "0-1, study that is more than reading aloud"),
    ("discussed", "f8", "share of study sessions with discussion, ticked ones taken off"),
    ("branch_life", "f8", "0-1, regularity of branch life"),
    ("meetings_held", "f8", "branch meetings a year that really take place"),
    ("online_use", "f8", "share of eligible cases of able residents done online"),
    ("repeat_norm", "f8", "multiple of case rates by shared data and clear rules"),
    ("petition_rate", "f8", "multiple of the petition hazard"),
    ("missing_papers", "f8", "probability that a step sends the resident back for papers"),
    ("parallel", "f8", "probability that a many-desk case is handled in parallel"),
    ("seals", "f8", "multiple of the norm of seals"),
    ("check_hours", "f8", "multiple of standard hours a step takes"),
    ("windows", "f8", "share of walk-in windows open"),
    ("decision_gain", "f8", "value that appraisal adds to deciding a hard case"),
    ("leaving_price", "f8", "value that leaving a hard case costs"),
    ("leader_hours", "f8", "hours a week that leaders have for matters asked up"),
    ("leaders_interval", "f8", "working days between two occasions to put a matter before a leader"),
    ("leaders_backlog", "f8", "leader-hours waiting"),
    ("leaders_wait", "f8", "working days that the leaders' queue takes"),
    ("leaders_asked", "f8", "matters asked up since the leaders last met"),
)

VILLAGE = (
    ("uid", "i8", "keyed identity, stable under re-ordering"),
    ("first_resident", "i8", "row"), ("residents", "i8", "persons"),
    ("first_cadre", "i8", "row"), ("cadres", "i8", "persons"),
    ("rural", "i8", "1 rural village, 0 community"),
    ("group", "i8", "row of the tally this village is counted in"),
    ("desk", "i8", 6, "cadre row that holds each role"),
    ("visibility", "f8", "1 roadside to 0 remote"),
    ("share_over_60", "f8", "share"),
    ("income", "f8", "yuan a year, collective"),
    ("transfers", "f8", "yuan a year"),
    ("opacity", "f8", "0-1, how hard the accounts are to read"),
    ("members", "f8", "party members, persons"),
    ("chair_rank", "f8", "0-1, keyed rank that decides whose committee is independent"),
    ("livelihoods", "f8", "share of residents exposed to one-size closure"),
    ("norm", "f8", "0-1, what the branch expects of a cadre"),
    ("active", "f8", "share of members who take part"),
    ("information", "f8", "0-1, what cadres know of the needs"),
    ("trouble", "f8", "0-1, what is really wrong here"),
    ("wrongdoing", "f8", "0-1, the part of trouble that is taking by cadres"),
    ("reported", "f8", "0-1, what is said to be wrong here"),
    ("believed_trouble", "f8", "0-1, what departments believe is wrong here"),
    ("misjudged", "f8", "0-1, how far off that belief is"),
    ("knowledge_lost", "f8", "0-1, knowledge of the needs that left with cadres since last week"),
    ("repeat", "f8", "multiple of case rates: causes of repeat cases left"),
    ("cleared", "f8", 7, "0-1, steps cleared by initiative, by kind of case"),
    ("fit_gained", "f8", "0-1, fit of projects won by initiative"),
    ("visits", "f8", "inspection visits this week"),
    ("visits_usual", "f8", "inspection visits a week, expected"),
    ("performance", "f8", "0-1, policy tasks delivered"),
    ("remote_performance", "f8", "0-1, policy tasks delivered away from the road"),
    ("misfit", "f8", "0-1, projects that miss the need"),
    ("payment_delay", "f8", "weeks"),
    ("closure_rate", "f8", "one-size closures a week"),
    ("closure_loss", "f8", "0-1, livelihoods lost, healing"),
    ("project_value", "f8", "0-1, use residents have of recent projects"),
    ("examined", "f8", "1 in the week of an in-depth examination"),
    ("hazard", "f8", 4, "weekly probability that an open episode is detected, by channel"),
    ("covered_hazard", "f8", 4, "the same of an episode that others cover"),
    ("depth", "f8", "share of what is there that an examination sees, as examiners' hours allow"),
    ("ring_found", "f8", "1 if one of those who cover each other has been found this week"),
    ("sanction_probability", "f8", "probability that detected misconduct is sanctioned"),
    ("wrong_inclusion", "f8", "share of benefit recipients who should not be"),
    ("wrong_exclusion", "f8", "share of the eligible who are left out"),
    ("wrongs_known", "f8", "0-1, wrongs that residents know of and have not seen put right"),
    ("restitution", "f8", 4, "yuan still to be paid back after sanctions, by channel"),
    ("restitution_fresh", "f8", "yuan, of it taken since week -52"),
    ("left", "f8", 4, "share of this week's flow of a channel that nobody has taken"),
    ("lost", "f8", "yuan taken since week -52"),
    ("back", "f8", "yuan recovered of what was taken since week -52"),
    ("account", "f8", "yuan in the village account"),
    ("dividend", "f8", "yuan a resident-year handed out"),
    ("contact", "f8", "0-1, cadres seen in the village, smoothed"),
    ("mood", "f8", "0-100, where satisfaction drifts to"),
    ("mood_trust", "f8", "0-100, where trust in the township drifts to"),
    ("mood_superior", "f8", "0-100, where trust in the superiors drifts to"),
    ("expected", "f8", "0-100, what residents have got used to, as quality of government"),
    ("service_seen", "f8", "0-100, what residents know of how cases go here"),
    ("cases_known", "f8", "cases lived through or heard of, weighted"),
    ("satisfaction_sum", "f8", "sum over residents, points"),
    ("trust_sum", "f8", "sum over residents, points"),
    ("superior_sum", "f8", "sum over residents, points"),
    ("satisfied", "f8", "residents at 60 points or more"),
    ("reserves", "f8", "trained reserve cadres, persons"),
)  # fmt: skip

CADRE = (
    ("uid", "i8", "keyed identity of the seat"),
    ("person", "i8", "how many persons have held the seat before"),
    ("village", "i8", "row, -1 in the township"),
    ("assigned", "i8", "row of the village one answers for: one's own, or that of a township cadre"),
    ("role", "i8", "village role, or township cluster"),
    ("group", "i8", "row of the tally this cadre is counted in"),
    ("head", "i8", "first step in the queue, -1 if none"),
    ("tail", "i8", "last step in the queue, -1 if none"),
    ("hours", "f8", "hours a week of a full post"),
    ("posts", "f8", "full posts this row stands for"),
    ("paper_weight", "f8", "share of paper relative to the mean"),
    ("policy_weight", "f8", "share of policy tasks relative to the mean"),
    ("access", "f8", 4, "0-1, reach into the flows of each channel"),
    ("skill", "f8", "0-1"),
    ("motivation", "f8", "0-1, public-service motivation"),
    ("integrity", "f8", "multiple, moral cost of taking relative to the stake"),
    ("caution", "f8", "multiple, loss aversion"),
    ("heedless", "f8", "1 if one does not reckon with sanctions"),
    ("remembered_examined", "f8", "0-1 a year, examinations that have been seen, fading"),
    ("remembered_detection", "f8", "0-1 a year, the same by what they can see"),
    ("believed_examined", "f8", "0-1 a year, chance of being examined"),
    ("believed_detection", "f8", "0-1 a year, chance of being found out"),
    ("believed_tolerance", "f8", "0-1"),
    ("fatigue", "f8", "0-1"),
    ("age", "f8", "years"),
    ("schooling", "f8", "years"),
    ("tenure", "f8", "weeks in post"),
    ("kin_share", "f8", "share of the village that is kin"),
    ("prospects", "f8", "0-1, chance of promotion as it is felt"),
    ("business", "f8", "0-1, own business that gains from projects"),
    ("record", "f8", "sanctions in force, fading"),
    ("harsh", "f8", "of them for honest errors"),
    ("demanded", "f8", "hours a week of paper demanded of one post"),
    ("traces", "f8", "hours of traces owed for last week's steps"),
    ("fabricated", "f8", "share of demanded paper that is ticked"),
    ("compliance_hours", "f8", "hours a week spent on paper"),
    ("field_hours", "f8", "hours a week of prescribed field days really made"),
    ("priority", "f8", 5, "share of the rest for casework, policy, field, initiative, slack"),
    ("intensity", "f8", "multiple, effort per hour"),
    ("blame", "f8", "expected loss of an honest try, in units of appraisal"),
    ("overtime", "f8", "hours a week beyond the regular ones"),
    ("desk_hours", "f8", "hours a week kept for casework"),
    ("used_hours", "f8", "hours of casework used this week"),
    ("pace", "f8", "standard hours of casework a working day"),
    ("free_at", "f8", "working day at which the desk is next free"),
    ("backlog", "f8", "standard hours waiting at the desk"),
    ("spent", "f8", 6, "hours this week by activity, all posts of the row"),
    ("haste", "f8", "probability that a finished step must be redone"),
    ("ownership", "f8", "probability that a step is passed on"),
    ("unanswered", "f8", "probability that a matter is closed on paper, where that is easy"),
    ("wrong", "f8", "decisions taken alone that were found wrong this week"),
    ("propensity", "f8", 4, "weekly probability that an opportunity in a channel is taken"),
    ("dared", "f8", 4, "share of an open episode's usual taking that is dared now"),
    ("ring", "f8", 4, "1 if others are in the open episode and cover it"),
    ("rate", "f8", 4, "share of a channel's flow that the open episode diverts if all is dared, 0 if none"),
    ("open_weeks", "f8", 4, "weeks the open episode has lasted"),
    ("taken", "f8", 4, "yuan that the open episode has taken; of projects: as far as it can still be shown"),
    ("fresh", "f8", 4, "yuan, of it taken since week -52"),
    ("owed", "f8", "yuan borrowed and not yet returned"),
    ("owed_fresh", "f8", "yuan, of it taken since week -52"),
)  # fmt: skip

RESIDENT_FIELDS = (
    ("satisfaction", "f4", "0-100"),
    ("trust", "f4", "trust in the township, 0-100"),
    ("superior", "f4", "trust in the superiors, 0-100"),
    ("expected_wait", "f4", "share of the statutory limit"),
    ("grievance", "f4", "0-1"),
    ("disposition", "f4", "points by which one is easier to please than others"),
    ("visits", "u2", "cases raised so far"),
    ("village", "u2", "row"),
    ("over_60", "u1", "1 if 60 or older"),
    ("digital", "u1", "1 if able and willing to use the app"),
    ("claimant", "u1", "1 if the village owes one money for work, goods or rent"),
    ("cause", "u1", "what the grievance is about: row of the grievances"),
)
RESIDENT = np.dtype([field[:2] for field in RESIDENT_FIELDS], align=True)  # 32 bytes: two share a cache line

STRENGTH = (
    ("stock", "f8", "0-1, how much of it stands"),
    ("run", "f8", "0-1, part of what stands that is run, by order or of its own accord"),
    ("faked", "f8", "0-1, part that exists on paper only"),
    ("age", "f8", "weeks under order since its full ramp"),
    ("energy", "f8", "0-1, part of a drive that people are not tired of"),
)

CASE = np.dtype(
    [
        ("key", "u8"),  # resident and visit number: the key of all its chance
        ("resident", "i4"),  # row
        ("village", "i4"),  # row
        ("kind", "i4"),  # row of the kinds of case
        ("draws", "i4"),  # chance drawn so far
        ("left", "i4"),  # sequential seals still to come
        ("open", "i4"),  # steps now at desks
        ("position", "i4"),  # place in the route
        ("due_week", "i4"),  # week in which it falls due
        ("state", "i4"),  # 0 free, 1 open, 2 withdrawn
        ("group", "i4"),  # row of the tally it is counted in
        ("next", "i4"),  # next free row
        ("many_desk", "i4"),  # 1 if its kind goes to several township desks
        ("handoffs", "i4"),  # times it came to a desk from another
        ("unanswered", "i4"),  # 1 if it is closed on paper
        ("hard", "i4"),  # 0 plain, 1 hard and undecided, 2 decided alone, 3 covered by the leaders
        ("decider", "i4"),  # cadre row that decided a hard case or asked up
        ("trips", "f8"),  # trips the resident has made
        ("redone", "f8"),  # 1 if the work had to be done again
        ("raised", "f8"),  # working day
        ("patience", "f8"),  # working day at which it is withdrawn
        ("last", "f8"),  # working day of the latest finished step
    ],
    align=True,
)

STEP = np.dtype(
    [
        ("case", "i4"),  # row
        ("desk", "i4"),  # cadre row
        ("before", "i4"),  # step ahead in the queue, -1 if none
        ("after", "i4"),  # next step in the queue, on the day or among the free rows
        ("arrival", "f8"),  # working day
        ("remaining", "f8"),  # standard hours
    ],
    align=True,
)

DUE_RING = 64
CALENDAR = 512
ROUTE = 12
OFFICE = np.dtype(
    [
        ("free_case", "i8"),  # first free row
        ("free_step", "i8"),  # first free row
        ("cases_free", "i8"),  # rows
        ("steps_free", "i8"),  # rows
        ("highest_case", "i8"),  # one past the highest row ever used
        ("many_desk_cases", "i8"),  # open cases of kinds that go to several township desks
        (
            "clusters",
            "i8",
            (len(CLUSTERS) + 1,),
        ),  # first cadre row of each township cluster, and the end
        (
            "routes",
            "i8",
            (len(KINDS), ROUTE),
        ),  # clusters in the order they see a case, -1: who owns it
        ("owners", "f8", (len(CLUSTERS),)),  # cumulated chance that a matter belongs to a cluster
        ("calendar", "i8", (CALENDAR,)),  # first step that reaches its desk on a day, -1 if none
    ]
)
DUE = np.dtype(
    [
        ("hours", "f8", (DUE_RING,)),  # standard hours falling due, by week
        ("ontime_hours", "f8", (DUE_RING,)),  # of them closed in time
        ("cases", "f8", (DUE_RING, 7)),  # cases falling due, by week and kind
        ("ontime_cases", "f8", (DUE_RING, 7)),  # of them closed in time
    ]
)

TALLY = (
    "due_hours", "ontime_hours", "raised", "closed", "withdrawn", "open", "online", "trips", "hours_available",
    "compliance", "casework", "policy", "field", "initiative", "slack", "paper_demanded", "paper_fabricated",
    "own_hours", "cadres", "initiatives", "tries_failed", "recorded", "open_episodes", "detected", "episodes",
    "examined", "incidents", "incident_people", "response_days", "exits", "residents", "satisfaction", "satisfied",
    "petitions_service", "petitions_conduct", "petitions_money", "user_hours", "user_hour_points", "trust",
    "superior", "satisfaction_old", "residents_old", "satisfaction_offline", "residents_offline",
    "believed_detection", "motivation", "skill", "fatigue", "villages", "performance", "remote_performance",
    "closures", "misfit", "projects", "projects_redone", "projects_rigged", "projects_direct", "project_days",
    "wrong_inclusion", "wrong_exclusion", "effort_high", "study", "branch_life", "inactive", "age", "schooling",
    "committee", "reported", "pressure", "informal_hours", "visits", "strength", "handoffs",
    "detected_running", "detection_weeks", "exits_village", "exits_township", "posts_township", "examiners",
    "believed_examined", "paper_village", "project_quality", "discussed", "incident_people_squared",
    "satisfaction_visited", "residents_visited", "blame", "committee_skill", "reward_spread", "amplification",
    "announced", "tired", "overtime", "projects_yuan", "account_in", "account_projects", "dividends", "account",
    "lost", "back", "hard_days", "hard_decided", "hard_asked", "hard_left", "leaders_wait", "trouble", "misjudged",
    "hard_ended", "hours_township", "compliance_township",
)  # fmt: skip
TALLY_KINDS = (  # by kind of case
    "due", "ontime", "closed_kind", "days", "raised_kind", "seals_kind", "trips_kind",
    "users", "user_points", "users_content", "answered",
)  # fmt: skip
TALLY_CHANNELS = ("opportunity", "discretionary", "delivered", "diverted", "found", "sanctioned", "recovered")  # yuan
TALLY_ROLES = ("busy_hours", "desk_hours")  # by village role, then township cluster


def record_type(fields: tuple) -> np.dtype:
    """dtype of a table of fields; every column is eight bytes wide, so that rows can be averaged."""
    return np.dtype([(f[0], f[1], (f[2],)) if len(f) == 4 else (f[0], f[1]) for f in fields])


TOWNSHIP_TYPE = record_type(TOWNSHIP)
VILLAGE_TYPE = record_type(VILLAGE)
CADRE_TYPE = record_type(CADRE)
STRENGTH_TYPE = record_type(STRENGTH)
LEVER_TYPE = np.dtype([(name, "f8") for name in LEVERS])
TALLY_TYPE = np.dtype(
    [(n, "f8") for n in TALLY]
    + [(n, "f8", (len(KINDS),)) for n in TALLY_KINDS]
    + [(n, "f8", (len(CHANNELS),)) for n in TALLY_CHANNELS]
    + [(n, "f8", (len(ROLES) + len(CLUSTERS),)) for n in TALLY_ROLES]
    + [("waits", "f8", (WAIT_BINS,)), ("waits_plot", "f8", (WAIT_BINS,))]
)

# What each mechanism gives to the rest of the week: the fields that a knock-out holds.
RESPONSES: dict[str, dict[str, tuple[str, ...]]] = {
    "implementation": {
        "levers": tuple(LEVERS),
        "township": ("carry", "own_village_hours", "own_township_hours", "announced"),
    },
    "tasks": {"village": ("visits", "visits_usual"), "cadre": ("demanded",)},
    "needs": {"township": ("online_use", "repeat_norm", "petition_rate"), "village": ("repeat",)},
    "time_use": {
        "cadre": (
            "fabricated",
            "compliance_hours",
            "field_hours",
            "overtime",
            "priority",
            "intensity",
            "blame",
            "desk_hours",
            "pace",
        )
    },
    "service": {
        "township": (
            "missing_papers",
            "parallel",
            "seals",
            "check_hours",
            "windows",
            "decision_gain",
            "leaving_price",
            "leader_hours",
            "leaders_interval",
        ),
        "cadre": ("haste", "ownership", "unanswered"),
    },
    "delivery": {
        "township": ("support",),
        "village": (
            "performance",
            "remote_performance",
            "misfit",
            "payment_delay",
            "closure_rate",
            "information",
        ),
    },
    "conduct": {"cadre": ("propensity", "dared")},
    "oversight": {
        "village": ("hazard", "covered_hazard", "sanction_probability"),
        "cadre": ("believed_examined", "believed_detection", "believed_tolerance"),
    },
    "residents": {"township": ("promised",), "village": ("mood", "mood_trust", "mood_superior", "expected")},
    "people": {
        "village": ("norm", "active"),
        "cadre": ("motivation", "skill", "fatigue", "prospects"),
        "township": ("study_quality", "discussed", "branch_life", "meetings_held"),
    },
    "departments": {
        "township": ("pressure", "form_push", "visit_push", "informal_hours", "knowledge"),
        "village": ("reported", "believed_trouble", "misjudged"),
    },
}


class State(NamedTuple):
    """One township unit. Arrays of records; see the tables above for fields and units."""

    township: np.ndarray  # (1,) TOWNSHIP
    villages: np.ndarray  # (villages,) VILLAGE
    cadres: np.ndarray  # (cadres,) CADRE, villages' first, then the township's by cluster
    residents: np.ndarray  # (residents,) RESIDENT, village by village
    ties: np.ndarray  # (residents, TIES) uint32: rows of those one talks to
    threshold: np.ndarray  # (residents,) float32: heat of a quarrel at which one joins it
    cases: np.ndarray  # (pool,) CASE
    steps: np.ndarray  # (pool,) STEP
    office: np.ndarray  # (1,) OFFICE: routes, calendar of steps under way, free rows
    levers: np.ndarray  # (1,) this week's levers
    strength: np.ndarray  # (measures,) STRENGTH, of those ordered
    due: np.ndarray  # (groups,) DUE: casework falling due
    means_township: np.ndarray  # baseline-year means of the rows above, for knock-outs
    means_villages: np.ndarray
    means_cadres: np.ndarray
    means_levers: np.ndarray

    def copy(self) -> State:
        """An independent copy: running it leaves this one as it is (ties and thresholds never change)."""
        shared = {"ties", "threshold"}
        return State(*(a if name in shared else a.copy() for name, a in zip(self._fields, self, strict=True)))


def columns_of(record: np.dtype, names: tuple[str, ...]) -> np.ndarray:
    """Eight-byte columns that the named fields of a record occupy: int64 array."""
    found: list[int] = []
    fields: Any = record.fields
    for name in names:
        kind, offset = fields[name][:2]
        found.extend(range(offset // 8, (offset + kind.itemsize) // 8))
    return np.array(found, np.int64)


def as_columns(rows: np.ndarray) -> np.ndarray:
    """Rows of an eight-byte-wide record as a float64 matrix on the same memory (rows, columns)."""
    return rows.view(np.float64).reshape(rows.shape[0], -1)
