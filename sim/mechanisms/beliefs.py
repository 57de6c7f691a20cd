"""Beliefs about being found out: learned from what one sees of examinations and sanctions, and from what is announced.

What is believed of being examined, and of being found, are two things. The plan is taken at its word in part; the
rest is memory: a count of examinations by what they can see, in which old ones fade.

Theory   learning of enforcement (Sah 1991), audits announced and withdrawn (Kleven et al. 2011; Dai, Hogarth &
         Villeval 2015), availability (Tversky & Kahneman 1973)
Reads    levers supervision, audit_depth, tolerance, error_harshness
Writes   cadre.remembered_examined, remembered_detection, believed_examined, believed_detection, believed_tolerance
"""

from __future__ import annotations

from sim.compiled import kernel
from sim.vocabulary import AVAILABILITY, UNHEEDED


@kernel
def seen_detection(p, theory, audit_seen, sanction_seen):
    """Yearly chance of detection that this week suggests; by the rival theory vivid cases count beyond their number.

    A week's count is a rate and may exceed 1; belief, which averages it over years, does not.
    """
    if theory != AVAILABILITY:
        return audit_seen
    return 1.0 - (1.0 - audit_seen) * (1.0 - min(1.0, p.vivid * sanction_seen))


@kernel
def learned(belief, seen, speed):
    """A belief moves towards what is seen, and is forgotten without reminders at the same speed."""
    return belief + speed * (seen - belief)


@kernel
def plan_weight(p, theory):
    """Part of a plan of examinations that is taken at its word: none by the rival theories (vivid cases, experience).

    A plan for which there are too few examiners is announced like any other, and believed in the same part.
    """
    return 0.0 if theory.belief == AVAILABILITY or theory.plan == UNHEEDED else p.plan_heeded


@kernel
def believed(heeded, remembered, planned):
    """A belief (0-1 a year): the announced plan, as far as it is taken at its word, and memory."""
    return remembered + heeded * (planned - remembered)


@kernel
def memory_later(p, remembered, seen, own, speed):
    """Memory of examinations (0-1 a year) a week later: it follows what is seen, and jumps by one's own."""
    memory = min(1.0, learned(remembered, seen, speed))
    return memory + p.belief_own * own * (1.0 - memory)


@kernel
def believe(p, theory, levers, township, villages, cadres):
    """Cadres learn how likely it is to be examined and to be found, and how honest errors are judged."""
    lever = levers[0]
    tolerated = (1.0 - lever.error_harshness) * lever.tolerance
    seen = seen_detection(p, theory.belief, township.audit_seen, township.sanction_seen)
    speed = p.belief_speed * (p.vivid_speed if theory.belief == AVAILABILITY else 1.0)
    heeded = plan_weight(p, theory)
    for c in range(cadres.shape[0]):
        cadre = cadres[c]
        own = 0.0
        depth = 0.0
        if cadre.village >= 0:
            own = villages[cadre.village].examined
            depth = villages[cadre.village].depth
        cadre.remembered_examined = memory_later(p, cadre.remembered_examined, township.examined_seen, own, speed)
        cadre.remembered_detection = memory_later(p, cadre.remembered_detection, seen, own * depth, speed)
        cadre.believed_examined = believed(heeded, cadre.remembered_examined, lever.supervision)
        cadre.believed_detection = believed(heeded, cadre.remembered_detection, lever.supervision * lever.audit_depth)
        cadre.believed_tolerance = learned(cadre.believed_tolerance, tolerated, p.tolerance_speed)
