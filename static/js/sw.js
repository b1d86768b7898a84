// The service worker: static files and today's pages for a time without a connection, and the queue of what was done then.
// The server puts VERSION and FILES before this. What is kept belongs to one member, who is somebody in one business ("whose").
const TICKET = "/tickets/[0-9a-f-]{36}";
const KEPT = new RegExp(`^(/day|/offline|/offline/queue|${TICKET}(/notes/new|/close-out/(work|note|next|confirm))?)$`);
const ACTION = new RegExp(`^(${TICKET})/(clock-in|notes/new|files|close-out/(?:work|note|next|confirm))$`);
const NAMES = {
  "clock-in": "Start", "notes/new": "Note", "files": "Photos", "close-out/work": "Time and work", "close-out/note": "What was seen",
  "close-out/next": "What comes next", "close-out/confirm": "Finish",
};
const NEXT = { "close-out/work": "/close-out/note", "close-out/note": "/close-out/next", "close-out/next": "/close-out/confirm" };
const MOST = 20, DAY = 864e5;
const SAVED = { kind: "ok", text: "Saved on this phone, sent when there is a connection." };
const FULL = { kind: "bad", text: `${MOST} things wait on this phone already. This was not saved: find a connection first.` };
const NO_ROOM = { kind: "bad", text: "This phone has no room. This was not saved: find a connection first." };
const NOT_YOURS = { kind: "bad", text: "Somebody else signed in here since. This was not saved: sign in again." };

const wait = seconds => new Promise(done => setTimeout(done, seconds * 1000));
const html = (body, headers) => new Response(body, { headers: { "Content-Type": "text/html; charset=utf-8", ...headers } });

addEventListener("install", event => {
  event.waitUntil(caches.open(VERSION).then(cache => cache.addAll(FILES)).then(() => skipWaiting()));
});
addEventListener("activate", event => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (!name.startsWith(VERSION)) await caches.delete(name);
    await clients.claim();
  })());
});

addEventListener("fetch", event => {
  const { request } = event;
  const url = new URL(request.url);
  const path = url.pathname;
  const asked = request.headers.get("HX-Request-Type");
  if (url.origin !== location.origin) return;
  if (request.method === "GET" && path.startsWith("/static/")) event.respondWith(file(request));
  else if (request.method === "GET" && (request.mode === "navigate" || (asked && KEPT.test(path)))) event.respondWith(page(event, path + url.search, asked !== "partial"));
  else if (request.method === "POST" && ACTION.test(path)) event.respondWith(act(event, path, asked !== "partial"));
  else if (request.method === "POST" && path.startsWith("/auth/")) event.respondWith(signing(request));
});
addEventListener("sync", event => event.waitUntil(send()));
addEventListener("message", event => {
  const { port, ...message } = { port: event.ports[0], ...event.data };
  event.waitUntil((async () => port.postMessage(await DOES[message.do](message)))());
});

// ---- What is remembered: the queue in its order, and some facts ----

