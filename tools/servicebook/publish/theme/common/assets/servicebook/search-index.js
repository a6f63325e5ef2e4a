/* Reads the search index. What is found is what servicebook/search/tokens.py says; how the files look,
   servicebook/search/shards.py. No page is needed: `load` brings the text of a file's one call. */
const searchIndex = (() => {
"use strict";
const HAN = "々〇\\u2e80-\\u2fdf\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7af\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
const LETTER = `(?:(?![${HAN}])[\\p{L}\\p{N}])`;
const RUN = new RegExp(`[${HAN}]+|${LETTER}+(?:(?:[-_]|\\.(?=\\p{Nd}))${LETTER}+)*`, "gu");
const PART = new RegExp(`${LETTER}+`, "gu");
const IS_HAN = new RegExp(`^[${HAN}]`, "u"), IS_LETTER = new RegExp(`^${LETTER}`, "u"), DIGIT = /\p{Nd}/u;
const BREAK_IN_HAN = new RegExp(`(?<=[${HAN}，。；：、！？）」』”])[ \\t]*\\n[ \\t]*(?=[${HAN}（「『“])`, "gu");
const QUOTED = /["“”„]([^"“”„]*)["“”„]/gu, SPACE = /[ \t\n\r\f\v]+/g;
const FACETS = ["kind", "service", "customer", "state", "year"];
const LONGEST = 6, CHECKED_AT_ONCE = 12;

/* ---- texts and queries */
const normalise = (text) => text.normalize("NFKC").toLowerCase().replace(BREAK_IN_HAN, "");
const isCode = (run) => run.includes("_") || (/[-.]/.test(run) && DIGIT.test(run));
const runsOf = (text) => text.match(RUN) || [];
const wordsOf = (run) => { const parts = run.match(PART); return isCode(run) ? [run, ...parts] : parts; };
const pattern = (text) => text.replace(/[.*+?^${}()|[\]\\\/]/g, "\\$&");

function parse(query) {
  const terms = new Map(), text = normalise(query);
  const add = (text, how) => terms.set(how + text, { text, how });
  const plain = (text) => {
    for (const run of runsOf(text)) {
      if (IS_HAN.test(run)) add(run, "substring");
      else if (isCode(run)) add(run, "exact");
      else for (const part of run.match(PART)) add(part, [...part].length === 1 || DIGIT.test(part) ? "exact" : "prefix");
    }
  };
  let end = 0;
  for (const quoted of text.matchAll(QUOTED)) {
    plain(text.slice(end, quoted.index));
    end = quoted.index + quoted[0].length;
    const runs = runsOf(quoted[1]);
    if (runs.length === 1 && (IS_HAN.test(runs[0]) || isCode(runs[0]) || !runs[0].includes("-") && !runs[0].includes("."))) {
      add(runs[0], IS_HAN.test(runs[0]) ? "substring" : "exact");
    } else if (runs.length) add(quoted[1].replace(SPACE, " ").replace(/^ +| +$/g, ""), "phrase");
  }
  plain(text.slice(end));
  return [...terms.values()];
}

function phrasePattern(phrase) {
  const before = IS_LETTER.test(phrase) ? `(?<!${LETTER})` : "";
  const after = IS_LETTER.test([...phrase].pop()) ? `(?!${LETTER})` : "";
  return before + pattern(phrase) + after;
}

/* Whether a normalised text holds every term. */
function isFound(terms, text) {
  let words = null;
  return terms.length > 0 && terms.every((term) => {
    if (term.how === "substring") return text.includes(term.text);
    if (term.how === "phrase") return new RegExp(phrasePattern(term.text), "u").test(text.replace(SPACE, " "));
    if (!words) words = new Set(runsOf(text).filter((run) => !IS_HAN.test(run)).flatMap(wordsOf));
    return term.how === "exact" ? words.has(term.text) : [...words].some((word) => word.startsWith(term.text));
  });
}

function nameKey(name) {
  let sum = -1; // CRC-32
  for (const byte of new TextEncoder().encode(normalise(name).trim())) {
    sum ^= byte;
    for (let i = 0; i < 8; i++) sum = sum >>> 1 ^ 0xedb88320 & -(sum & 1);
  }
  return "=" + (~sum >>> 0).toString(16).padStart(8, "0");
}

/* ---- lists of numbers, rising */
function decodeSteps(bytes, start, end) {
  const numbers = [];
  for (let at = start, number = -1, step = 0, shift = 0; at < end; at++) {
    step |= (bytes[at] & 127) << shift;
    if (bytes[at] & 128) { shift += 7; continue; }
    numbers.push(number += step);
    step = shift = 0;
  }
  return numbers;
}
const both = (some, others) => { const known = new Set(others); return some.filter((number) => known.has(number)); };
const rising = (numbers) => [...new Set(numbers)].sort((a, b) => a - b);

async function unpack(text) {
  const packed = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer()), end = bytes.indexOf(0);
  return [JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))), bytes.subarray(end + 1)];
}

