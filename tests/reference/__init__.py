"""The week once more: slow, readable, in Python objects.

This is the model as a scholar would write it down: a town of people with attributes, cases that lie on desks, lists
for queues, one function a step of the week. It shares with the compiled model the rules that decide or work out one
thing (listed in rules.py), keyed chance, the figures of a setting, and the town as it was built; everything else,
who meets whom and in which order, where a case lies and when it is done, is written a second time and otherwise. A
test holds the two equal, week by week.

    rules.py      what is shared
    town.py       who is there
    demand.py     1-3  measures in force, paper and visits, cases raised
    office.py     5    cases and desks
    work.py       4-6  hours, tries, policy tasks
    conduct.py    7    who takes what
    oversight.py  8    who finds what
    society.py    9    residents
    careers.py    10-11 people in office, departments
    week.py       the order of it all, knock-outs, the count
"""