function db() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open("offline", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("queue", { keyPath: "n", autoIncrement: true });
      asked.result.createObjectStore("facts");
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

async function store(name, mode, act) {
  const opened = await db();
  try {
    const transaction = opened.transaction(name, mode);
    const asked = act(transaction.objectStore(name));
    await new Promise((done, failed) => {
      transaction.oncomplete = done;
      transaction.onerror = transaction.onabort = () => failed(transaction.error);
    });
    return asked.result;
  } finally {
    opened.close();
  }
}

const fact = name => store("facts", "readonly", facts => facts.get(name));
const note = (name, value) => store("facts", "readwrite", facts => facts.put(value, name));
const items = () => store("queue", "readonly", queue => queue.getAll());
const put = item => store("queue", "readwrite", queue => queue.put(item));
// One of them, if it is still there, as it is now: what was thrown away meanwhile does not come back. Whether it was there.
const change = (n, act) => store("queue", "readwrite", queue => {
  const asked = queue.openCursor(n);
  asked.onsuccess = () => asked.result && act(asked.result, asked.result.value);
  return asked;
});
const open = item => item.state !== "sent";
const now = async () => Date.now() + (await fact("skew") ?? 0); // the server's clock, as far as we know it

async function tell() {
  for (const client of await clients.matchAll({ includeUncontrolled: true })) client.postMessage("queue");
}

// ---- Pages: a part for each address, and once what stands around all of them ----

const cacheOf = whose => caches.open(`${VERSION} ${whose}`);

let era = 0; // goes up with the sign-in page: what was asked for before is nobody's any more
const alone = act => navigator.locks.request("kept", act); // or a page would be kept while all are thrown away

const leave = whose => {
  if (!whose) era++;
  return alone(() => left(whose));
};

async function left(whose) {
  for (const name of await caches.keys()) if (name.includes(" ") && name !== `${VERSION} ${whose}`) await caches.delete(name);
  if (whose !== await fact("whose")) await note("ahead", null);
  await note("whose", whose ?? null);
}

async function keep(asking, asked = era) {
  const answer = await asking;
  const kept = answer.headers.get("X-Offline") === "keep" && answer.clone(); // now: later its body is somebody else's
  const path = answer.url.replace(location.origin, "");
  if (path.startsWith("/login") && answer.ok) await leave(); // whoever is signed in is never shown this page
  if (!kept) return;
  const whose = answer.headers.get("X-Offline-For");
  const text = await kept.text();
  await alone(async () => {
    if (asked !== era) return;
    if (whose !== await fact("whose")) await left(whose);
    const start = text.indexOf('<div id="page"');
    const end = text.indexOf('<dialog id="palette"');
    const cache = await cacheOf(whose);
    if (end > 0) await cache.put("/shell", html(text.slice(0, start) + "<!--part-->" + text.slice(end)));
    // What was said once is not said again.
    const part = text.slice(start, end > 0 ? end : undefined).replace(/<template data-toast[^]*?<\/template>\s*<noscript>[^]*?<\/noscript>/, "");
    await cache.put(path.startsWith("/day") ? "/day" : path, html(text.match(/<title>[^]*?<\/title>/)[0] + part, { "X-At": Date.now() }));
  });
}

async function copy(path, whole, said) {
  const whose = await fact("whose");
  if (!whose) return;
  const cache = await cacheOf(whose);
  const [address, date] = path.split("?date=");
  const [kept, shell] = [await cache.match(address), await cache.match("/shell")];
  let part = await kept?.text();
  if (!part || !shell || (date && !part.includes(`data-day="${date}"`))) return;
  part = part.replace('<div id="page"', found => `${found} data-as-of="${kept.headers.get("X-At")}"`);
  if (said) part = part.replace(/<main[^>]*>/, found => `${found}<template data-toast="${said.kind}">${said.text}</template>`);
  if (!whole) return html(part);
  const [title] = part.match(/<title>[^]*?<\/title>/);
  return html((await shell.text()).replace(/<title>[^]*?<\/title>/, () => title).replace("<!--part-->", () => part.slice(title.length)));
}

async function file(request) {
  const known = await caches.match(request.url);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok && !answer.redirected) await (await caches.open(VERSION)).put(request.url, answer.clone());
  return answer;
}

let said; // what the next page has to say, after a form that was sent without htmx

async function page(event, path, whole) {
  const there = await copy(path, whole, said);
  said = undefined;
  if ((await items()).some(item => /waiting|sending/.test(item.state))) { // first what was done before
    const reached = await Promise.race([send(), wait(4)]);
    if (!reached && there) return there;
  }
  const answer = fetch(event.request);
  event.waitUntil(keep(answer).catch(() => {}));
  try {
    const first = await (there ? Promise.race([answer, wait(4)]) : answer);
    if (first && !(there && first.status >= 500)) return first;
  } catch {}
  return there ?? (whole && await copy("/offline", true)) ?? Response.error();
}

// Signing in, out, or into another business: whose pages these were is over.
async function signing(request) {
  try {
    const answer = await fetch(request);
    await leave();
    return answer;
  } catch {
    return await copy("/offline", true) ?? Response.error();
  }
}

// Today's visits, one after another, so that they are there when the connection is not.
async function ahead({ whose, pages, version }) {
  const last = await fact("ahead");
  const wanted = `${VERSION} ${whose} ${version}`;
  if (last?.wanted === wanted && Date.now() - last.at < 6e5) return;
  if (!pages && last?.wanted.startsWith(`${VERSION} ${whose}`)) return;
  await note("ahead", { wanted, at: Date.now() });
  const cache = await cacheOf(whose);
  for (const address of await cache.keys()) { // what nobody has opened for two days is no longer of today
    const at = (await cache.match(address))?.headers.get("X-At");
    if (at && Date.now() - at > 2 * DAY) await cache.delete(address);
  }
  const steps = ["", "/notes/new", "/close-out/work", "/close-out/note", "/close-out/next", "/close-out/confirm"];
  const visits = (pages ?? "").split(" ").filter(Boolean).flatMap(visit => steps.map(step => visit + step));
  const known = await fetched(["/offline"], true); // now it is known who is signed in
  await send();
  if (!known || !await fetched(["/offline/queue", ...(version ? ["/day"] : []), ...visits])) await note("ahead", null);
}