/* load: from a file's name to a promise of its contents. */
async function openIndex(load) {
  const opened = new Map();
  const open = (name, read) => {
    if (!opened.has(name)) {
      const contents = load(name).then(unpack).then(read);
      contents.catch(() => opened.delete(name));
      opened.set(name, contents);
    }
    return opened.get(name);
  };
  const meta = await open("meta", readMeta);

  function readMeta([header, bytes]) {
    let at = 0;
    const plane = () => bytes.subarray(at, at += header.documents);
    for (const name of FACETS) {
      const low = plane(), high = header[name].sets.length > 256 ? plane() : null;
      header[name].of = (number) => header[name].sets[low[number] + (high ? high[number] << 8 : 0)];
    }
    header.standing = plane();
    return header;
  }
  function readShard([[keys, sizes, titleSizes], bytes]) {
    const lists = new Map();
    let at = 0;
    keys.forEach((key, i) => lists.set(key, { from: at, to: at += sizes[i] }));
    keys.forEach((key, i) => Object.assign(lists.get(key), { titleFrom: at, titleTo: at += titleSizes[i] }));
    return { keys, of: (key) => {
      const entry = lists.get(key);
      return entry && { all: decodeSteps(bytes, entry.from, entry.to), title: decodeSteps(bytes, entry.titleFrom, entry.titleTo) };
    } };
  }
  function shardAt(key) {
    let low = 0, high = meta.bounds.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (meta.bounds[middle] <= key) low = middle; else high = middle - 1;
    }
    return low;
  }
  const shard = (number) => open("w" + number, readShard);
  const NONE = { all: [], title: [] };
  const lookup = async (key) => (await shard(shardAt(key))).of(key);

  /* All words that begin so: by their common list where they are many, else one by one. */
  async function beginning(text) {
    const common = await lookup(text + "*");
    if (common) return common;
    const found = [];
    for (let number = shardAt(text); number < meta.bounds.length; number++) {
      if (number > shardAt(text) && meta.bounds[number] > text && !meta.bounds[number].startsWith(text)) break;
      const part = await shard(number);
      found.push(...part.keys.filter((key) => key.startsWith(text) && !key.endsWith("*")).map(part.of));
      if (part.keys.length && part.keys[part.keys.length - 1] > text && !part.keys[part.keys.length - 1].startsWith(text)) break;
    }
    return { all: rising(found.flatMap((one) => one.all)), title: rising(found.flatMap((one) => one.title)) };
  }

  /* A run of Han: its own list, or the documents that hold the longest runs of it that have one; those are looked at. */
  async function substring(text) {
    const letters = [...text];
    if (letters.length === 1) return beginning(text);
    if (letters.length <= LONGEST) {
      const whole = await lookup(text);
      if (whole || letters.length === 2) return whole || NONE;
    }
    let found = null;
    for (let start = 0, covered = 0; covered < letters.length; start++) {
      let part = null, end = Math.min(letters.length, start + LONGEST);
      // What lies inside of a run that is known already says nothing more.
      while (end > Math.max(covered, start + 1) && !(part = await lookup(letters.slice(start, end).join("")))) end--;
      if (part) {
        covered = end;
        found = found ? { all: both(found.all, part.all), title: both(found.title, part.title) } : part;
        if (found.all.length <= CHECKED_AT_ONCE) break;
      } else if (start + 2 > covered) return NONE; // these two stand nowhere together
    }
    return { ...found, unsure: true };
  }
  async function phrase(text) {
    const parts = runsOf(text).flatMap((run) => IS_HAN.test(run) ? [substring(run)] : run.match(PART).map(lookup));
    const found = (await Promise.all(parts)).map((one) => one || NONE);
    const meet = (name) => found.map((one) => one[name]).sort((a, b) => a.length - b.length).reduce(both);
    return { all: meet("all"), title: meet("title"), unsure: true };
  }
  const findTerm = async ({ text, how }) =>
    (how === "exact" ? await lookup(text) : how === "prefix" ? await beginning(text)
      : how === "substring" ? await substring(text) : await phrase(text)) || NONE;

  /* ---- texts */
  const shown = (number) => open("d" + Math.floor(number / meta.block), ([rows]) => rows).then((rows) => {
    const [url, id, title, head, more] = rows[number % meta.block];
    return { number, url, id, title, head, more };
  });
  const rest = (number) => open("x" + Math.floor(number / meta.block), ([rows]) => rows).then((rows) => rows[number % meta.block]);
  const words = () => open("words", ([header]) => header);
  const wholeText = async (one) => one.more ? one.head + await rest(one.number) : one.head;
  async function check(terms, number) {
    const one = await shown(number);
    return isFound(terms, normalise(`${one.title}\n\n${one.id}\n\n${await wholeText(one)}`));
  }

  /* Numbers of the documents found, best first. What is unsure is looked at before it is shown: at once where it
     is little, else by `sure`. */
  async function find(query) {
    const terms = parse(query);
    if (!terms.length) return { terms, numbers: [], unsure: false };
    const names = lookup(nameKey(query)), found = await Promise.all(terms.map(findTerm));
    const numbers = found.map((one) => one.all).sort((a, b) => a.length - b.length).reduce(both);
    const named = new Set(((await names) || NONE).all);
    const titles = found.map((one) => new Set(one.title));
    const rank = new Map(numbers.map((number) => [number, (named.has(number) ? 1000 : 0) +
      3 * titles.filter((title) => title.has(number)).length + meta.standing[number]]));
    numbers.sort((a, b) => rank.get(b) - rank.get(a) || b - a);
    const unsure = found.some((one) => one.unsure);
    if (!unsure || numbers.length > CHECKED_AT_ONCE) return { terms, numbers, unsure };
    const sure = await Promise.all(numbers.map((number) => check(terms, number)));
    return { terms, numbers: numbers.filter((_, i) => sure[i]), unsure: false };
  }
  /* Take from `numbers`, from place `from` on, up to `count` that hold, and look at no more than `most`; return them
     and the place after the last that was looked at. */
  async function sure(result, numbers, from, count, most = Infinity) {
    if (!result.unsure) return [numbers.slice(from, from + count), Math.min(from + count, numbers.length)];
    const taken = [], end = Math.min(numbers.length, from + most);
    while (taken.length < count && from < end) {
      const some = numbers.slice(from, from = Math.min(end, from + count - taken.length));
      const held = await Promise.all(some.map((number) => check(result.terms, number)));
      taken.push(...some.filter((_, i) => held[i]));
    }
    return [taken, from];
  }
  return { meta, find, sure, shown, rest, words };
}
return { openIndex, parse, normalise, isFound, phrasePattern, pattern, nameKey, FACETS, HAN, LETTER };
})();
if (typeof module !== "undefined") module.exports = searchIndex;
