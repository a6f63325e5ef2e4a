/* What every page can do with a script: switch language and colours, copy code, `/` goes to the search box.
   All of it is comfort; the pages are complete without. */
(function () {
  "use strict";
  var root = document.documentElement;
  function keep(name, value) { try { localStorage.setItem("servicebook." + name, value); } catch (e) { /* private */ } }

  var box = document.getElementById("sb-lang");
  if (box) {
    box.checked = false;
    box.addEventListener("change", function () {
      var language = root.dataset.lang === "zh" ? "en" : "zh";
      box.checked = false; // the box alone switches where there is no script; here data-lang does
      root.dataset.lang = language;
      root.lang = language === "zh" ? "zh-Hans" : "en";
      keep("language", language);
      document.dispatchEvent(new Event("servicebook-language"));
    });
  }

  var button = document.querySelector("[data-scheme]");
  var schemes = ["auto", "light", "dark"];
  function showScheme() {
    var now = root.dataset.theme || "auto";
    button.querySelectorAll("[data-for]").forEach(function (word) { word.hidden = word.dataset.for !== now; });
  }
  if (button) {
    showScheme();
    button.addEventListener("click", function () {
      var next = schemes[(schemes.indexOf(root.dataset.theme || "auto") + 1) % 3];
      if (next === "auto") delete root.dataset.theme; else root.dataset.theme = next;
      keep("scheme", next);
      showScheme();
    });
  }

  function copyButton(text, host) {
    var copy = document.createElement("button");
    copy.type = "button";
    copy.className = "sb-copy";
    function say(en, zh) {
      copy.replaceChildren();
      [["en", "en", en], ["zh", "zh-Hans", zh]].forEach(function (one) {
        var word = document.createElement("span");
        word.className = "l";
        word.lang = one[1];
        word.textContent = one[2];
        copy.appendChild(word);
      });
    }
    say("Copy", "复制");
    copy.addEventListener("click", function () {
      function done() { say("Copied", "已复制"); setTimeout(function () { say("Copy", "复制"); }, 1500); }
      if (navigator.clipboard && window.isSecureContext) navigator.clipboard.writeText(text()).then(done);
      else {
        var area = document.createElement("textarea");
        area.value = text();
        document.body.appendChild(area);
        area.select();
        if (document.execCommand("copy")) done();
        area.remove();
      }
    });
    host.appendChild(copy);
  }
  document.querySelectorAll("main pre").forEach(function (pre) {
    var code = pre.querySelector("code") || pre;
    copyButton(function () { return code.textContent.replace(/\n$/, ""); }, pre);
  });
  document.querySelectorAll(".sb-copied").forEach(function (part) {
    if (!part.querySelector("pre")) copyButton(function () { return part.dataset.text || part.innerText.replace(/\n?(Copy|复制)$/, ""); }, part);
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) return;
    var field = document.getElementById("sb-query") || document.getElementById("sb-q");
    if (field) { event.preventDefault(); field.focus(); field.select(); }
  });
})();
