// council in the browser: pages come to it, also while it shows none (Web Push). On the page Account alone.
"use strict";
(async () => {
  const section = document.querySelector("[data-messages]");
  const button = section?.querySelector("[data-messages-add]");
  const said = section?.querySelector("[data-messages-said]");
  if (!button) return;
  const say = (text) => { said.textContent = text; };
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) {
    say(isSecureContext ? "This browser cannot get messages. On a phone, put council on the home screen first." : "A browser gets messages by https alone.");
    return;
  }
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const key = bytes(section.dataset.messages);
  const same = (buffer) => buffer && String(new Uint8Array(buffer)) === String(key);
  const name = () => {
    const brands = navigator.userAgentData?.brands?.map((it) => it.brand).filter((it) => !/Not|Chromium/.test(it)) || [];
    const found = brands[0] || ["Edg", "Firefox", "Chrom", "Safari"].find((it) => navigator.userAgent.includes(it)) || "A browser";
    const system = navigator.userAgentData?.platform || ["Android", "iPhone", "iPad", "Windows", "Mac", "Linux"].find((it) => navigator.userAgent.includes(it));
    return `${{ Edg: "Edge", Chrom: "Chromium" }[found] || found}${system ? ` on ${system}` : ""}`;
  };
  const keep = (subscription) => fetch("/api/v1/devices", {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ ...subscription.toJSON(), name: name() }),
  });
  const ask = async () => {
    if (await Notification.requestPermission() !== "granted") {
      say("This browser does not let council show messages; its settings for this page say so.");
      return;
    }
    const worker = await navigator.serviceWorker.register("/service-worker.js");
    await navigator.serviceWorker.ready;
    const before = await worker.pushManager.getSubscription();
    // One for another key is of no use: its service would refuse every message.
    if (before && !same(before.options.applicationServerKey)) await before.unsubscribe();
    const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    const answer = await keep(subscription);
    if (answer.ok) { location.reload(); return; }
    const problem = await answer.json().catch(() => ({}));
    say(problem.detail || `The server did not take it (${answer.status}).`);
  };
  button.hidden = false;
  say(Notification.permission === "denied" ? "This browser does not let council show messages; its settings for this page say so." : "It asks you first. Pages then come to this browser as your contact policy says.");
  button.addEventListener("click", () => {
    button.setAttribute("aria-busy", "true");
    ask().catch((error) => say(`This browser's push service cannot be reached (${error.name}).`)).finally(() => button.removeAttribute("aria-busy"));
  });
})();
