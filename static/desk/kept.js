/* Keeps what is typed into a form in the browser, until it is saved: a closed tab, an expired session or a lost connection loses nothing.
   Bringing it back sends it to the form's own address, which shows it again without saving. */
"use strict";
{
  const PREFIX = "kept:";
  const PAUSE = 1000; // milliseconds after the last key
  const OLD = 30 * 24 * 3600 * 1000;
  const UNKEPT = ["csrfmiddlewaretoken", "_seen", "_theirs"];

  const drafts = () => Object.keys(localStorage).filter(key => key.startsWith(PREFIX));
  const read = key => JSON.parse(localStorage.getItem(key) ?? "null");
  const fieldsOf = form => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !UNKEPT.includes(name));

  function forget() {
    const saved = document.querySelector(".messagelist .success");
    for (const key of drafts()) {
      const draft = read(key);
      if ((saved && draft.sent) || Date.now() - draft.at > OLD) localStorage.removeItem(key);
    }
  }

  function keep(form, key) {
    let timer;
    const write = sent => {
      clearTimeout(timer);
      try {
        localStorage.setItem(key, JSON.stringify({ at: Date.now(), sent, fields: fieldsOf(form) }));
      } catch {
        // The browser keeps nothing, or has no room: the form works without.
      }
    };
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(() => write(false), PAUSE);
    };
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    form.addEventListener("submit", () => write(true));
    window.addEventListener("pagehide", () => timer && write(Boolean(read(key)?.sent)));
  }

  function offer(form, key) {
    const draft = read(key);
    const box = document.getElementById("kept");
    if (!draft || JSON.stringify(draft.fields) === JSON.stringify(fieldsOf(form))) return;
    box.querySelector("time").textContent = new Date(draft.at).toLocaleString(`${document.documentElement.lang}-u-nu-latn`);
    box.querySelector("[data-back]").onclick = () => bringBack(form, draft.fields);
    box.querySelector("[data-away]").onclick = () => {
      localStorage.removeItem(key);
      box.hidden = true;
    };
    box.hidden = false;
  }

  function bringBack(form, fields) {
    const sent = document.createElement("form");
    sent.method = "post";
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    for (const [name, value] of [...fields, ["csrfmiddlewaretoken", token], ["_restore", "1"]]) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      sent.append(input);
    }
    document.body.append(sent);
    sent.submit();
  }

  forget(); // at once: whoever is quick leaves the page before all of it is there

  window.addEventListener("load", () => {
    const box = document.getElementById("kept");
    const form = box && document.getElementById(box.dataset.form);
    if (!form) return;
    const key = `${PREFIX}${box.dataset.user}:${location.pathname.replace(/^\/[^/]+/, "")}`; // whatever the language of the desk
    if (!document.querySelector(".errornote")) offer(form, key);
    keep(form, key);
  });
}
