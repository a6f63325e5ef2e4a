/* What a page can do beyond being read: language, colours, times as the reader writes them, time left, copy buttons,
   `/` to the search box. All of it is comfort: pages are complete without. Words come from as-of.js. */
(() => {
  "use strict";
  const root = document.documentElement, all = (what, from = document) => from.querySelectorAll(what);
  if (root.dataset.ran) return; // the page of what is not found asks twice
  root.dataset.ran = 1;
  const build = window.servicebook || { words: {} };
  const languages = (root.dataset.languages || "en zh").split(" ");
  const now = () => build.fixed ? Date.parse(build.at) : Date.now();

  function keep(name, value) {
    try { localStorage.setItem("servicebook." + name, value); } catch { /* lasts for this page only */ }
  }
  function word(name, fill = {}) {
    const said = (build.words[name] || {})[root.dataset.lang] || name;
    return said.replace(/\{(\w+)\}/g, (_, key) => fill[key]);
  }
  /* An element that says a word in every language; the stylesheet shows one. */
  function inAll(name) {
    const whole = document.createElement("span");
    for (const language of languages) {
      const one = document.createElement("span");
      one.className = "l";
      one.lang = language === "zh" ? "zh-Hans" : language;
      one.textContent = (build.words[name] || {})[language] || name;
      whole.append(one);
    }
    return whole;
  }

  /* ---- times: the clock face is the desk's, written as the reader's language does */
  const TIME = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d))?/;
  function written(datetime, look) {
    const [, year, month, day, clock] = TIME.exec(datetime), zh = root.dataset.lang === "zh";
    const date = new Date(Date.UTC(+year, month - 1, +day));
    const part = (how) => new Intl.DateTimeFormat(zh ? "zh-CN" : "en-GB", { timeZone: "UTC", ...how }).format(date);
    const week = part({ weekday: look === "day" ? "long" : "short" });
    if (look === "tick") return week + " " + clock;
    const thisYear = year === String(build.at).slice(0, 4), near = thisYear || look === "day";
    const text = zh ? (near && thisYear ? "" : year + "年") + +month + "月" + +day + "日" + (near ? "（" + week + "）" : "")
      : (near ? week + " " : "") + +day + " " + part({ month: look === "day" ? "long" : "short" }) + (thisYear ? "" : " " + year);
    if (!clock || look === "day") return text;
    return text + (zh ? (near ? "" : " ") : near ? ", " : " ") + clock;
  }
  function writeTimes() {
    for (const one of all("time[datetime]")) {
      const look = one.classList.contains("tick") ? "tick" : one.classList.contains("day") ? "day" : "";
      if (look || one.dataset.w || /^\d{4}-\d\d-\d\d/.test(one.textContent)) {
        one.dataset.w = 1;
        one.textContent = written(one.getAttribute("datetime"), look);
      }
    }
  }

  /* ---- time left, beside the printed time */
  function length(minutes) {
    const days = Math.floor(minutes / 1440), hours = Math.floor(minutes / 60);
    if (days > 1) return word("days", { n: days, h: hours % 24 });
    return hours + ":" + String(minutes % 60).padStart(2, "0");
  }
  function countDown() {
    for (const one of all("time.due")) {
      const minutes = Math.floor((Date.parse(one.getAttribute("datetime")) - now()) / 60000);
      let left = one.nextElementSibling;
      if (!left || !left.classList.contains("left")) {
        left = document.createElement("b");
        one.after(" ", left);
      }
      left.className = "left st " + (minutes < 0 ? "st-miss" : minutes < 60 ? "st-warn" : "st-run");
      left.textContent = minutes < 0 ? word("late", { time: length(-minutes) }) : word("left", { time: length(minutes) });
    }
    for (const strip of all("svg[data-from]")) {
      const from = +strip.dataset.from, x = Math.round((now() / 1000 - from) / (strip.dataset.to - from) * 960);
      const line = strip.querySelector(".nowl"), live = strip.querySelector(".live");
      if (x >= 0 && x <= 960) line.setAttribute("d", "M" + x + " 0V30");
      if (live) live.setAttribute("width", Math.max(0, Math.min(x, 960) - live.getAttribute("x")));
    }
  }
  function showAge() {
    const days = build.fixed ? 0 : Math.floor((Date.now() - Date.parse(build.at)) / 864e5);
    for (const place of all(".asof")) {
      place.innerHTML = build.html || "";
      if (days > 0) place.insertAdjacentHTML("beforeend", ' <b class="st st-stale"></b>');
      if (days > 0) place.lastElementChild.textContent = word("old", { n: days });
    }
  }

  /* ---- language and colours */
  function speak() {
    root.lang = root.dataset.lang === "zh" ? "zh-Hans" : "en";
    for (const field of all("[data-hint-en]")) field.placeholder = field.dataset[root.dataset.lang === "zh" ? "hintZh" : "hintEn"];
    showAge();
    writeTimes();
    countDown();
  }
  for (const button of all("[data-language]")) button.addEventListener("click", () => {
    root.dataset.lang = root.dataset.lang === "zh" ? "en" : "zh";
    keep("language", root.dataset.lang);
    speak();
    document.dispatchEvent(new Event("servicebook-language"));
  });
  const schemes = ["auto", "light", "dark"];
  function showScheme(button) {
    for (const one of all("[data-for]", button)) one.hidden = one.dataset.for !== (root.dataset.theme || "auto");
  }
  for (const button of all("[data-scheme]")) {
    showScheme(button);
    button.addEventListener("click", () => {
      const next = schemes[(schemes.indexOf(root.dataset.theme || "auto") + 1) % 3];
      if (next === "auto") delete root.dataset.theme; else root.dataset.theme = next;
      keep("scheme", next);
      showScheme(button);
    });
  }

  /* ---- copy buttons: on code, and on a workaround without any */
  function offerCopy(host, source) {
    const button = document.createElement("button"), said = document.createElement("span");
    button.type = "button";
    button.className = "btn copy";
    said.setAttribute("role", "status");
    said.append(inAll("copy"));
    button.innerHTML = '<span class="i i-copy" aria-hidden="true"></span>';
    button.append(said);
    button.addEventListener("click", async () => {
      const text = source.textContent.replace(/\n$/, "");
      try { await navigator.clipboard.writeText(text); } catch { if (!copyOldWay(text)) return; }
      said.replaceChildren(inAll("copied"));
      setTimeout(() => said.replaceChildren(inAll("copy")), 2000);
    });
    host.append(button);
  }
  function copyOldWay(text) { // from file:// and plain http there is no clipboard
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
  for (const pre of all("main pre")) {
    const box = document.createElement("div");
    box.className = "do";
    pre.replaceWith(box);
    box.append(pre);
    pre.tabIndex = 0;
    offerCopy(box, pre.querySelector("code") || pre);
  }
  for (const part of all(".copied")) if (!part.querySelector("pre")) offerCopy(part, part.firstElementChild);

  /* ---- what depends on the room there is */
  for (const one of all("details[data-wide]")) {
    const wide = matchMedia("(min-width:" + one.dataset.wide + "px)"), fold = () => { one.open = wide.matches; };
    wide.addEventListener("change", fold);
    fold();
  }
  const widths = new ResizeObserver((seen) => { // what can be scrolled must be reached by keyboard
    for (const { target: one } of seen) {
      if (one.scrollWidth > one.clientWidth) one.tabIndex = 0; else one.removeAttribute("tabindex");
    }
  });
  for (const one of all(".tw, main table:not(.t, .cal)")) widths.observe(one);

  // a drawing that is wider than the window begins where the page's own record stands
  for (const own of all(".graph .me")) own.closest(".tw").scrollLeft = own.getBBox().x - 99;

  // the page of what is not found names all from a server's root; on the disk that is the folder where it lies
  const home = document.querySelector(".brand[href^='/']"), above = home && home.getAttribute("href").replace(/[^/]*$/, "");
  if (home && location.protocol === "file:") for (const one of all('body [href^="/"],[action^="/"]')) {
    const name = one.action ? "action" : "href";
    one.setAttribute(name, one.getAttribute(name).slice(above.length) || "index.html");
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input,textarea,select")) return;
    const field = document.getElementById("sb-query") || document.getElementById("sb-q");
    if (field) { event.preventDefault(); field.focus(); field.select(); }
  });
  speak();
  setInterval(countDown, 30000);
})();
