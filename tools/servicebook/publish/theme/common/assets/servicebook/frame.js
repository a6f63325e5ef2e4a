/* Runs before the page is painted: the reader's language and colours, kept in this browser only. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.remove("no-js");
  root.classList.add("js");
  function read(name) { try { return localStorage.getItem("servicebook." + name); } catch (e) { return null; } }
  var language = read("language");
  if (language === "en" || language === "zh") {
    root.dataset.lang = language;
    root.lang = language === "zh" ? "zh-Hans" : "en";
  }
  var scheme = read("scheme");
  if (scheme === "light" || scheme === "dark") root.dataset.theme = scheme;
})();
