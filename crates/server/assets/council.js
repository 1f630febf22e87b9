// council in the browser: a palette, keys, live news. Pages read and work without any of it.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const body = document.body;
  const live = $("#live");
  const say = (text) => { live.textContent = ""; requestAnimationFrame(() => { live.textContent = text; }); };
  const element = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === true) made.setAttribute(name, "");
      else if (value !== false && value != null) made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  };
  const typing = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

  // ---- theme: the form works alone; with script it does not reload -----------------------------
  const theme = $(".switch");
  theme?.addEventListener("submit", async (event) => {
    const chosen = event.submitter?.value;
    if (!chosen) return;
    event.preventDefault();
    const data = new URLSearchParams({ theme: chosen, back: "/" });
    if (chosen === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = chosen;
    $("meta[name=color-scheme]").content = chosen === "auto" ? "light dark" : chosen;
    for (const button of all("button", theme)) button.setAttribute("aria-pressed", button.value === chosen);
    await fetch("/theme", { method: "POST", body: data, redirect: "manual" }).catch(() => {});
  });

  // ---- times: keep "3 min ago" true while the page stays open ----------------------------------
  const told = (seconds) => {
    const amount = Math.abs(seconds);
    if (amount < 60) return seconds <= 0 ? "just now" : "in a minute";
    const text = amount < 3600 ? `${Math.floor(amount / 60)} min`
      : amount < 172800 ? `${Math.floor(amount / 3600)} h` : `${Math.floor(amount / 86400)} days`;
    return seconds < 0 ? `${text} ago` : `in ${text}`;
  };
  setInterval(() => {
    for (const time of all("time[data-ago]")) {
      const text = told((Date.parse(time.dateTime) - Date.now()) / 1000);
      if (time.textContent !== text) time.textContent = text;
    }
  }, 30000);

  // ---- forms: one submit is one submit ----------------------------------------------------------
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post") return;
    const button = event.submitter;
    if (button?.getAttribute("aria-busy") === "true") event.preventDefault();
    else button?.setAttribute("aria-busy", "true");
  });
  // Whoever signs out here is told nothing here any more.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("action") !== "/sign-out" || !navigator.serviceWorker) return;
    event.preventDefault();
    const end = navigator.serviceWorker.getRegistration().then((worker) => worker?.pushManager?.getSubscription()).then((found) => found?.unsubscribe());
    Promise.race([end, new Promise((done) => setTimeout(done, 1000))]).catch(() => {}).finally(() => form.submit());
  });
  addEventListener("pageshow", () => { for (const busy of all("[aria-busy=true]")) busy.removeAttribute("aria-busy"); });
  for (const range of all("input[type=range][data-shows]")) {
    const shown = document.getElementById(range.dataset.shows);
    range.addEventListener("input", () => { if (shown) shown.value = range.value; });
    shown?.addEventListener("input", () => { range.value = shown.value; });
  }

  // ---- palette ----------------------------------------------------------------------------------
  let dialog; let field; let options; let known; let shown = []; let at = 0; let before;
  const fold = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  const score = (item, words) => {
    let sum = 0;
    for (const word of words) {
      const place = item.folded.indexOf(word);
      if (place < 0) return -1;
      sum += place === 0 ? 6 : item.folded[place - 1] === " " ? 4 : 1;
    }
    return sum + (item.weight || 0) - item.folded.length / 200;
  };
  const build = () => {
    field = element("input", { type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list", "aria-label": "Find a page, a resource or an action", placeholder: "Find a page, a resource, an action …", autocomplete: "off", spellcheck: "false" });
    options = element("ul", { id: "palette-list", role: "listbox", "aria-label": "Found" });
    const foot = element("footer", {}, "↑ ↓ choose · ↵ open · Esc close");
    dialog = element("dialog", { class: "palette", "aria-label": "Command palette" }, field, options, foot);
    body.append(dialog);
    field.addEventListener("input", list);
    field.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && shown.length) { event.preventDefault(); mark((at + step + shown.length) % shown.length); }
      if (event.key === "Enter") { event.preventDefault(); go(shown[at]); }
    });
    options.addEventListener("click", (event) => {
      const chosen = event.target.closest("[role=option]");
      if (chosen) go(shown[Number(chosen.dataset.index)]);
    });
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    dialog.addEventListener("close", () => { field.value = ""; before?.focus(); });
  };
  const mark = (index) => {
    at = index;
    all("[role=option]", options).forEach((option, n) => option.setAttribute("aria-selected", n === at));
    const current = options.children[at];
    current?.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", current?.id || "");
  };
  const list = () => {
    const words = fold(field.value).split(/\s+/).filter(Boolean);
    shown = (known || []).map((item) => [score(item, words), item]).filter(([points]) => points >= 0 || !words.length)
      .sort((a, b) => b[0] - a[0]).slice(0, 12).map(([, item]) => item);
    const asked = field.value.trim();
    if (asked) shown.push({ label: `Who owns “${asked}”?`, detail: "ownership", path: `/who?q=${encodeURIComponent(asked)}` });
    options.replaceChildren(...shown.map((item, n) => element("li", { role: "option", id: `palette-${n}`, "data-index": n, "aria-selected": n === 0 }, element("span", {}, item.label), element("small", {}, item.detail || ""))));
    mark(0);
  };
  const go = (item) => { if (item) { dialog.close(); location.href = item.path; } };
  const open = async () => {
    if (!dialog) build();
    if (dialog.open) return;
    before = document.activeElement;
    dialog.showModal();
    field.focus();
    list();
    if (!known) {
      const answer = await fetch("/palette.json").catch(() => null);
      known = answer?.ok ? await answer.json() : [];
      for (const item of known) item.folded = fold(`${item.label} ${item.also || ""} ${item.detail || ""}`);
      list();
    }
  };
  for (const button of all("[data-palette]")) { button.hidden = false; button.addEventListener("click", open); }

  // ---- keys -------------------------------------------------------------------------------------
  const places = { t: "/", s: "/seats", m: "/people", r: "/raci", d: "/decisions", i: "/rituals", q: "/questions", b: "/feedback", c: "/changes", z: "/freezes", x: "/drift", n: "/inventory", p: "/playbook", f: "/diagnostics", w: "/who", l: "/ledger", a: "/account" };
  const names = { t: "Today", s: "Seats", m: "People", r: "RACI", d: "Decisions", i: "Rituals", q: "Questions", b: "Feedback", c: "Changes", z: "Freezes", x: "Drift", n: "Inventory", p: "Playbook", f: "Diagnostics", w: "Who", l: "Ledger", a: "Account" };
  let help; let armed = 0;
  const showHelp = () => {
    if (!help) {
      const rows = [["/", "Find or do anything"], ["?", "This list"], ["j  k", "Next, previous in a list"], ["Esc", "Close"], ...Object.keys(places).map((key) => [`g ${key}`, names[key]])];
      const items = rows.flatMap(([keys, text]) => [element("dt", {}, ...keys.split(" ").filter(Boolean).flatMap((key) => [element("kbd", {}, key), " "])), element("dd", {}, text)]);
      const close = element("button", { class: "button", type: "button" }, "Close");
      close.addEventListener("click", () => help.close());
      help = element("dialog", { "aria-label": "Keyboard" }, element("div", { class: "help stack" }, element("h2", {}, "Keyboard"), element("dl", {}, ...items), close));
      help.addEventListener("click", (event) => { if (event.target === help) help.close(); });
      body.append(help);
    }
    if (!help.open) help.showModal();
  };
  const step = (by) => {
    const rows = all(".list > li .title, tbody th a");
    if (!rows.length) return;
    const current = rows.indexOf(document.activeElement);
    rows[Math.max(0, Math.min(rows.length - 1, current + by))].focus();
  };
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); open(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $("dialog[open]")) return;
    const key = event.key;
    if (armed && Date.now() - armed < 1500 && places[key]) { armed = 0; location.href = places[key]; return; }
    armed = 0;
    if (key === "g") armed = Date.now();
    else if (key === "/") { event.preventDefault(); open(); }
    else if (key === "?") showHelp();
    else if (key === "j") step(1);
    else if (key === "k") step(-1);
  });

  // ---- table of contents: where am I -------------------------------------------------------------
  const marks = new Map(all(".toc a").map((link) => [link.hash.slice(1), link]));
  if (marks.size) {
    const watch = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        for (const link of marks.values()) link.classList.remove("here");
        marks.get(entry.target.id)?.classList.add("here");
      }
    }, { rootMargin: "0px 0px -75% 0px" });
    for (const id of marks.keys()) { const heading = document.getElementById(id); if (heading) watch.observe(heading); }
  }

  // ---- live: show what happened, unless somebody is writing; then let them decide when ----------
  let toast; let waiting = 0;
  const changed = (field) => {
    if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
    if (field.options) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
    return field.defaultValue !== undefined && field.value !== field.defaultValue;
  };
  const writing = () => $("dialog[open]") || typing(document.activeElement) || all("main form").some((form) => [...form.elements].some(changed));
  const refresh = async () => {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
    if (!answer?.ok || answer.redirected || writing()) return false;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [before, after] = [$("main.page"), $("main.page", fresh)];
    if (!after || $("[data-once]", before)) return false;
    const open = new Set(all("details[open] > summary", before).map((summary) => summary.textContent));
    for (const summary of all("details > summary", after)) if (open.has(summary.textContent)) summary.parentElement.open = true;
    const focused = document.activeElement?.id;
    before.replaceChildren(...after.childNodes);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    for (const link of all(".nav li a")) {
      const counted = all(".nav li a", fresh).find((other) => other.pathname === link.pathname);
      if (counted) link.replaceChildren(...counted.childNodes);
    }
    return true;
  };
  const tell = (text) => {
    if (!toast) {
      const reload = element("a", { class: "button", href: location.href }, "Show");
      toast = element("div", { class: "toast" }, element("span"), reload);
      body.append(toast);
      reload.addEventListener("click", (event) => { event.preventDefault(); location.reload(); });
    }
    toast.firstChild.textContent = text;
  };
  const news = (text) => {
    say(text);
    // A flurry, such as a change being applied, makes one look and not many.
    waiting ||= setTimeout(async () => {
      waiting = 0;
      if (writing() || !(await refresh())) tell(text);
      else { toast?.remove(); toast = undefined; }
    }, 250);
  };
  if (body.dataset.live) {
    const events = new EventSource(body.dataset.live);
    const hear = (message) => {
      let event;
      try { event = JSON.parse(message.data); } catch { return; }
      const what = event.type.split(".").slice(2).join(" ").replace(/-/g, " ");
      news(event.subject === "playbook" ? "The playbook changed" : `${event.subject}: ${what}`);
    };
    events.onmessage = hear;
    const heard = {
      decision: "proposed voted objection-answered consulted consultation-closed accepted rejected withdrawn superseded expired",
      ritual: "opened attended minuted closed",
      action: "opened done dropped moved",
      question: "raised answered reopened",
      feedback: "given answered closed",
      change: "drafted described planned submitted approved cleared approval-withdrawn approvals-void reopened drifted judged broke-glass reviewed apply-started step-intended step-done step-failed step-verified applied verified failed rolled-back abandoned around",
      freeze: "declared moved lifted",
    };
    for (const [noun, kinds] of Object.entries(heard)) {
      for (const kind of kinds.split(" ")) events.addEventListener(`council.ledger.${noun}.${kind}`, hear);
    }
    for (const name of ["revision", "held-back"]) events.addEventListener(`council.playbook.${name}`, hear);
    addEventListener("pagehide", () => events.close());
  }
})();
