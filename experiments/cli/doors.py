"""The doors: every command there is, by its verb. `township <verb>` and `python -m experiments.<verb>` open the same.

Nothing of a door is imported to list it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True, slots=True)
class Door:
    """A command: its verb, what it does in one line, and the first words with which it takes language= (none: any)."""

    verb: str
    en: str
    zh: str
    language: bool = True
    language_with: tuple[str, ...] = ()
    inside: str = ""  # where the door is a package: the module in it

    @property
    def module(self) -> str:
        """The module whose `main` it is."""
        return f"experiments.{self.verb}{self.inside}"

    def sentence(self, language: str) -> str:
        """What it does."""
        return self.zh if language == "zh" else self.en

    def takes_language(self, words: Sequence[str]) -> bool:
        """Whether these words may have language= beside them."""
        return self.language and (not self.language_with or any(word in words for word in self.language_with))


DOORS = (
    Door("demo", "the whole idea on the average town", "用平均乡镇走一遍全过程"),
    Door("run", "one setting, before and after week 0", "一种设定，第0周前后"),
    Door("compare", "several settings under the same shocks", "几种设定，冲击相同，逐一比较"),
    Door("rank", "which measures of a package carry it", "一组措施中哪几项起作用，给出排序"),
    Door("sweep", "a lever or a measure over its range", "某项杠杆或措施由低到高逐级试算"),
    Door("calibrate", "behaviour that agrees with targets of a town", "按实际指标校准行为参数"),
    Door("validate", "what was never fitted, against what was published", "用未参与校准的事实检验模型"),
    Door("report", "the report of a finished job: page, Word, PDF", "已完成任务的报告：网页、Word、PDF、工作簿"),
    Door("figure", "one figure of a finished job", "已完成任务中的一幅图"),
    Door("page", "the town in one HTML file", "把乡镇模型放进一个网页文件", inside=".__main__"),
    Door("store", "what a store holds: list, verify, export, prune", "运行库：查看、核对、导出、清理", language=False),
    Door("template", "a table, a measure or an experiment to begin with", "村表、措施、实验的样板文件"),
    Door("elicit", "questions about priors, for people who know", "请熟悉情况的人填写的问卷", language_with=("sheet",)),
    Door("doctor", "what is installed, and what a job would take here", "检查安装情况，估计本机所需时间"),
    Door("pack", "a finished job as an RO-Crate, to keep or to send", "把已完成的任务打成RO-Crate包，供存档或寄送"),
    Door("repeat", "run a pack again and compare its tables", "按包重新运行，并逐表核对"),
)


def doors() -> dict[str, Door]:
    """Verb -> door."""
    return {door.verb: door for door in DOORS}


def open_door(door: Door, words: Sequence[str]) -> int:
    """Run a door's main; returns its exit code."""
    return import_module(door.module).main(words)
