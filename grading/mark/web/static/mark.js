// One answer in front of a reader: every choice is saved when it is made, the next answer is fetched meanwhile. No library.
"use strict";
(() => {
  const sheet = () => document.getElementById("sheet");
  const by = (id) => document.getElementById(id);
  const RETRY_MS = 2000, KEEP_MS = 60000;
  let waiting = null;   // the next page, fetched already: {url, html}
  let line = Promise.resolve(); // saves go one after the other
  let unsaved = 0;
  let count = "";       // how far reading has come; a page that was fetched before does not know
  let saying = "";      // what the field for a few words is for

  // ---- talking to the server ----
  const post = (url, body) => fetch(url, {
    method: "POST", credentials: "same-origin", body: JSON.stringify(body),
    headers: {"Content-Type": "application/json", "X-XSRFToken": document.body.dataset.xsrf},
  });

  function tick(text, kind) {
    const place = by("tick");
    if (place) { place.textContent = text; place.className = kind || "soft"; }
  }

  function told() { if (count && by("count")) by("count").textContent = count; }

  function choice() {
    const chosen = [...document.querySelectorAll("input[name=item]:checked")].map((box) => box.value);
    const adjust = Number(by("adjust").value.replace(",", ".") || 0);
    return {items: chosen, adjust, reason: by("reason").value, comment: by("comment").value, stamp: sheet().dataset.stamp};
  }

  function sum() {
    let items = 0;
    for (const box of document.querySelectorAll("input[name=item]:checked")) items += Number(box.dataset.points);
    return Math.round((Math.max(0, items) + Number(by("adjust").value || 0)) * 1e6) / 1e6;
  }

  function save() {
    const here = sheet();
    by("points").textContent = String(sum());
    tick("saving…");
    unsaved += 1;
    const said = choice();
    line = line.then(() => send(here, said)).finally(() => { unsaved -= 1; });
    return line;
  }

  // a server that went away is asked again until it answers; only its word makes a tick
  async function send(here, said) {
    for (;;) {
      let answer;
      try {
        answer = await post(here.dataset.here + "/save", {...said, stamp: here.dataset.stamp});
      } catch {
        tick("✗ NOT saved: the server does not answer; trying again", "failed");
        await new Promise((done) => setTimeout(done, RETRY_MS));
        continue;
      }
      const refused = answer.status === 403 ? "You are no longer logged in: log in in another tab, then choose once more." : "";
      const result = await answer.json().catch(() => ({error: refused || "The server said " + answer.status}));
      if (answer.ok) {
        here.dataset.stamp = result.stamp;
        count = result.count;
        if (here === sheet()) { by("points").textContent = String(result.points); tick("✓ saved", "saved"); told(); }
      } else if (answer.status === 409 && result.html) {
        tick("✗ not saved", "failed");
        by("conflict").innerHTML = result.html; // the server's own template, everything in it escaped
        by("conflict").querySelector("button").focus();
      } else {
        tick("✗ not saved. " + (result.error || ""), "failed");
      }
      return;
    }
  }

  // ---- going on ----
  async function fetched(url) {
    // JupyterHub takes a script's question for ours only if it brings the page's token
    const answer = await fetch(url, {credentials: "same-origin", headers: {"X-XSRFToken": document.body.dataset.xsrf}});
    if (!answer.ok) throw new Error(String(answer.status));
    return {url: answer.url, html: await answer.text()};
  }

  function prefetch() {
    waiting = null;
    const here = sheet();
    if (here) fetched(here.dataset.next).then((page) => { if (here === sheet()) waiting = page; }).catch(() => {});
  }

  function show(page, push) {
    const made = new DOMParser().parseFromString(page.html, "text/html"); // scripts in it do not run
    if (!made.body.dataset.xsrf) { location.assign(page.url); return; } // a login: not one of our pages
    document.querySelector("main").replaceWith(document.adoptNode(made.querySelector("main")));
    document.title = made.title;
    document.body.dataset.xsrf = made.body.dataset.xsrf;
    if (push) history.pushState(null, "", page.url);
    window.scrollTo(0, 0);
    begin();
  }

  async function next() {
    await line;
    if (by("conflict") && by("conflict").firstChild) return;
    const here = sheet();
    if (waiting) { show(waiting, true); return; }
    try { show(await fetched(here.dataset.next), true); } catch { tick("✗ the server does not answer", "failed"); }
  }

  window.addEventListener("popstate", () => fetched(location.href).then((page) => show(page, false)).catch(() => location.reload()));
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

  // ---- what buttons and keys do ----
  const boxes = () => [...document.querySelectorAll("input[name=item]")];
  const remark = (kind, text, url) => post((url || sheet().dataset.here) + "/remark", {kind, text});

  function all(on) {
    for (const box of boxes()) box.checked = on && Number(box.dataset.points) > 0;
    by("adjust").value = "0";
    by("reason").value = "";
    return save();
  }

  function ask(kind, what) {
    saying = kind;
    by("say").hidden = false;
    by("say").querySelector("label").textContent = what;
    by("words").value = "";
    by("words").focus();
  }

  async function said() {
    const text = by("words").value, here = sheet().dataset.here;
    const answer = saying === "reopen" ? await post(here + "/reopen", {text}) : await remark(saying, text);
    if (!answer.ok) { tick("✗ " + ((await answer.json()).error || answer.status), "failed"); return; }
    by("say").hidden = true;
    by("theirs").focus();
    if (saying === "lead") { await next(); } else { tick("✓ kept", "saved"); fresh(); }
  }

  const fresh = () => fetched(location.href).then((page) => show(page, false));

  function unfold(id) {
    const part = by(id);
    if (part) { part.open = !part.open; part.querySelector("summary").focus(); }
  }

  const actions = {
    full: () => all(true),
    none: () => all(false),
    next,
    back: () => history.back(),
    skip: async () => { await remark("skip", ""); await next(); },
    lead: () => ask("lead", "for the lead: what is it?"),
    note: () => ask("note", "a note to colleagues"),
    take: () => {
      const proposed = by("proposal").dataset, items = proposed.items.split(" ");
      for (const box of boxes()) box.checked = items.includes(box.value);
      if (proposed.comment && !by("comment").value.trim()) by("comment").value = proposed.comment;
      save();
    },
    request: () => ask("request", "what does the student ask?"),
    reopen: () => ask("reopen", "why is it reopened?"),
    said,
    theirs: fresh,
    mine: (button) => { sheet().dataset.stamp = button.dataset.stamp; by("conflict").replaceChildren(); save(); },
    apart: async (button) => {
      const place = sheet().dataset.here.replace(/[^/]*$/, button.dataset.name);
      await remark("apart", "", place);
      await fresh();
    },
  };
  const keys = {f: "full", 0: "none", n: "next", b: "back", s: "skip", l: "lead", k: "note", u: "request", y: "take", r: "reopen", t: "theirs", m: "mine"};
  const folds = {w: "work", q: "asked", a: "author", g: "group"};
  const fields = {c: "comment", p: "adjust"};

  function press(name) {
    const button = document.querySelector(`[data-do="${name}"]`);
    if (button) actions[name](button);
  }

  function insert(button) {
    const field = by("comment");
    field.value = (field.value.trim() ? field.value.trimEnd() + "\n" : "") + button.dataset.text;
    save();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button && button.dataset.do) { event.preventDefault(); actions[button.dataset.do](button); }
    if (button && button.classList.contains("insert")) insert(button);
  });
  document.addEventListener("change", (event) => {
    if (event.target.closest("#choice") && event.target.id !== "words") save();
    if (event.target.id === "shortcuts") { localStorage.setItem("shortcuts", event.target.checked ? "on" : "off"); mode(); }
  });
  document.addEventListener("submit", (event) => { if (event.target.id === "choice") event.preventDefault(); });
  document.addEventListener("toggle", (event) => {
    const part = event.target;
    if (part.open && part.dataset && part.dataset.from && !part.dataset.there) {
      part.dataset.there = "yes";
      const place = part.querySelector(".fetched");
      fetched(part.dataset.from).then((page) => { place.innerHTML = page.html; }).catch(() => {
        place.textContent = "✗ the server does not answer; close this and open it again";
        delete part.dataset.there;
      });
    }
  }, true);

  const typing = (place) => place.matches("input:not([type=checkbox]), textarea, select");
  document.addEventListener("keydown", (event) => {
    if (!sheet() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target)) {
      if (event.key === "Escape") { event.preventDefault(); event.target.blur(); by("theirs").focus(); }
      if (event.key === "Enter" && event.target.id === "words") { event.preventDefault(); said(); }
      return;
    }
    if (!by("shortcuts").checked) return;
    const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
    if (digit && event.shiftKey) {
      const button = document.querySelectorAll(".insert")[Number(digit[1]) - 1];
      if (button) { event.preventDefault(); insert(button); }
    } else if (digit && digit[1] !== "0") {
      const box = boxes()[Number(digit[1]) - 1];
      if (box) { event.preventDefault(); box.checked = !box.checked; save(); }
    } else if (!event.shiftKey && event.key in keys) {
      event.preventDefault();
      press(keys[event.key]);
    } else if (event.key in folds) {
      event.preventDefault();
      unfold(folds[event.key]);
    } else if (event.key in fields) {
      event.preventDefault();
      by(fields[event.key]).focus();
    }
  });

  // ---- once for every page ----
  function mode() {
    const on = localStorage.getItem("shortcuts") !== "off";
    by("shortcuts").checked = on;
    document.body.classList.toggle("keys-off", !on);
  }
  function begin() {
    mode();
    if (sheet()) { by("theirs").focus({preventScroll: true}); told(); prefetch(); }
  }
  setInterval(() => { if (sheet() && !document.hidden) post(sheet().dataset.here + "/keep", {}).catch(() => {}); }, KEEP_MS);
  begin();
})();
