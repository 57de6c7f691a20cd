"""`township <verb> key=value ...`: one command for every door, in the language that was asked for.

The language is that of language=, else $TOWNSHIP_LANGUAGE, else the system's. A door that takes language= is given it.
"""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Mapping, Sequence

from analysis.words import LANGUAGES
from experiments.cli.console import err, out
from experiments.cli.doors import Door, doors, open_door

HELP = ("--help", "-h", "help")
LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set holds

WORDS = {
    "en": {
        "usage": "township <command> key=value ...",
        "what": "A simulated Chinese township, and the jobs that ask it questions.",
        "commands": "Commands",
        "more": "township help <command> lists the keys of a command; township --version says which version this is.\n"
        "The language is that of language= (en, zh), of TOWNSHIP_LANGUAGE, or of the system.\n"
        "Without the command township: python -m experiments.<command> key=value ...",
        "unknown": "township: {given} given, which is no command",
        "mean": "; did you mean {close}?",
        "known": "; one of {known} expected",
        "language": "township, language: {given!r} given, one of en, zh expected",
        "version": "township-lab {version}, model version {model}, Python {python}",
    },
    "zh": {
        "usage": "township <命令> 键=值 ...",
        "what": "一个模拟的中国乡镇，以及向它提问的各项任务。",
        "commands": "命令",
        "more": "township help <命令> 列出该命令的各键；township --version 显示版本。\n"
        "语言依次取自 language=（en、zh）、环境变量 TOWNSHIP_LANGUAGE、系统语言。\n"
        "没有 township 命令时：python -m experiments.<命令> 键=值 ...",
        "unknown": "township：没有名为 {given} 的命令",
        "mean": "；是不是 {close}？",
        "known": "；可用的命令：{known}",
        "language": "township，language：所给为 {given!r}，应为 en 或 zh",
        "version": "township-lab {version}，模型版本 {model}，Python {python}",
    },
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the door that the first word names; returns its exit code, 2 for a word that names none."""
    words = [word for word in (sys.argv[1:] if arguments is None else arguments) if word.strip()]
    given = next((word.split("=", 1)[1] for word in words if word.startswith("language=")), "")
    language = given if given in LANGUAGES else language_of(os.environ)
    say = WORDS[language]
    verb = next((word for word in words if not word.startswith("language=")), "")
    if verb in ("", *HELP, "--version", "version") and given not in ("", *LANGUAGES):
        err(say["language"].format(given=given))
        return 2
    if verb in ("--version", "version"):
        out(_version(say["version"]))
        return 0
    known = doors()
    rest = words.copy()
    if verb:
        rest.remove(verb)
    if verb in ("", *HELP):
        asked = next((word for word in rest if "=" not in word), "")
        if not asked:
            out(_overview(known, language))
            return 0
        verb, rest = asked, ["--help", *(word for word in rest if word != asked and not word.startswith("language="))]
    if verb not in known:
        err(_unknown(verb, known, language))
        return 2
    door = known[verb]
    if not given and language != "en" and door.takes_language(rest) and not any(word in HELP for word in rest):
        rest.append(f"language={language}")
    return open_door(door, rest)


def language_of(environment: Mapping[str, str]) -> str:
    """The language of an environment: en unless it says Chinese."""
    own = environment.get("TOWNSHIP_LANGUAGE", "")
    if own in LANGUAGES:
        return own
    locale = next((environment[name] for name in LOCALES if environment.get(name)), "")
    if not locale and sys.platform == "win32":  # which sets none of them
        import ctypes

        chinese = 0x04  # primary language of a language identifier, in its low ten bits
        return "zh" if ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF == chinese else "en"
    return "zh" if locale.lower().startswith("zh") else "en"


def _overview(known: Mapping[str, Door], language: str) -> str:
    say = WORDS[language]
    width = max(map(len, known))
    lines = [f"  {verb.ljust(width)}  {door.sentence(language)}" for verb, door in known.items()]
    return "\n".join([say["usage"], "", say["what"], "", say["commands"], *lines, "", say["more"]])


def _unknown(verb: str, known: Mapping[str, Door], language: str) -> str:
    say = WORDS[language]
    close = difflib.get_close_matches(verb.lower(), known, n=1, cutoff=0.6)
    shown = verb if len(verb) <= 60 else verb[:57] + "..."
    rest = say["mean"].format(close=close[0]) if close else say["known"].format(known=", ".join(known))
    return say["unknown"].format(given=shown) + rest


def _version(text: str) -> str:
    import platform

    from sim import __version__
    from sim.version import model_version

    return text.format(version=__version__, model=model_version(), python=platform.python_version())


def command() -> None:
    """The console script: end the process with the exit code."""
    from experiments.job import leave

    leave(main())
