/* The search page: from the address to the results, and back. Every text is put in as text, never as HTML. */
(() => {
  "use strict";
  const { openIndex, FACETS } = searchIndex, { hitsIn, marked, excerpt, languageOf } = searchMarks;
  const here = document.currentScript, folder = here.dataset.index, site = here.dataset.root.replace(/\/?$/, "/");
  const root = document.documentElement, languages = (root.dataset.languages || "en zh").split(" ");
  const by = (id) => document.getElementById(id);
  const field = by("sb-query"), filters = by("filters"), list = by("sb-results"), count = by("sb-count");
  const chosen = by("sb-chosen"), more = by("sb-more"), help = by("sb-help"), told = by("sb-told");
  const A_PAGE = 10, LOOKED_AT = 12, VALUES_SHOWN = 8;

  /* ---- loading: scripts alone load from file:// too */
  const waiting = new Map();
  window.sbIndex = (name, contents) => waiting.get(name)(contents);
  const load = (name) => new Promise((resolve, reject) => {
    waiting.set(name, resolve);
    const script = document.createElement("script");
    script.src = `${folder}/${name}.js`;
    script.onerror = () => reject(new Error(name));
    document.head.append(script);
  });
  let opened = null;
  const index = () => {
    opened = opened || openIndex(load);
    opened.catch(() => { opened = null; });
    return opened;
  };

  /* ---- small pieces of the page */
  function element(name, classes, ...parts) {
    const made = document.createElement(name);
    if (classes) made.className = classes;
    made.append(...parts);
    return made;
  }
  const tag = (language) => language === "zh" ? "zh-Hans" : language;
  /* A name in all languages of the site; the stylesheet shows one. */
  function inAll(texts) {
    if (new Set(texts).size < 2) return document.createTextNode(texts[0]);
    const whole = element("span");
    texts.forEach((text, i) => {
      const one = element("span", "l", text);
      one.lang = tag(languages[i]);
      whole.append(one);
    });
    return whole;
  }
  /* A sentence of the page, from the template, `@` and `#` filled in. */
  function word(name, number = "", other = "") {
    const copy = document.querySelector(`#sb-words [data-word="${name}"]`).cloneNode(true);
    copy.removeAttribute("data-word");
    for (const one of [copy, ...copy.querySelectorAll(".l")]) {
      if (!one.children.length) one.textContent = one.textContent.replace("@", () => number).replace("#", () => other);
    }
    return copy;
  }
  const figure = (number) => number.toLocaleString(root.dataset.lang === "zh" ? "zh-CN" : "en-GB");

  /* ---- one result */
  async function item(reader, one, result) {
    const meta = reader.meta, row = element("li"), over = element("p", "over"), link = element("a");
    const names = (facet) => meta[facet].of(one.number).map((at) => meta[facet].values[at]);
    const [kind] = names("kind"), [state] = names("state");
    over.append(element("span", "", inAll(nameOf(kind))));
    if (kind[0] !== "page" && /[A-Z]/.test(one.id)) over.append(element("span", "id", marked(one.id, result.terms)));
    for (const service of names("service").slice(0, 2)) {
      if (service[0] !== one.id) over.append(element("span", "", inAll(nameOf(service))));
    }
    if (state) {
      const [tone, ...own] = meta.tones[`${kind[0]}: ${state[0]}`] || [meta.tones[state[0]] || "off"];
      over.append(element("span", `st st-${tone} plain`, inAll(own[0] ? own : nameOf(state))));
    }
    link.href = site + one.url.split("/").map(encodeURIComponent).join("/");
    one.title.split(" · ").forEach((title, i) => {
      const part = element("span", "", marked(title, result.terms));
      part.lang = languageOf(title);
      link.append(i ? " · " : "", part);
    });
    let text = one.head;
    const foundAbove = result.terms.every((term) => hitsIn(`${one.title}\n${one.id}\n${text}`, [term]).length);
    if (one.more) text += foundAbove ? "…" : await reader.rest(one.number);
    const words = kind[0] !== "page" && await reader.words().catch(() => ({}));
    const told = words && ((value) => !Object.hasOwn(words, value) ? null : words[value].length ? inAll(words[value]) : "");
    row.append(over, element("h2", "", link), excerpt(text, result.terms, `${one.title}\n${one.id}`, told));
    return row;
  }
  const nameOf = (value) => value.length > 1 ? value.slice(1) : [value[0]];

  /* ---- filters: of one, any value; of several, all */
  function asked() {
    const address = new URLSearchParams(location.search);
    return new Map(FACETS.map((name) => [name, new Set(address.getAll(name))]));
  }
  let wanted = asked();
  function passes(meta, number, except) {
    return FACETS.every((name) => name === except || !wanted.get(name).size ||
      meta[name].of(number).some((at) => wanted.get(name).has(meta[name].values[at][0])));
  }
  function countsOf(meta, numbers, name) {
    const counts = meta[name].values.map(() => 0);
    for (const number of numbers) if (passes(meta, number, name)) for (const at of meta[name].of(number)) counts[at]++;
    return counts;
  }
  function choice(name, value, number) {
    const box = element("input"), label = element("label", "", box, inAll(nameOf(value)), " ", element("span", "n", figure(number)));
    box.type = "checkbox";
    box.name = name;
    box.value = value[0];
    box.checked = wanted.get(name).has(value[0]);
    return label;
  }
  function showFilters(meta, numbers) {
    const active = document.activeElement, kept = filters.contains(active) && [active.name, active.value];
    for (const name of FACETS) {
      const place = filters.querySelector(`[data-facet="${name}"]`), counts = countsOf(meta, numbers, name);
      const values = meta[name].values.map((value, at) => [value, counts[at]])
        .filter(([value, number]) => number || wanted.get(name).has(value[0]));
      values.sort(name === "year" ? (a, b) => b[0][0] - a[0][0] : (a, b) => b[1] - a[1]);
      const boxes = values.map(([value, number]) => choice(name, value, number));
      const open = place.querySelector("details[open]"), fold = element("details", "fold");
      if (boxes.length > VALUES_SHOWN + 1) {
        fold.open = Boolean(open) || boxes.slice(VALUES_SHOWN).some((label) => label.querySelector("input").checked);
        fold.append(element("summary", "", word("values", figure(boxes.length - VALUES_SHOWN))), ...boxes.splice(VALUES_SHOWN));
      }
      place.hidden = !values.length;
      place.querySelector("div").replaceChildren(...boxes, ...(fold.children.length ? [fold] : []));
    }
    if (kept) for (const box of filters.querySelectorAll("input")) if (box.name === kept[0] && box.value === kept[1]) box.focus();
  }
  function showChosen(meta) {
    const buttons = [];
    for (const name of FACETS) for (const value of wanted.get(name)) {
      const known = meta[name].values.find((one) => one[0] === value) || [value];
      const button = element("button", "btn", inAll(nameOf(known)), element("span", "i i-x"), element("span", "vh", " ", word("remove")));
      button.type = "button";
      button.querySelector(".i").setAttribute("aria-hidden", "true");
      button.addEventListener("click", () => { wanted.get(name).delete(value); field.focus(); changed(true); });
      buttons.push(button);
    }
    if (buttons.length > 1) {
      const all = element("button", "btn", word("clear"));
      all.type = "button";
      all.addEventListener("click", clearFilters);
      buttons.push(all);
    }
    chosen.replaceChildren(...buttons);
    by("sb-set").textContent = buttons.length ? ` (${FACETS.reduce((sum, name) => sum + wanted.get(name).size, 0)})` : "";
  }
  function clearFilters() {
    for (const name of FACETS) wanted.get(name).clear();
    field.focus();
    changed(true);
  }

  /* ---- a search */
  let turn = 0, hits = [], next = 0, shown = 0, result = null;
  async function search() {
    const now = ++turn, query = field.value, late = setTimeout(() => say("loading"), 250);
    list.setAttribute("aria-busy", "true");
    try {
      const reader = await index(), found = await reader.find(query);
      if (now !== turn) return;
      clearTimeout(late);
      result = found;
      hits = found.numbers.filter((number) => passes(reader.meta, number));
      next = shown = 0;
      list.replaceChildren();
      more.hidden = true;
      filters.hidden = !found.numbers.length;
      by("sb-filters").hidden = filters.hidden;
      help.hidden = found.terms.length > 0;
      showFilters(reader.meta, found.numbers);
      showChosen(reader.meta);
      await showMore(now);
      if (now !== turn) return;
      tell();
      await advise(reader, found, now);
      root.dataset.searched = query;
    } catch (error) {
      if (now !== turn) return;
      clearTimeout(late);
      say(typeof DecompressionStream === "undefined" ? "old" : "failed");
      list.replaceChildren();
      root.dataset.searched = query;
    }
    list.removeAttribute("aria-busy");
  }
  function tell() {
    if (!result.terms.length) say();
    else if (!hits.length) say("none");
    else say(result.unsure && next < hits.length ? "most" : hits.length === 1 ? "one" : "many", figure(hits.length));
  }
  const say = (name, ...fill) => count.replaceChildren(...(name ? [word(name, ...fill)] : []));
  async function showMore(now) {
    const reader = await index(), [numbers, place] = await reader.sure(result, hits, next, A_PAGE, LOOKED_AT);
    const rows = await Promise.all((await Promise.all(numbers.map(reader.shown))).map((one) => item(reader, one, result)));
    if (now !== turn) return [];
    // What was looked at and holds the words only apart is no hit.
    hits.splice(next, place - next, ...numbers);
    next += numbers.length;
    list.append(...rows);
    shown += rows.length;
    more.hidden = next >= hits.length;
    more.replaceChildren(word("more", figure(shown), figure(hits.length)));
    return rows;
  }
  /* What to do where nothing is found: which filter or word stands in the way. */
  async function advise(reader, found, now) {
    const lines = [];
    if (found.terms.length && !hits.length) {
      if (found.numbers.length) {
        const button = element("button", "btn", word("without", figure(found.numbers.length)));
        button.type = "button";
        button.addEventListener("click", clearFilters);
        lines.push(element("li", "", button));
      } else {
        const alone = await Promise.all(found.terms.map(({ text, how }) => reader.find(how === "phrase" ? `"${text}"` : text)));
        if (found.terms.length > 1) found.terms.forEach(({ text }, i) =>
          lines.push(element("li", "", word(alone[i].numbers.length ? "alone" : "nowhere", text, figure(alone[i].numbers.length)))));
        for (const name of ["shorter", "exactly"]) lines.push(element("li", "", word(name)));
      }
    }
    if (now === turn) told.replaceChildren(...lines);
  }

  /* ---- the address, and back */
  function keepAddress(step) {
    const address = new URLSearchParams();
    if (field.value) address.set("q", field.value);
    for (const name of FACETS) for (const value of wanted.get(name)) address.append(name, value);
    const text = String(address);
    if (text === location.search.slice(1)) return;
    try { history[step ? "pushState" : "replaceState"](null, "", text ? "?" + text : location.pathname); } catch { /* file:// in some browsers */ }
  }
  async function readAddress() {
    const left = history.state;
    field.value = new URLSearchParams(location.search).get("q") || "";
    wanted = asked();
    await search();
    if (!left || !left.shown) return;
    while (shown < left.shown && !more.hidden) await showMore(turn);
    scrollTo(0, left.y);
  }
  function keepPlace() {
    try { history.replaceState({ shown, y: scrollY }, ""); } catch { /* comes back to the top */ }
  }
  function changed(step) { keepAddress(step); return search(); }

  /* ---- keys, clicks */
  let pause;
  field.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(changed, 120); });
  field.form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(pause);
    await changed(true);
    const first = list.querySelector("a");
    if (first) first.focus();
  });
  filters.addEventListener("submit", (event) => event.preventDefault());
  filters.addEventListener("change", (event) => {
    const some = wanted.get(event.target.name);
    if (event.target.checked) some.add(event.target.value); else some.delete(event.target.value);
    changed(true);
  });
  more.addEventListener("click", async () => {
    const now = turn, rows = await showMore(now);
    if (now === turn) tell();
    if (rows.length) rows[0].querySelector("a").focus();
  });
  window.addEventListener("popstate", readAddress);
  window.addEventListener("pagehide", keepPlace);
  document.addEventListener("servicebook-language", () => { if (result) search(); });
  document.addEventListener("keydown", (event) => {
    const at = document.activeElement;
    if (event.key === "Escape" && list.contains(at)) field.focus();
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    if (at !== field && !list.contains(at)) return;
    const links = [...list.querySelectorAll("h2 a")], next = links.indexOf(at) + (event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
    if (next < 0) field.focus(); else (links[next] || more).focus();
  });

  readAddress();
  if (!matchMedia("(pointer:coarse)").matches) field.focus();
  window.sbFind = async (query) => (await index()).find(query);
})();
