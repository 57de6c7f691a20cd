"""What MkDocs is told beside mkdocs.yml: pages made from the code, links, languages, and the index as a script."""

from __future__ import annotations

import json
import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from tools.site.reference import PAGES
from tools.site.words import WORDS

LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)\s#]+)(#[^)\s]*)?\)")
OTHER_LANGUAGE = re.compile(r"^\[(?:中文|English)\]\([^)]+\)\n", re.MULTILINE)
CHINESE = "[\u2018-\u201d\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]"
BROKEN = re.compile(rf"(?<={CHINESE})\n *(?={CHINESE})")  # a break would be shown as a space
FENCED = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)


def language_of(path: str) -> str:
    """The language of a page, by the name of its source or of its HTML file."""
    return "zh" if re.search(r"\.zh\.\w+$", path) else "en"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The pages that are made from the code join those of docs/."""
    for name, make in PAGES.items():
        files.append(File.generated(config, name, content=make()))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Links out of docs/, to files that the site does not have, become names; the switch stands in the head."""
    folder = posixpath.dirname(page.file.src_uri)

    def plain(link: re.Match[str]) -> str:
        text, target = link[1], link[2]
        if "://" in target:
            return link[0]
        path = posixpath.normpath(posixpath.join(folder, target))
        if path.startswith("../"):
            name = path.lstrip("./")
            return text if name in text else f"{text} (`{name}`)" if text else f"`{name}`"
        return text if (Path(config.docs_dir) / path).is_dir() else link[0]

    text = OTHER_LANGUAGE.sub("", markdown, count=1)
    parts = FENCED.split(text)
    return "".join(part if part.startswith("```") else BROKEN.sub("", LINK.sub(plain, part)) for part in parts)


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
    """The home page of each language has its short name."""
    for page in nav.pages:
        if page.file.name in ("index", "index.zh") and "/" not in page.file.src_uri:
            page.title = WORDS[language_of(page.file.src_uri)]["start"]
    return nav


def on_page_context(context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation) -> dict[str, Any]:
    """The page's language, its words, its part of the list of pages, and the same page in the other language."""
    path = page.file.src_uri
    language = language_of(path)
    sections = next(section for section in nav.items if section.title == language).children or []
    twin = path.replace(".zh.md", ".md") if language == "zh" else path.removesuffix(".md") + ".zh.md"
    other = "en" if language == "zh" else "zh"
    known = {one.file.src_uri: one for one in nav.pages}
    twins = {"glossary.md": "reference/glossary.zh.md", "reference/glossary.md": "glossary.md"}
    home = "index.md" if other == "en" else "index.zh.md"
    return {
        **context,
        "language": language,
        "words": WORDS[language],
        "sections": sections,
        "home": known["index.md" if language == "en" else "index.zh.md"],
        "other": known.get(twins.get(path, twins.get(twin, twin)), known[home]),
        "before": page.previous_page if _same(page.previous_page, language) else None,
        "after": page.next_page if _same(page.next_page, language) else None,
    }


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Tables may be wider than a phone: each scrolls by itself."""
    return output.replace("<table>", '<div class="wide"><table>').replace("</table>", "</table></div>")


def on_post_build(config: MkDocsConfig) -> None:
    """The index of the search becomes a script, one for each language."""
    folder = Path(config.site_dir) / "search"
    index = folder / "search_index.json"
    found: dict[str, list[tuple[str, str, str]]] = {"en": [], "zh": []}
    for entry in json.loads(index.read_text(encoding="utf-8"))["docs"]:
        place = entry["location"]
        found[language_of(place.partition("#")[0])].append((place, entry["title"], entry["text"]))
    for language, entries in found.items():
        text = f"window.INDEX = {json.dumps(entries, ensure_ascii=False)};\n"
        (folder / f"{language}.js").write_text(text, encoding="utf-8")
    index.unlink()


def _same(page: Page | None, language: str) -> bool:
    return page is not None and language_of(page.file.src_uri) == language
