// Search without a server: the words of the query in the titles and texts of window.INDEX, which a script beside this
// one sets. Chinese has no spaces, so that parts of words are looked for in both languages.
"use strict";
const query = document.getElementById("query");
const found = document.getElementById("found");
const MOST = 30; // places shown
const AROUND = 60; // letters before and after a hit

function clean(text) {
  const box = document.createElement("div");
  box.textContent = text;
  return box.innerHTML;
}

function marked(text, words) {
  const any = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  return text.split(new RegExp(`(${any})`, "gi")).map((part, k) => (k % 2 ? `<mark>${clean(part)}</mark>` : clean(part))).join("");
}

function search() {
  const words = query.value.toLowerCase().split(/[\s，。、]+/).filter(Boolean);
  found.hidden = !words.length;
  if (!words.length) return;
  const hits = [];
  for (const [place, title, text] of window.INDEX) {
    const head = title.toLowerCase();
    const body = text.toLowerCase();
    if (!words.every((word) => head.includes(word) || body.includes(word))) continue;
    const score = words.reduce((sum, word) => sum + (head.includes(word) ? 10 : 0) + Math.min(body.split(word).length - 1, 5), 0);
    const at = Math.max(0, body.indexOf(words.find((word) => body.includes(word)) || "") - AROUND);
    hits.push([score, place, title, text.slice(at, at + 3 * AROUND)]);
  }
  hits.sort((one, other) => other[0] - one[0]);
  const lines = hits.slice(0, MOST).map(([, place, title, text]) =>
    `<a href="${encodeURI(document.body.dataset.base + place)}">${marked(title, words)}<small>${marked(text, words)}</small></a>`);
  found.innerHTML = lines.join("") || clean(document.body.dataset.nothing);
}

query.addEventListener("input", search);
query.value = new URLSearchParams(location.search).get("q") || "";
search();
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") found.hidden = true;
  if (event.key === "/" && document.activeElement !== query) {
    event.preventDefault();
    query.focus();
  }
});
document.addEventListener("click", (event) => {
  if (!found.contains(event.target) && event.target !== query) found.hidden = true;
});
// Wide windows show the list of pages beside the text; narrow ones fold it.
const pages = document.querySelector(".pages");
const wide = window.matchMedia("(min-width: 50.01rem)");
const unfold = () => { pages.open = wide.matches; };
wide.addEventListener("change", unfold);
unfold();
