/* Runs before the page is painted: the reader's language and colours, kept in this browser only. */
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  function kept(name) {
    try { return localStorage.getItem("servicebook." + name); } catch { return null; /* storage is off */ }
  }
  const languages = (root.dataset.languages || "en zh").split(" ");
  const wanted = kept("language") || (/^zh\b/i.test(navigator.language) ? "zh" : "en");
  root.dataset.lang = languages.includes(wanted) ? wanted : languages[0];
  root.lang = root.dataset.lang === "zh" ? "zh-Hans" : "en";
  const scheme = kept("scheme");
  if (scheme === "light" || scheme === "dark") root.dataset.theme = scheme;
})();
