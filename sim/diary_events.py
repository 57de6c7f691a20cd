"""What a diary can hold: its events, and the fields of an entry and of a week."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Event(NamedTuple):
    """A kind of entry: its id, its name, and what the entry's number says."""

    id: str
    label_en: str
    label_zh: str
    number_en: str
    number_zh: str


EVENTS = (
    Event(
        "open_before", "A case from before the start is open", "起始前已有在办件", "working days so far", "已历工作日"
    ),
    Event("raised", "Raises a case", "提出办件", "statutory limit, working days", "法定时限（工作日）"),
    Event(
        "petitioned",
        "Petitions",
        "信访",
        "what it is about: 0 service, 1 conduct, 2 money",
        "事由：0 服务，1 作风，2 利益",
    ),
    Event("online", "Settles a matter online", "网上办结一事", "matters", "件数"),
    Event("at_desk", "Waits at a desk", "在经办人处排队", "working days since it was raised", "提出以来的工作日"),
    Event(
        "on_the_way",
        "Waits for an appointment, a paper or a decision",
        "等预约、补材料或等决定",
        "working days until it reaches the desk",
        "距到达经办人的工作日",
    ),
    Event("closed_on_time", "Case closed within the limit", "按时办结", "working days", "工作日"),
    Event("closed_late", "Case closed late", "超期办结", "working days", "工作日"),
    Event("closed_on_paper", "Case closed on paper, without an answer", "纸面办结、未予答复", "working days", "工作日"),
    Event("refused", "Application refused", "申请被拒", "working days", "工作日"),
    Event("withdrawn", "Gives up", "放弃办理", "working days", "工作日"),
    Event(
        "quarrel", "Takes part in an open quarrel", "卷入公开纠纷", "points of satisfaction lost", "满意度损失（分）"
    ),
    Event(
        "closure",
        "A livelihood is closed in the village",
        "本村有营生被一刀切关停",
        "what closures cost, 0-1",
        "关停损失（0–1）",
    ),
    Event(
        "exposed",
        "A wrong done in the village is made public",
        "本村有侵占被公开",
        "wrongs known and not put right, 0-1",
        "已知未纠正的侵占（0–1）",
    ),
)
NUMBER = {event.id: n for n, event in enumerate(EVENTS)}
OPENED = ("open_before", "raised", "petitioned")
CLOSED = ("closed_on_time", "closed_late", "closed_on_paper", "refused")
ENTRY = np.dtype(
    [
        ("week", "i4"),  # since the start
        ("event", "i4"),  # row of EVENTS
        ("case", "i4"),  # number of the case in this diary, from 0; -1 if it is about none
        ("kind", "i4"),  # row of the kinds of case; -1 if it is about none, or the kind cannot be told
        ("desk", "i4"),  # village role, then township cluster; -1 if it is about none
        ("number", "f8"),  # see EVENTS
    ]
)
WEEK = np.dtype(
    [
        ("week", "i4"),  # since the start
        ("open", "i4"),  # cases under way at the week's end
        ("satisfaction", "f8"),  # 0-100
        ("trust", "f8"),  # trust in the township, 0-100
        ("superior", "f8"),  # trust in the superiors, 0-100
        ("grievance", "f8"),  # 0-1
        ("cause", "i4"),  # row of the grievances: what it is about
        ("dividend", "f8"),  # yuan handed out to the resident this week
    ]
)
