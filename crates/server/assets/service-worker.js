// council while no page of it is open: shows what was pushed, acknowledges, and leads to the page. It keeps nothing.
"use strict";
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

const read = (data) => { try { return data.json(); } catch { return {}; } };
// Only paths of this server: whatever a message says, nobody is led elsewhere.
const here = (path) => {
  const url = new URL(path || "/", location.origin);
  return url.origin === location.origin ? url.href : location.origin;
};

addEventListener("push", (event) => {
  const told = event.data ? read(event.data) : {};
  event.waitUntil(registration.showNotification(told.title || "council", {
    body: told.text || "",
    tag: told.about || "council",
    renotify: true,
    requireInteraction: Boolean(told.urgent),
    data: { link: told.link, acknowledge: told.acknowledge, title: told.title, about: told.about },
    actions: told.acknowledge ? [{ action: "acknowledge", title: "Acknowledge" }, { action: "look", title: "Look" }] : [],
  }));
});

const acknowledge = async ({ acknowledge: path, title, about, link }) => {
  // The address is signed for one message and one person; no session is needed, and none is sent.
  const answer = await fetch(here(path), { method: "POST", credentials: "omit" }).catch(() => null);
  const body = answer?.ok ? "Acknowledged: you have it." : "It could not be acknowledged. Open it, and try there.";
  await registration.showNotification(title || "council", { body, tag: about || "council", data: { link: answer?.ok ? link : path } });
};

const look = async (link) => {
  const url = here(link);
  const open = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const known = open.find((client) => client.url === url);
  await (known ? known.focus() : clients.openWindow(url));
};

addEventListener("notificationclick", (event) => {
  event.notification.close();
  const told = event.notification.data || {};
  event.waitUntil(event.action === "acknowledge" && told.acknowledge ? acknowledge(told) : look(told.link));
});

// A browser that changes its subscription by itself says so while somebody is signed in; else the old one is forgotten when its
// service does.
addEventListener("pushsubscriptionchange", (event) => {
  const keep = async () => {
    const options = event.oldSubscription?.options;
    if (!options) return;
    const subscription = event.newSubscription || await registration.pushManager.subscribe(options);
    await fetch("/api/v1/devices", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(subscription.toJSON()) });
  };
  event.waitUntil(keep().catch(() => {}));
});
