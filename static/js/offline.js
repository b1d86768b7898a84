// Without a connection: the worker that keeps pages and forms, a line that says what waits, copies of pages put right for what was
// done since, and the list of the queue.
const find = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const workers = navigator.serviceWorker;
const whose = document.body.dataset.user;

async function ask(what, more) {
  const { active } = await workers.ready;
  const { port1, port2 } = new MessageChannel();
  return new Promise(done => {
    port1.onmessage = event => done(event.data);
    active.postMessage({ do: what, whose, ...more }, [port2]);
  });
}

// An icon, made of one that the page has, and words.
function line(tag, look, icon, text) {
  const made = document.createElement(tag);
  made.className = look;
  const svg = find(".icon").cloneNode(true);
  const use = svg.firstChild;
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${icon}`));
  const words = document.createElement("span");
  words.textContent = text;
  made.append(svg, words);
  return made;
}

// 9:12, or with its day when that is not today.
function clock(at) {
  const day = new Date(at).toDateString() === new Date().toDateString() ? {} : { weekday: "short", day: "numeric", month: "short" };
  return new Date(at).toLocaleString([], { hour: "numeric", minute: "2-digit", ...day });
}

const wall = (at, timeZone) => new Date(at).toLocaleString("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" }).replace(" ", "T");

async function draw() {
  const { items, others, asks, skew } = await ask("list");
  const open = items.filter(item => item.state !== "sent");
  waiting = open.length > 0;
  const stuck = open.filter(item => item.state === "attention").length;
  const main = find("#main");
  for (const old of all("[data-line]", main)) old.remove();
  const words = [
    stuck && `${stuck} need${stuck > 1 ? "" : "s"} attention`, open.length > stuck && `${open.length - stuck} waiting to be sent`,
    asks && open.length && "sign in to send",
  ].filter(Boolean).join(", ");
  if (words) {
    const shown = line("a", `notice ${stuck || asks ? "warn" : "info"}`, "upload", words);
    shown.href = "/offline/queue";
    above(main, shown);
    navigator.storage?.persist?.();
  }
  const { asOf } = find("#page").dataset;
  if (asOf) {
    if (!find("[data-as-ever]", main)) above(main, line("p", "notice warn", "wifi-off", `As of ${clock(+asOf)}, without a connection`));
    putRight(open, Date.now() + skew);
  }
  const queue = find("[data-queue]");
  if (queue) list(queue, items, others, asks);
}

function above(main, shown) {
  shown.dataset.line = "";
  main.prepend(shown);
}

// A copy shows how things were: what was done since is on this phone only.
function putRight(open, now) {
  for (const { ticket, step, at } of open) {
    const started = step === "clock-in";
    if (started || step === "close-out/confirm") {
      for (const control of all(`form[action="${ticket}/clock-in"]${started ? "" : `, a[href="${ticket}/close-out/work"].primary`}`)) {
        const instead = started ? line("a", "btn primary block", "check", "Close out")
          : line("p", "notice", "clock", "Finished, sent when there is a connection.");
        if (started) instead.href = `${ticket}/close-out/work`;
        control.replaceWith(instead);
      }
    }
    const visit = find(`a.cover[href="${ticket}"]`, find("#main"));
    if (visit && (started || step === "close-out/confirm")) {
      const words = line("p", "meta", started ? "play" : "check", `${started ? "Started" : "Finished"} ${clock(at)}, on this phone`);
      words.dataset.line = "";
      visit.closest("article").append(words);
    }
    const form = find(`form[action^="${ticket}/close-out/"]`);
    if (started && form?.elements.clocked_in_at) set(form.elements.clocked_in_at, at);
    const answer = form && find(`[data-step="${step.replace("close-out/", "")}"]`, form);
    if (answer) answer.textContent = "Saved on this phone";
  }
  for (const field of all("[data-now]")) set(field, now);
}

function set(field, at) {
  const zone = field.dataset.now; // that of the business
  if (!zone || field.value !== field.defaultValue) return; // or somebody typed it
  field.value = wall(at, zone);
  delete field.dataset.now;
}

// ---- The page of the queue ----

function list(queue, items, others, asks) {
  const show = (name, shown) => { find(`[data-queue-${name}]`, queue).hidden = !shown; };
  const open = items.filter(item => item.state !== "sent");
  show("none", !items.length);
  show("asks", asks && open.length);
  show("actions", open.length);
  show("others", others);
  find("[data-queue-others]", queue).textContent = `${others} of somebody else, kept until they sign in.`;
  if (queue.drawn === (queue.drawn = JSON.stringify(items))) return; // drawn anew beneath a thumb, a button would miss its tap
  find("[data-queue-items]", queue).replaceChildren(...items.map(item => {
    const row = find("[data-queue-item]", queue).content.firstElementChild.cloneNode(true);
    const part = name => find(`[data-${name}]`, row);
    const { state } = item;
    part("what").textContent = item.what;
    part("visit").textContent = item.name;
    part("visit").href = item.ticket;
    part("when").textContent = clock(item.at);
    for (const each of all("[data-state]", row)) each.hidden = each.dataset.state !== state;
    part("error").hidden = state !== "attention";
    part("error").lastElementChild.textContent = item.error;
    part("item-actions").hidden = /sent|sending/.test(state);
    part("again").hidden = state !== "attention";
    part("again").onclick = () => ask("again", item);
    const drop = part("drop");
    drop.onclick = () => {
      if (drop.dataset.sure) return ask("drop", item);
      drop.dataset.sure = "yes";
      drop.textContent = "Throw away for good?";
    };
    return row;
  }));
}

async function look() {
  await draw();
  const page = find("[data-ahead]:not([data-as-of] *)");
  if (!find("#page").dataset.asOf) ask("ahead", { pages: page?.dataset.ahead, version: page?.dataset.version ?? "" });
}

let waiting = false; // whether there is anything to be sent

const send = () => ask("send").then(draw);

if (workers) {
  const trusted = window.trustedTypes?.createPolicy("sw", { createScriptURL: url => url });
  const address = "/sw.js";
  workers.register(trusted ? trusted.createScriptURL(address) : address).catch(() => {});
  workers.addEventListener("message", draw);
  workers.addEventListener("controllerchange", look);
  addEventListener("htmx:after:swap", look);
  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => document.hidden || send());
  addEventListener("click", event => event.target.closest?.("[data-queue-send]") && send());
  setInterval(() => waiting && send(), 60000);
  look().then(send);
}
