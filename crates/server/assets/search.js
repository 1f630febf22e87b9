// Search in the static site: filters the index that lies beside it. Works from a disk, needs no server.
"use strict";
(() => {
  const field = document.querySelector("#site-search");
  const list = document.querySelector("#site-found");
  const index = window.councilIndex;
  if (!field || !list || !index) return;
  field.closest("[hidden]")?.removeAttribute("hidden");
  const base = document.body.dataset.base;
  const fold = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  for (const page of index) page.f = fold(`${page.t} ${page.k} ${page.w}`);
  field.addEventListener("input", () => {
    const words = fold(field.value).split(/\s+/).filter(Boolean);
    const found = words.length ? index.filter((page) => words.every((word) => page.f.includes(word))) : [];
    found.sort((left, right) => fold(left.t).indexOf(words[0]) - fold(right.t).indexOf(words[0]));
    list.replaceChildren(...found.slice(0, 12).map((page) => {
      const link = document.createElement("a");
      link.href = base + page.a;
      link.textContent = page.t;
      const kind = document.createElement("small");
      kind.textContent = ` ${page.k.replaceAll("-", " ")}`;
      const item = document.createElement("li");
      item.append(link, kind);
      return item;
    }));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== field) { event.preventDefault(); field.focus(); }
  });
})();