async function fetched(paths, whole) {
  for (const path of paths) {
    try {
      await keep(fetch(path, { headers: { "X-Offline": "ahead", ...(whole ? {} : PARTIAL) }, redirect: "manual", signal: AbortSignal.timeout(15e3) }));
    } catch {
      return false;
    }
  }
  return true;
}
const PARTIAL = { "HX-Request": "true", "HX-Request-Type": "partial" };

// ---- Doing something: the server first, then the queue ----

async function act(event, path, whole) {
  const { request } = event;
  const [, ticket, what] = path.match(ACTION);
  const form = await request.formData();
  const at = await now();
  form.set("action_id", crypto.randomUUID());
  if (await held(ticket, form.get("whose"))) return later(form, { path, ticket, what, at }, whole);
  const asked = era;
  const headers = Object.fromEntries([...request.headers].filter(([name]) => name.startsWith("hx-")));
  try {
    const answer = await fetch(path, {
      method: "POST", body: bodyOf(form), headers, redirect: request.redirect, referrer: request.referrer,
      signal: AbortSignal.timeout(what === "files" ? 60e3 : 15e3),
    });
    if (answer.status < 502) {
      const done = answer.ok || answer.type === "opaqueredirect";
      event.waitUntil(keep(answer, asked).then(() => done && renew(ticket, what)));
      return answer;
    }
  } catch {}
  return later(form, { path, ticket, what, at }, whole);
}

// Nothing overtakes what waits for the same visit. What waits behind something that was refused waits for a person: who now
// does it by hand goes first.
async function held(ticket, whose) {
  const waits = async () => {
    const states = (await items()).filter(item => item.ticket === ticket && item.whose === whose).map(item => item.state);
    return /waiting|sending/.test(states) && !states.includes("attention");
  };
  if (!await waits()) return false;
  await Promise.race([send(), wait(3)]);
  return waits();
}

const bodyOf = form => ([...form.values()].some(value => value instanceof Blob) ? form : new URLSearchParams(form));

function renew(ticket, what) {
  const work = `${ticket}/close-out/work`;
  const confirm = `${ticket}/close-out/confirm`;
  return fetched({ "clock-in": [work, "/day"], "close-out/confirm": ["/day"], "notes/new": [], files: [] }[what] ?? [`${ticket}/${what}`, confirm]);
}

async function later(form, item, whole) {
  const { path, ticket, what } = item;
  const whose = form.get("whose");
  const mine = (await items()).filter(other => open(other) && other.whose === whose);
  let refused = whose !== await fact("whose") ? NOT_YOURS : mine.length >= MOST ? FULL : undefined;
  if (!refused) {
    try {
      const fields = [];
      for (const [name, value] of form) if (!/^(csrf|whose)$/.test(name)) fields.push([name, value instanceof Blob ? await smaller(value) : value]);
      await put({ ...item, whose, fields, name: await nameOf(ticket), state: "waiting" });
    } catch {
      refused = NO_ROOM;
    }
  }
  registration.sync?.register("send").catch(() => {});
  await tell();
  if (refused && !whole) return new Response("", { status: 503, headers: { "X-Error": encodeURIComponent(refused.text) } });
  const next = refused ? "/offline/queue" : what === "close-out/confirm" ? "/day" : ticket + (NEXT[what] ?? "");
  said = refused ?? SAVED;
  if (whole) return Response.redirect(next, 303);
  const answer = await copy(next, false, said) ?? await copy("/offline", false, said);
  said = undefined;
  answer?.headers.set("HX-Push-Url", next);
  return answer ?? Response.error();
}

// A photo as large as the server keeps it, or nearly: what waits takes room.
async function smaller(photo) {
  if (!photo.type.startsWith("image/") || !self.OffscreenCanvas) return photo;
  try {
    const image = await createImageBitmap(photo);
    const scale = Math.min(1, 1600 / Math.max(image.width, image.height));
    const canvas = new OffscreenCanvas(Math.round(image.width * scale), Math.round(image.height * scale));
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: .8 });
    return blob.size < photo.size ? new File([blob], photo.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : photo;
  } catch {
    return photo; // not one that can be shown: the server says so
  }
}

