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

function send(ticket, values) {
  const { csrf, board: view } = board().dataset;
  htmx.ajax("POST", `/tickets/${ticket}/move`, { target: "#page", swap: "outerMorph", values: { csrf, view, ...values } });
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
  drag.ghost.style.translate = `${event.clientX + 8}px ${event.clientY - drag.within}px`;
  const over = document.elementFromPoint(event.clientX, event.clientY)?.closest("#board [data-member]") ?? null;
  if (over === drag.over) return;
  drag.over?.classList.remove("drop-here");
  over?.classList.add("drop-here");
  drag.over = over;
});

addEventListener("pointerup", event => {
  const done = drag;
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
  const list = find(".board-slots", done.over);
  const row = parseFloat(getComputedStyle(list).gridAutoRows);
  const top = list.getBoundingClientRect().top;
  const first = Number(board().dataset.first) * 60;
  if (done.resize) {
    const begin = done.slot.getBoundingClientRect().top;
    const quarters = Math.max(1, Math.round((event.clientY - begin) / row));
    send(done.slot.dataset.ticket, { ...values, to: done.from, minutes: quarters * QUARTER });
    return;
  }
  const at = Math.max(0, first + Math.round((event.clientY - done.within - top) / row) * QUARTER);
  send(done.slot.dataset.ticket, { ...values, date: board().dataset.date, time: `${pad(Math.floor(at / 60) % 24)}:${pad(at % 60)}` });
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

// ---- Print ----

function offer() {
  for (const button of document.querySelectorAll("[data-print][hidden]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
}
offer();
addEventListener("htmx:after:swap", offer);
