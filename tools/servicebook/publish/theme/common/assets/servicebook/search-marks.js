/* Hits in a text that is shown: found as search-index.js finds them, in the normalised text, and marked in the text as
   it is written. */
const searchMarks = (() => {
  "use strict";
  const { pattern, phrasePattern, HAN, LETTER } = typeof searchIndex === "undefined" ? require("./search-index.js") : searchIndex;
  const SHOWN = 230, BEFORE = 60;
  const languageOf = (text) => new RegExp(`[${HAN}]`, "u").test(text) ? "zh-Hans" : "en";
  function flat(text) {
    let plain = "", at = 0;
    const places = [];
    for (const character of text) {
      const form = character.normalize("NFKC").toLowerCase();
      for (let i = 0; i < form.length; i++) places.push(at);
      plain += form;
      at += character.length;
    }
    places.push(at);
    return { plain, places };
  }
  function patternOf({ text, how }) {
    if (how === "substring") return [...text].map(pattern).join("[ \\t]*\\n?[ \\t]*"); // a line may end between two Han
    if (how === "phrase") return phrasePattern(text).replace(/ /g, "\\s+");
    return `(?<!${LETTER})${pattern(text)}` + (how === "exact" ? `(?!${LETTER})` : `${LETTER}*`);
  }
  /* Places of hits in a text: [start, end, number of the term]. */
  function hitsIn(text, terms) {
    if (!terms.length) return [];
    const { plain, places } = flat(text), hits = [];
    terms.forEach((term, number) => {
      for (const match of plain.matchAll(new RegExp(patternOf(term), "gu"))) {
        const end = match.index + match[0].length;
        // A character may become several, so a hit ends where its last character does.
        if (match[0]) hits.push([places[match.index], places.slice(end).find((place) => place > places[end - 1]) ?? text.length, number]);
      }
    });
    return hits.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  }
  function mark(text) {
    const made = document.createElement("mark");
    made.textContent = text;
    return made;
  }
  function marked(text, terms, from = 0, to = text.length, hits = hitsIn(text, terms)) {
    const part = document.createDocumentFragment();
    let at = from;
    for (const [start, end] of hits) {
      if (start < at || end > to) continue;
      part.append(text.slice(at, start), mark(text.slice(start, end)));
      at = end;
    }
    part.append(text.slice(at, to));
    return part;
  }
  /* The next place from `at` on where no word is cut, `limit` at the latest. */
  function wordStart(text, at, limit) {
    const inside = new RegExp(`${LETTER}$`, "u");
    while (at < limit && inside.test(text.slice(at - 2, at)) && inside.test(text.slice(at, at + 1))) at++;
    return at;
  }
  /* Fields from one place to another as people read them, whole values each. told: what a value is called; "" leaves it
     out, null leaves it as it is, and so does a hit in it. */
  function fields(part, text, terms, from, to, hits, told) {
    let at = text.lastIndexOf(" · ", from) + 3, begun = false;
    if (at < 3 || text.lastIndexOf("\n", from) > at) at = from;
    for (const value of text.slice(at).split(" · ")) {
      const end = at + value.length, stop = Math.min(end, Math.max(to, at + 60)), found = hits.some((hit) => hit[0] < end && hit[1] > at);
      const said = found ? null : told(value);
      if (said !== "") part.append(begun ? " · " : "", said || marked(text, terms, at, stop, hits));
      begun = begun || said !== "";
      at = end + 3;
      if (at > to) return stop < end || at < text.length;
    }
  }
  /* The stretch of a text that shows most of the terms; Han characters are twice as wide. What stands below the last
     empty line are fields (of a record; told says so): they are shown only where a term is found nowhere else. */
  function excerpt(text, terms, title, told) {
    const hits = hitsIn(text, terms), wide = new RegExp(`[${HAN}]`, "u"), below = text.lastIndexOf("\n\n");
    const above = terms.every((term) => hitsIn(title, [term]).length);
    let best = [0, 0];
    for (const [start] of hits.slice(0, 200)) {
      if (above && below > 0 && start > below) break;
      const within = new Set(hits.filter((hit) => hit[0] >= start && hit[1] < start + SHOWN / 2).map((hit) => hit[2])).size;
      if (within > best[0]) best = [within, start];
    }
    const reach = (at, step, room) => {
      for (; at > 0 && at < text.length && room > 0; at += step) room -= wide.test(text[at]) ? 2 : 1;
      return at;
    };
    let from = best[1] ? reach(best[1], -1, BEFORE) : 0, to = reach(from || 1, 1, SHOWN);
    const line = text.slice(from, best[1]).lastIndexOf("\n"), last = hits.reduce((end, hit) => hit[1] <= to ? Math.max(end, hit[1]) : end, 0);
    if (line >= 0) from += line + 1;
    else if (from) from = wordStart(text, from, best[1]);
    const enough = text.indexOf("\n\n", Math.max(from + 80, Math.min(last, to)));
    const ends = enough > 0 && enough < to;
    if (ends) to = enough; else if (to < text.length) to = Math.max(text.lastIndexOf(" ", to), to - 15, last);
    const part = document.createElement("p");
    const values = told ? Math.max(from, below + 2 * (below > 0)) : to, body = Math.min(values, to);
    part.append(from && line < 0 && values > from ? "…" : "", marked(text, terms, from, body, hits));
    const goes = values < to ? fields(part, text, terms, values, to, hits, told) : !ends && to < text.length;
    part.append(goes ? "…" : "");
    part.lang = languageOf(text.slice(from, body) || text.slice(from, to));
    return part;
  }

  return { hitsIn, marked, excerpt, languageOf };
})();
if (typeof module !== "undefined") module.exports = searchMarks;