async function nameOf(ticket) {
  const part = await (await copy(ticket, false))?.text();
  const title = part?.match(/<title>([^]*?)<\/title>/)[1].replace(/ · [^·]*$/, "").trim() ?? "A visit";
  return title.replace(/&(amp|lt|gt|#34|#39);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">", "#34": '"', "#39": "'" })[name]);
}

// ---- Sending: one at a time, in order, once; nothing of a visit after something of it that was refused ----

let sending;
const send = () => (sending ??= deliver().catch(() => false).finally(() => { sending = undefined; }));

// Whether the server was reached.
async function deliver() {
  const whose = await fact("whose");
  const all = await items();
  for (const item of all) if (item.state === "sent" && Date.now() - item.at > DAY) await change(item.n, row => row.delete());
  const mine = all.filter(item => item.whose === whose);
  const waiting = mine.filter(item => /waiting|sending/.test(item.state));
  if (!waiting.length) return true;
  const asked = await fetch("/offline/token", { headers: { "X-Offline": "ahead", ...PARTIAL }, redirect: "manual", signal: AbortSignal.timeout(15e3) });
  if (asked.status === 401) return asks();
  if (!asked.ok) return false;
  const token = await asked.json();
  await note("skew", token.now - Date.now());
  await note("asks", false);
  if (token.whose !== whose) {
    await leave(token.whose);
    return true;
  }
  const stuck = new Set(mine.filter(item => item.state === "attention").map(item => item.ticket));
  const sent = new Set();
  try {
    for (const item of waiting) if (!stuck.has(item.ticket)) {
      const answer = await deliverOne(item, token);
      if (answer === "sent") sent.add(item.ticket);
      else if (answer === "attention") stuck.add(item.ticket);
      else if (answer) return answer === "asks" ? asks() : answer === "later";
    }
    return true;
  } finally {
    await tell();
    if (sent.size) fetched(["/day", ...sent]);
  }
}

async function asks() {
  await note("asks", true);
  await tell();
  return true;
}

async function deliverOne(item, { csrf }) {
  const form = new FormData();
  for (const [name, value] of item.fields) form.append(name, value);
  form.append("csrf", csrf);
  form.append("happened_at", new Date(item.at).toISOString());
  const is = (state, more) => change(item.n, row => row.update({ ...item, ...more, state }));
  if (!await is("sending")) return;
  await tell();
  let answer;
  try {
    answer = await fetch(item.path, {
      method: "POST", body: bodyOf(form), headers: { "X-Offline": "replay", ...PARTIAL }, redirect: "manual", signal: AbortSignal.timeout(120e3),
    });
  } catch {}
  if (answer?.status === 204) {
    await is("sent", { fields: [] });
    return "sent";
  }
  if (!answer || answer.status >= 500 || answer.status === 429) {
    await is("waiting");
    return answer ? "later" : "gone";
  }
  if (/40[13]/.test(answer.status)) {
    await is("waiting");
    return "asks";
  }
  const error = decodeURIComponent(answer.headers.get("X-Error") ?? "Not taken: enter it anew.");
  await is("attention", { error });
  return "attention";
}

// ---- What pages ask for ----

// What a person decided of one item; then goes what may.
const by = act => async ({ n, whose }) => {
  await change(n, (row, item) => item.whose === whose && act(row, item));
  await tell();
  await sending; // which does not know of it
  await send();
};
const DOES = {
  ahead,
  send: async ({ whose }) => { if (whose === await fact("whose")) await send(); },
  again: by((row, item) => item.state === "attention" && row.update({ ...item, state: "waiting" })),
  drop: by((row, item) => item.state === "sending" && sending || row.delete()),
  list: async ({ whose }) => {
    const all = await items();
    const shown = all.filter(item => item.whose === whose).map(({ fields, ...item }) => ({
      ...item, what: NAMES[item.what], step: item.what, state: item.state === "sending" && !sending ? "waiting" : item.state,
    }));
    return { items: shown, others: all.filter(item => open(item) && item.whose !== whose).length, asks: await fact("asks"), skew: await fact("skew") ?? 0 };
  },
};
