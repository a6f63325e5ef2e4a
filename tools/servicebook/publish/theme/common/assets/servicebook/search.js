/* The search page. Semantics are those of servicebook/search/tokens.py: Han by substring, words by prefix,
   ids and codes exactly. Only script files are loaded, so that it works from file:// as well. */
(function () {
  "use strict";
  var here = document.currentScript;
  var folder = here.dataset.index, site = here.dataset.root.replace(/\/?$/, "/");
  var HAN = "々〇\\u2e80-\\u2fdf\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7af\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
  var WORD = "(?:(?![" + HAN + "])[\\p{L}\\p{N}])+";
  var RUN = new RegExp("([" + HAN + "]+)|(" + WORD + "(?:(?:[-_]|\\.(?=\\p{Nd}))" + WORD + ")*)", "gu");
  var PART = new RegExp(WORD, "gu");
  var A_PAGE = 10;
  var meta = null, words = {}, documents = {}, waiting = {};

  /* ---- loading */
  function load(name) {
    if (!waiting[name]) waiting[name] = new Promise(function (resolve, reject) {
      var script = document.createElement("script");
      script.src = folder + "/" + name;
      script.onload = resolve;
      script.onerror = function () { delete waiting[name]; reject(new Error(name)); };
      document.head.appendChild(script);
    });
    return waiting[name];
  }
  window.sbMeta = function (value) { meta = value; };
  window.sbWords = function (number, value) { words[number] = new Map(Object.entries(value)); };
  window.sbDocuments = function (number, value) { documents[number] = value; };

  /* ---- the query */
  function isCode(run) { return /_/.test(run) || (/[-.]/.test(run) && /\p{Nd}/u.test(run)); }
  function parse(query) {
    var terms = new Map();
    for (var match of query.normalize("NFKC").toLowerCase().matchAll(RUN)) {
      if (match[1]) terms.set("s" + match[1], { text: match[1], how: "substring" });
      else if (isCode(match[2])) terms.set("e" + match[2], { text: match[2], how: "exact" });
      else for (var part of match[2].match(PART)) {
        var how = Array.from(part).length === 1 || /\p{Nd}/u.test(part) ? "exact" : "prefix";
        terms.set(how[0] + part, { text: part, how: how });
      }
    }
    return Array.from(terms.values());
  }

  /* ---- postings */
  function shardOf(key) {
    var value = 0x811c9dc5;
    for (var character of key) value = Math.imul(value ^ character.codePointAt(0), 0x01000193) >>> 0;
    return value % meta.shards;
  }
  function shard(token, han) {
    var letters = Array.from(token), number = shardOf(letters.slice(0, han ? 1 : 2).join(""));
    return load("w" + number + ".js").then(function () { return words[number]; });
  }
  /* Document number to weight: 3 where the title has it, else 1. */
  function readLatin(list, into, weight) {
    for (var i = 0, number = -1; i < list.length; i++) {
      number += list[i] >> 1;
      into.set(number, Math.max(into.get(number) || 0, list[i] & 1 ? 3 * weight : weight));
    }
  }
  /* Document number to its positions (and whether the title has the first). */
  function readHan(list) {
    var found = new Map(), number = -1, i = 0;
    while (i < list.length) {
      var inTitle = list[i] & 1, count = list[i + 1], place = list[i + 2], places = [place];
      number += list[i] >> 1;
      for (var n = 1; n < count; n++) { place += list[i + 2 + n]; places.push(place); }
      i += 2 + count;
      found.set(number, { places: places, inTitle: inTitle });
    }
    return found;
  }
  function findTerm(term) {
    if (term.how === "substring") return findHan(Array.from(term.text));
    return shard(term.text, false).then(function (table) {
      var found = new Map();
      if (table.has(term.text)) readLatin(table.get(term.text), found, 2);
      if (term.how === "prefix") table.forEach(function (list, token) {
        if (token !== term.text && token.startsWith(term.text) && !isHan(token)) readLatin(list, found, 1);
      });
      return found;
    });
  }
  function isHan(token) { return new RegExp("^[" + HAN + "]", "u").test(token); }
  function findHan(letters) {
    if (letters.length === 1) return shard(letters[0], true).then(function (table) {
      var found = new Map();
      table.forEach(function (list, token) {
        if (token.startsWith(letters[0])) readHan(list).forEach(function (at, number) {
          found.set(number, Math.max(found.get(number) || 0, at.inTitle ? 6 : 2));
        });
      });
      return found;
    });
    var pairs = [];
    for (var i = 0; i + 1 < letters.length; i++) pairs.push(letters[i] + letters[i + 1]);
    return Promise.all(pairs.map(function (pair) {
      return shard(pair, true).then(function (table) { return table.has(pair) ? readHan(table.get(pair)) : new Map(); });
    })).then(function (found) {
      var result = new Map(), widths = [0];
      for (var i = 1; i < pairs.length; i++) widths.push(widths[i - 1] + 1);
      found[0].forEach(function (first, number) {
        var others = found.slice(1).map(function (one) { return one.get(number); });
        if (others.some(function (one) { return !one; })) return;
        var sets = others.map(function (one) { return new Set(one.places); });
        var hit = first.places.find(function (place) {
          return sets.every(function (set, i) { return set.has(place + widths[i + 1]); });
        });
        if (hit === undefined) return;
        // The first position alone is known to lie in the title; enough to rank by.
        result.set(number, first.inTitle && hit === first.places[0] ? 6 : 2);
      });
      return result;
    });
  }
  function find(query) {
    var terms = parse(query);
    if (!terms.length) return Promise.resolve([]);
    var ids = meta.idOf.split("\n"), whole = query.trim().toLowerCase();
    return Promise.all(terms.map(findTerm)).then(function (found) {
      found.sort(function (a, b) { return a.size - b.size; });
      var hits = [];
      found[0].forEach(function (weight, number) {
        var sum = weight;
        for (var i = 1; i < found.length; i++) {
          if (!found[i].has(number)) return;
          sum += found[i].get(number);
        }
        // Four characters read out over the telephone name a ticket as its whole id does.
        if (ids[number] === whole) sum += 1000;
        else if (whole.length === 4 && ids[number].endsWith("-" + whole)) sum += 900;
        hits.push([number, sum]);
      });
      hits.sort(function (a, b) { return b[1] - a[1] || (ids[b[0]] > ids[a[0]] ? 1 : -1); });
      return hits.map(function (hit) { return hit[0]; });
    });
  }

  /* ---- what is shown */
  var form = document.getElementById("sb-search"), field = document.getElementById("sb-query");
  var list = document.getElementById("sb-results"), count = document.getElementById("sb-count");
  var more = document.getElementById("sb-more"), turn = 0, hits = [], shown = 0, terms = [];
  var filters = ["kind", "state", "year"];

  function word(name, number) {
    var source = document.querySelector('#sb-words [data-word="' + CSS.escape(name) + '"]');
    if (!source) return document.createTextNode(name.replace(/^(kind|state)-/, ""));
    var copy = source.cloneNode(true);
    copy.removeAttribute("data-word");
    if (number !== undefined) copy.querySelectorAll(".l").forEach(function (one) {
      one.textContent = one.textContent.replace("@", number);
    });
    if (number !== undefined && !copy.querySelector(".l")) copy.textContent = copy.textContent.replace("@", number);
    return copy;
  }
  function plainWord(name) {
    var node = word(name), tag = document.documentElement.dataset.lang === "zh" ? "zh-Hans" : "en";
    var one = node.querySelector && node.querySelector('.l[lang="' + tag + '"]');
    return (one || node).textContent;
  }
  function matcher() {
    var parts = terms.map(function (term) {
      var text = term.text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      if (term.how === "substring") return text;
      var before = "(?<![\\p{L}\\p{N}])(?<![\\p{L}\\p{N}][-_.])|(?<=[" + HAN + "])";
      return "(?:" + before + ")" + text + (term.how === "exact" ? "(?![\\p{L}\\p{N}])" : "");
    });
    // Longer parts first, so that a word inside a code does not hide the code.
    parts.sort(function (a, b) { return b.length - a.length; });
    return parts.length ? new RegExp(parts.join("|"), "giu") : null;
  }
  function marked(text) {
    var part = document.createDocumentFragment(), end = 0, find = matcher();
    if (find) for (var match of text.matchAll(find)) {
      part.append(text.slice(end, match.index));
      var mark = document.createElement("mark");
      mark.textContent = match[0];
      part.append(mark);
      end = match.index + match[0].length;
    }
    part.append(text.slice(end));
    return part;
  }
  function excerpt(text) {
    var find = matcher(), match = find && find.exec(text);
    var start = match ? Math.max(0, match.index - 50) : 0;
    return (start ? "…" : "") + text.slice(start, start + 180).replace(/\s+/g, " ") + (start + 180 < text.length ? "…" : "");
  }
  function language(text) { return new RegExp("[" + HAN + "]", "u").test(text) ? "zh-Hans" : "en"; }
  function item(number, shownOf) {
    var row = document.createElement("li"), link = document.createElement("a"), line = document.createElement("p");
    link.href = site + shownOf[0].split("/").map(encodeURIComponent).join("/");
    var id = document.createElement("span");
    if (shownOf[1] !== shownOf[1].toLowerCase()) {
      id.className = "id";
      id.append(marked(shownOf[1]));
      link.append(id, " ");
    }
    var title = document.createElement("span");
    title.lang = language(shownOf[2]);
    title.append(marked(shownOf[2]));
    link.append(title);
    line.className = "sb-meta";
    line.append(word("kind-" + meta.kind[meta.kindOf[number]]));
    var state = meta.state[meta.stateOf[number]];
    if (state) line.append(" · ", word("state-" + state));
    var text = document.createElement("p"), short = excerpt(shownOf[3]);
    text.className = "sb-excerpt";
    text.lang = language(short);
    text.append(marked(short));
    row.append(link, line, text);
    return row;
  }
  function showMore(now) {
    var next = hits.slice(shown, shown + A_PAGE);
    shown += next.length;
    var files = next.map(function (number) { return Math.floor(number / meta.chunk); });
    return Promise.all(files.map(function (file) { return load("d" + file + ".js"); })).then(function () {
      if (now !== turn) return;
      next.forEach(function (number, i) { list.append(item(number, documents[files[i]][number % meta.chunk])); });
      more.hidden = shown >= hits.length;
    });
  }
  function search() {
    var now = ++turn, query = field.value;
    terms = parse(query);
    return find(query).then(function (all) {
      if (now !== turn) return;
      hits = all.filter(function (number) {
        return filters.every(function (name) {
          var value = form.elements[name].value;
          return !value || meta[name][meta[name + "Of"][number]] === value;
        });
      });
      shown = 0;
      list.replaceChildren();
      more.hidden = true;
      count.replaceChildren(!terms.length ? word("hint") : word(!hits.length ? "none" : hits.length === 1 ? "one" : "many", hits.length));
      document.documentElement.dataset.found = terms.length ? hits.length : "";
      return showMore(now).then(function () {
        if (now === turn) document.documentElement.dataset.searched = query;
      });
    }).catch(function () { count.replaceChildren(word("failed")); });
  }
  function keepAddress() {
    var address = new URLSearchParams();
    if (field.value) address.set("q", field.value);
    filters.forEach(function (name) { if (form.elements[name].value) address.set(name, form.elements[name].value); });
    var text = address.toString();
    try { history.replaceState(null, "", text ? "?" + text : location.pathname); } catch (e) { /* file:// */ }
  }
  function fillFilters() {
    filters.forEach(function (name) {
      var select = form.elements[name], kept = select.value;
      select.replaceChildren(select.options[0]);
      meta[name].forEach(function (value) {
        if (!value) return;
        var option = document.createElement("option");
        option.value = value;
        option.textContent = name === "year" ? value : plainWord(name + "-" + value);
        select.append(option);
      });
      select.value = kept;
    });
  }
  function changed() { keepAddress(); search(); }

  document.addEventListener("servicebook-language", fillFilters);
  document.addEventListener("keydown", function (event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    var links = Array.from(list.querySelectorAll("li > a")), at = links.indexOf(document.activeElement);
    if (document.activeElement.tagName === "SELECT" || (at < 0 && document.activeElement !== field)) return;
    event.preventDefault();
    var next = at + (event.key === "ArrowDown" ? 1 : -1);
    if (next < 0) field.focus(); else if (links[next]) links[next].focus();
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    changed();
    var first = list.querySelector("a");
    if (first && document.activeElement !== field) first.focus();
  });
  var pause;
  field.addEventListener("input", function () { clearTimeout(pause); pause = setTimeout(changed, 120); });
  filters.forEach(function (name) { form.elements[name].addEventListener("change", changed); });
  more.addEventListener("click", function () { showMore(turn); });

  load("meta.js").then(function () {
    fillFilters();
    var asked = new URLSearchParams(location.search);
    field.value = asked.get("q") || "";
    filters.forEach(function (name) { if (asked.get(name)) form.elements[name].value = asked.get(name); });
    field.focus();
    return search();
  }).catch(function () { count.replaceChildren(word("failed")); });
  window.sbFind = function (query) { return find(query).then(function (found) { return found; }); };
})();
