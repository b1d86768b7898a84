// The calendar on a desk: visits are moved and made longer with the pointer, and what others change appears. Everything
// here is also done by the Move form; without this script nothing is missing but the mouse.
const find = (selector, root = document) => root.querySelector(selector);
const STEP = 6; // pixels before a press is a drag
const QUARTER = 15; // minutes of a row
const EVERY = 4000; // milliseconds between two looks at whether something changed

let drag = null;

const board = () => find("#board[data-board]");
const wide = () => matchMedia("(min-width: 64rem)").matches;
const pad = number => String(number).padStart(2, "0");

async function send(ticket, values) {
  const { csrf, board: view } = board().dataset;
  const narrowed = Object.fromEntries(new URLSearchParams(board().dataset.narrowed));
  const form = `/tickets/${ticket}/move`;
  await htmx.ajax("POST", form, { target: "#page", swap: "outerMorph", values: { ...narrowed, csrf, view, ...values } });
  if (board() || !find(`form[action="${form}"]`)) return;
  // Refused: the form is a step of its own, so that Back is the board and not what was before it.
  history.replaceState({ htmx: true }, "");
  history.pushState({ htmx: true }, "", `${form}?${new URLSearchParams({ from: values.from, view, ...narrowed })}`);
}

// ---- Where a drag would end: the first row, how long, and how the page's own clock says it ----

const american = () => /[ap]m/.test(find(".board-hours").textContent);
const hour = at => Math.floor(at / 60) % 24;
const wall = at => `${pad(hour(at))}:${pad(at % 60)}`;
const shown = at => (american() ? `${hour(at) % 12 || 12}:${pad(at % 60)} ${hour(at) < 12 ? "am" : "pm"}` : wall(at));

// Minutes of the day that a visit begins at, from "14:05" or "2:05 pm".
function start(slot) {
  const [, at, minutes, half] = /(\d+):(\d+)(?: ([ap])m)?/.exec(find(".slot-time", slot).textContent);
  return (half ? (at % 12) + (half === "p" ? 12 : 0) : Number(at)) * 60 + Number(minutes);
}

function landing({ clientY }) {
  const { slot, over, resize, within } = drag;
  const list = find(".board-slots", over ?? slot.closest("[data-member]"));
  const row = parseFloat(getComputedStyle(list).gridAutoRows);
  if (resize) {
    const quarters = Math.max(1, Math.round((clientY - slot.getBoundingClientRect().top) / row));
    return { at: start(slot), minutes: quarters * QUARTER, height: quarters * row };
  }
  const quarters = Math.round((clientY - within - list.getBoundingClientRect().top) / row);
  const at = Math.max(0, Number(board().dataset.first) * 60 + quarters * QUARTER);
  return { at, minutes: Number(slot.dataset.minutes), height: slot.offsetHeight };
}

function tell(event) {
  const { at, minutes, height } = landing(event);
  find(".slot-time", drag.ghost).textContent = `${shown(at)}–${shown(at + minutes)}`;
  drag.ghost.style.blockSize = `${height}px`;
}

// ---- Dragging ----

addEventListener("pointerdown", event => {
  const slot = event.target.closest?.("#board .slot[data-ticket]");
  if (!slot || !wide() || event.pointerType === "touch" || event.button || !find(".slot-move", slot)) return;
  if (event.target.closest(".slot-move")) return;
  const box = slot.getBoundingClientRect();
  const resize = board().dataset.board === "day" && box.bottom - event.clientY < 8;
  drag = { slot, resize, x: event.clientX, y: event.clientY, within: event.clientY - box.top, from: slot.closest("[data-member]").dataset.member };
});

