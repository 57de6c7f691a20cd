// The lessons: two worlds, the outcome that is asked about, and what is shown beside the answer.

const lever = (value, start = 0, end = null) => ({ value, start, end });
// What a quarter of the hours of all nineteen pays for by the full ranking (docs/results/tables/packages.csv; a test compares).
const FIVE = ["responsibility_list", "one_window", "results_appraisal", "burden_relief", "institutionalise"];
const each = (ids) => Object.fromEntries(ids.map((id) => [id, lever(1)]));
const TWO_YEARS = 104;

export function lessonsOf(data) {
  const base = (id) => data.levers.find((one) => one.id === id).today;
  const world = (levers = {}, measures = {}) => ({ levers, measures });
  return [
    { id: "supervision", of: "micro_corruption", also: ["believed_detection", "initiative_rate"],
      a: world(), b: world({ supervision: lever(Math.min(1, 2 * base("supervision"))) }) },
    { id: "tolerance", of: "initiative_rate", also: ["micro_corruption", "service_efficiency"],
      a: world({ tolerance: lever(0), error_shelter: lever(0) }),
      b: world({ tolerance: lever(0.8), error_shelter: lever(0) }) },
    { id: "shelter", of: "micro_corruption", also: ["initiative_rate", "recorded_cases"],
      a: world({ tolerance: lever(0.8), error_shelter: lever(0) }),
      b: world({ tolerance: lever(0.8), error_shelter: lever(0.6) }) },
    { id: "relief", of: "compliance_share", also: ["service_efficiency", "satisfaction"],
      a: world(), b: world({ burden: lever(0.5, 0, TWO_YEARS) }) },
    { id: "five", of: "service_efficiency", also: ["compliance_share", "satisfaction"],
      a: world({}, each(data.measures.map(({ id }) => id))), b: world({}, each(FIVE)) },
    { id: "campaign", of: "micro_corruption", also: ["believed_detection", "compliance_share"],
      a: world(), b: world({ supervision: lever(1, 0, TWO_YEARS) }) },
    { id: "platform", of: "satisfaction", also: ["micro_corruption", "petitions_money"],
      a: world(), b: world({}, each(["asset_platform"])) },
    { id: "own", of: "satisfaction", also: ["service_efficiency", "micro_corruption"], a: world(), b: world() },
  ];
}

const SMALL = 0.01; // of the level in A: what changes less is hardly different, however sure

/** What the courses of chance say of B against A, whose mean is `level`: "up" or "down" where all agree and it is not
 * small; else "small", "equal" where nothing differs, or "unclear" where they do not agree. */
export function verdict(changes, level) {
  if (changes.every((change) => change === 0)) return "equal";
  const up = changes.every((change) => change > 0), down = changes.every((change) => change < 0);
  if (!up && !down) return "unclear";
  const mean = changes.reduce((a, b) => a + b, 0) / changes.length;
  if (Math.abs(mean) < SMALL * Math.abs(level)) return "small";
  return up ? "up" : "down";
}
