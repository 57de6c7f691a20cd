"""The words of the model, each once: what there is, in the order in which arrays hold it.

Labels in two languages stand where a reader meets them (sim/indicators, sim/levers.py, configs/).
"""

from __future__ import annotations

KINDS = ("insurance", "certificate", "hotline", "dispute", "benefit", "plot", "petition")
INSURANCE, CERTIFICATE, HOTLINE, DISPUTE, BENEFIT, PLOT, PETITION = range(7)
ROLES = ("secretary", "service", "benefits", "land_mediation", "records", "accounts")
SECRETARY, SERVICE, BENEFITS, LAND_MEDIATION, RECORDS, ACCOUNTS = range(6)
CLUSTERS = (
    "civil_affairs", "natural_resources", "housing", "agriculture", "social_insurance", "finance",
    "petitions_law", "emergency_environment", "organisation_publicity", "discipline",
)  # fmt: skip
FINANCE = CLUSTERS.index("finance")
PETITIONS_LAW = CLUSTERS.index("petitions_law")
DISCIPLINE = CLUSTERS.index("discipline")
CHANNELS = ("benefits", "assets", "projects", "claims")
CH_BENEFITS, CH_ASSETS, CH_PROJECTS, CH_CLAIMS = range(4)
GRIEVANCES = ("service", "conduct", "money")  # what a resident holds against the authorities
G_SERVICE, G_CONDUCT, G_MONEY = range(3)
ACTIVITIES = ("compliance", "casework", "policy", "field", "initiative", "slack")
A_COMPLIANCE, A_CASEWORK, A_POLICY, A_FIELD, A_INITIATIVE, A_SLACK = range(6)
MECHANISMS = (
    "implementation", "tasks", "needs", "time_use", "service", "delivery",
    "conduct", "oversight", "residents", "people", "departments",
)  # fmt: skip
THEORIES = {  # the first of each is the default
    "conduct": ("deterrence", "peer_norm"),
    "effort": ("optimisation", "habit"),
    "belief": ("bayesian", "availability"),
    "upkeep": ("run", "ordered"),
    "squeeze": ("in_order", "proportional"),
    "plan": ("heeded", "unheeded"),
    "peer_effort": ("own", "peers"),
}
DETERRENCE, PEER_NORM = range(2)  # of conduct
OPTIMISATION, HABIT = range(2)  # of effort
BAYESIAN, AVAILABILITY = range(2)  # of belief
RUN, ORDERED = range(2)  # of upkeep: a measure's own hours follow what is run, or what is ordered
IN_ORDER, PROPORTIONAL = range(2)  # of squeeze: what others wait for is cut last, or everything alike
NATURES = ("built", "rule", "drive")  # of a measure: how it is kept up, wears and tires
BUILT, RULE, DRIVE = range(3)
HEEDED, UNHEEDED = range(2)  # of plan
OWN, PEERS = range(2)  # of peer effort: effort is one's own, or drifts to that of colleagues
OPERATIONS = ("scale", "close", "norm")  # how a measure moves a lever: see sim.inputs.measures.Entry
SCALE, CLOSE, NORM = range(3)
COSTS = (
    "hours_per_village_cadre_week",
    "hours_per_township_cadre_week",
    "thousand_yuan_per_township_year",
)  # of a measure
STATED = ("mode", "weak", "strong")  # potencies that say a strength
BASELINE_WEEKS = 52  # weeks before week 0 that are counted; the burn-in lies before them
YEAR = 52
SATISFIED = 60.0  # points from which a resident counts as satisfied: the definition of share_satisfied
