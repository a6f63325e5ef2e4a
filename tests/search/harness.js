/* Answers questions with the site's own script, for the tests: one JSON document in, one out.
   {"script", "folder"?, "queries"?: [...], "parse"?: [...], "found"?: [[query, text], ...],
    "marks"?: [[query, text], ...]}
   With "fresh" every query begins with nothing loaded, as when a page is opened. */
const fs = require("fs");
const asked = JSON.parse(fs.readFileSync(0, "utf8"));
const search = require(asked.script), marks = require(asked.script.replace("index.js", "marks.js"));

(async () => {
  const answer = {
    parse: (asked.parse || []).map((query) => search.parse(query).map(({ text, how }) => [text, how])),
    found: (asked.found || []).map(([query, text]) => search.isFound(search.parse(query), search.normalise(text))),
    marks: (asked.marks || []).map(([query, text]) =>
      marks.hitsIn(text, search.parse(query)).map(([start, end]) => text.slice(start, end))),
    hits: [],
  };
  if (asked.queries) {
    let loaded = 0;
    const load = async (name) => {
      const script = fs.readFileSync(`${asked.folder}/${name}.js`, "utf8");
      loaded += Buffer.byteLength(script);
      return script.split('"')[3];
    };
    let index = null;
    for (const query of asked.queries) {
      loaded = 0;
      if (asked.fresh || !index) index = await search.openIndex(load);
      const result = await index.find(query);
      const [first] = await index.sure(result, result.numbers, 0, 10, 12);
      await Promise.all(first.map(index.shown));
      const bytes = loaded, [all] = await index.sure(result, result.numbers, 0, Infinity);
      const urls = (await Promise.all(all.map(index.shown))).map((one) => one.url);
      answer.hits.push({ urls, bytes, candidates: result.numbers.length });
    }
  }
  process.stdout.write(JSON.stringify(answer));
})().catch((error) => { console.error(error); process.exit(1); });