addEventListener("pointermove", event => {
  if (!drag) return;
  if (!drag.ghost) {
    if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < STEP) return;
    drag.ghost = drag.slot.cloneNode(true);
    drag.ghost.removeAttribute("id");
    drag.ghost.className = "slot drag-ghost";
    drag.ghost.style.blockSize = `${drag.slot.offsetHeight}px`;
    document.body.append(drag.ghost);
    drag.slot.classList.add("dragging");
    getSelection()?.removeAllRanges();
  }
  event.preventDefault();
  const { left, top } = drag.slot.getBoundingClientRect();
  drag.ghost.style.translate = drag.resize ? `${left}px ${top}px` : `${event.clientX + 8}px ${event.clientY - drag.within}px`;
  const over = document.elementFromPoint(event.clientX, event.clientY)?.closest("#board [data-member]") ?? null;
  drag.over?.classList.remove("drop-here");
  if (!drag.resize) over?.classList.add("drop-here");
  drag.over = over;
  if (board().dataset.board === "day") tell(event);
});

addEventListener("pointerup", event => {
  const done = drag;
  const end = done?.over && board().dataset.board === "day" && landing(event);
  stop();
  if (!done?.ghost) return;
  // The click that ends a drag opens nothing.
  addEventListener("click", swallow, true);
  setTimeout(() => removeEventListener("click", swallow, true), 0);
  if (!done.over) return;
  const values = { from: done.from, to: done.over.dataset.member };
  if (board().dataset.board === "week") {
    send(done.slot.dataset.ticket, { ...values, date: done.over.dataset.date });
    return;
  }
  if (done.resize) send(done.slot.dataset.ticket, { ...values, to: done.from, minutes: end.minutes });
  else send(done.slot.dataset.ticket, { ...values, date: board().dataset.date, time: wall(end.at) });
});

function swallow(click) {
  click.preventDefault();
  click.stopPropagation();
}

function stop() {
  drag?.ghost?.remove();
  drag?.slot.classList.remove("dragging");
  drag?.over?.classList.remove("drop-here");
  drag = null;
}

addEventListener("keydown", event => event.key === "Escape" && stop());
addEventListener("pointercancel", stop);
addEventListener("dragstart", event => event.target.closest?.("#board") && event.preventDefault());

// ---- What others change: asked for cheaply, drawn anew only when something did, and never under somebody's hands ----

async function look() {
  const shown = board();
  if (!shown || document.hidden || drag || find("dialog[open], :popover-open")) return;
  const { board: view, date, version } = shown.dataset;
  try {
    const answer = await fetch(`/calendar/version?view=${view}&date=${date}`);
    if (!answer.ok || (await answer.text()) === version || board() !== shown || drag) return;
    await htmx.ajax("GET", location.pathname + location.search, { target: "#board", select: "#board", swap: "outerMorph" });
  } catch {
    // No connection: the next look may have one.
  }
}

setInterval(look, EVERY);
addEventListener("visibilitychange", look);

// ---- The day opens at what matters: at now, or at the first visit; and a line says what time it is ----

const begun = new WeakMap(); // of each board, what the server's clock said, and when that was read
const opened = new WeakSet();

function clock() {
  const shown = board();
  if (shown?.dataset.board !== "day") return;
  const { now, first } = shown.dataset;
  if (begun.get(shown)?.now !== now) begun.set(shown, { now, read: Date.now() });
  const at = now && (Number(now) + (Date.now() - begun.get(shown).read) / 60000 - Number(first) * 60) / QUARTER;
  const rows = find(".board-hours", shown).children.length * 4;
  const within = Boolean(now) && at >= 0 && at <= rows;
  shown.toggleAttribute("data-ticks", within);
  if (within) shown.style.setProperty("--now", at.toFixed(2));
  if (opened.has(shown)) return;
  opened.add(shown);
  if (!wide() || find("[autofocus]", shown)) return;
  const row = parseFloat(getComputedStyle(find(".board-slots", shown)).gridAutoRows);
  const visits = [...shown.querySelectorAll(".slot")].map(slot => slot.offsetTop);
  shown.scrollTop = now ? Math.max(0, (at - 4) * row) : visits.length ? Math.min(...visits) - row * 2 : 0;
}

setInterval(clock, 30000);
addEventListener("htmx:after:swap", clock);
clock();

// ---- Print ----

function offer() {
  for (const button of document.querySelectorAll("[data-print][hidden]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
}
offer();
addEventListener("htmx:after:swap", offer);
