"use strict";
// Finds the chapters that hold every word. The texts are small, so nothing needs an index.
const form = document.querySelector("form[role=search]");
const words = document.getElementById("words");
const found = document.getElementById("found");
form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
words.addEventListener("input", () => {
  const asked = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  found.replaceChildren();
  if (asked.length === 0) return;
  for (const page of window.councilPages) {
    const text = `${page.title}\n${page.text}`;
    const lower = text.toLowerCase();
    if (!asked.every((word) => lower.includes(word))) continue;
    const at = lower.indexOf(asked[0]);
    const link = document.createElement("a");
    link.href = page.page;
    link.textContent = page.title;
    const excerpt = document.createElement("div");
    excerpt.textContent = `… ${text.slice(Math.max(0, at - 40), at + 60).replace(/\s+/g, " ")} …`;
    const item = document.createElement("li");
    item.append(link, excerpt);
    found.append(item);
  }
  if (!found.hasChildNodes()) {
    const item = document.createElement("li");
    item.textContent = "nothing found";
    found.append(item);
  }
});
