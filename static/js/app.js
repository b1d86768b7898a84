// Our one page script. Every page works without it; it adds what HTML cannot do: toasts, focus after a swap, drafts,
// thumb-sized counting, and a warning before a card number is saved. Runs under script-src 'self' and Trusted Types.
(() => {
  "use strict";

  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const on = (name, act) => addEventListener(name, act);

  // Only htmx may turn text into HTML, and no script that arrives in it runs.
  window.htmx?.registerExtension("tt", {
    init(api) {
      if (!window.trustedTypes) return;
      api.initSecurity(trustedTypes.createPolicy("htmx", { createHTML: text => text, createScript: () => "" }));
    },
  });

  // ---- Toasts: HX-Trigger {"toast": {"text": …, "kind": "bad"}}, or <template data-toast="kind"> in a page ----

  function toast(text, kind = "") {
    const box = find("#toasts"); // looked up each time: Back replaces the whole body
    all(".bad", box).forEach(old => old.remove()); // the last trouble is the one that counts
    const item = document.createElement("div");
    const words = document.createElement("p");
    const close = document.createElement("button");
    item.className = `toast ${kind}`;
    if (kind === "bad") item.setAttribute("role", "alert");
    words.textContent = text;
    close.className = "btn quiet small";
    close.type = "button";
    close.textContent = "Close";
    close.addEventListener("click", () => item.remove());
    item.append(words, close);

    // Shown again to lie above an open dialog, and before it is filled: screen readers follow what changes in sight.
    box.hidePopover?.();
    box.showPopover?.();
    setTimeout(() => box.append(item), 50);
    if (kind !== "bad") setTimeout(() => item.remove(), 6000); // bad news waits until it was read
  }

  on("toast", event => toast(event.detail.text ?? event.detail.value, event.detail.kind));

  // ---- Errors: what the server refused as a form is swapped in; everything else is said in a toast ----

  const REFUSALS = {
    401: "You are signed out. Sign in again.",
    403: "You are not allowed to do that.",
    404: "That is no longer here.",
    429: "That was too often. Wait a minute and try again.",
  };

  function decoded(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  on("htmx:response:error", event => {
    const { response: { status, headers }, hx } = event.detail.ctx;
    if (hx.redirect || (status < 500 && !REFUSALS[status])) return; // htmx follows or swaps these
    const said = headers.get("X-Error");
    const id = headers.get("X-Request-ID");
    const text = said ? decoded(said) : REFUSALS[status] || "Something went wrong on our side. Your words are still here.";
    toast(text + (id ? ` (Reference ${id})` : ""), "bad");
  });

  on("htmx:error", event => {
    const { ctx } = event.detail;
    if (!ctx || ctx.text !== undefined) return; // not about the connection
    const writing = ctx.request.method !== "GET";
    if (writing && ctx.response) toast("The connection broke off. Look whether it was saved before you try again.", "bad");
    else if (writing) toast("No connection. Nothing was saved; your words are still here. Try again.", "bad");
    else toast("No connection. Try again.", "bad");
  });

  // A proxy or a hotel's Wi-Fi may answer in the server's place; its words must not replace the page.
  on("htmx:before:swap", event => {
    const main = event.detail.tasks.find(task => task.type === "main");
    if (main?.target?.id !== "page" || main.swapSpec.style === "none" || find("#page", main.fragment)) return;
    event.preventDefault();
    toast("The answer could not be read. Check your connection and try again.", "bad");
  });

  // What was refused keeps its address, also where htmx swaps nothing; staying where one is is no step for Back.
  on("htmx:before:history:update", event => {
    const { history: step, response } = event.detail;
    if (response?.status >= 400) return event.preventDefault();
    if (step.path === location.pathname + location.search) step.type = "replace";
  });

  // ---- After a new page: to the top, and focus where reading starts ----

  on("htmx:after:swap", event => {
    const { target, swap } = event.detail.ctx;
    if (swap === "none") return;
    all("#toasts .bad").forEach(old => old.remove());
    welcome();
    if (target?.id === "page") scrollTo(0, 0);
    else if (target !== document.body) return;

    const page = find("#page");
    const errors = find("[autofocus]", page);
    if (errors) return errors.focus();
    // A link that is still there, such as a day in the strip, keeps the focus htmx gave back to it.
    if (document.activeElement.matches("#page a[id]")) return;
    const heading = find("h1", page);
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  });

  // What a page brings along: its toast, the end of a draft, and on the sign-in page of all of them.
  function welcome() {
    for (const note of all("template[data-toast]")) {
      if (note.dataset.draftDone) forget(note.dataset.draftDone);
      toast(note.content.textContent, note.dataset.toast);
      note.remove();
    }
    if (find("[data-drafts-clear]")) for (const key of Object.keys(localStorage)) if (key.startsWith("draft:")) localStorage.removeItem(key);
  }

  // ---- Drafts: <form data-draft="key"> survives a dead battery; it ends with the server's draftDone {key} ----

  const user = () => document.body.dataset.user;
  const slot = key => `draft:${user()}:${key}`;
  const forget = key => localStorage.removeItem(slot(key));
  const kept = form => [...form.elements].filter(field => field.name && !/hidden|file|password|submit|button|fieldset/.test(field.type));
  const ticked = field => /checkbox|radio/.test(field.type);
  const restored = new WeakSet();

  function keep(form) {
    const draft = {};
    for (const field of kept(form)) {
      const values = (draft[field.name] ||= []);
      if (!ticked(field)) values.push(redacted(field.value));
      else if (field.checked) values.push(field.value);
    }
    try {
      localStorage.setItem(slot(form.dataset.draft), JSON.stringify(draft));
    } catch {} // full or forbidden storage: writing goes on without a draft
  }

  function restore(form) {
    if (restored.has(form)) return;
    restored.add(form);
    let draft;
    try {
      draft = JSON.parse(localStorage.getItem(slot(form.dataset.draft)));
    } catch {}
    if (!draft) return;

    let changed = false;
    for (const field of kept(form)) {
      const values = draft[field.name];
      if (!values) continue;
      const [what, value] = ticked(field) ? ["checked", values.includes(field.value)] : ["value", values.shift() ?? ""];
      if (field[what] === value) continue;
      field[what] = value;
      changed = true;
    }
    const notice = find("[data-draft-notice]", form);
    if (notice) notice.hidden = !changed;
    all("textarea[data-sensitive]", form).forEach(warn);
  }

  const restoreAll = () => user() && all("form[data-draft]").forEach(restore);

  on("draftDone", event => forget(event.detail.key ?? event.detail.value));
  on("htmx:finally:request", restoreAll); // not at the swap: draftDone comes after it

  on("input", event => {
    const { form } = event.target;
    if (form?.dataset.draft && user()) keep(form);
    if (event.target.matches("textarea[data-sensitive]")) warn(event.target);
  });

  // ---- Sensitive numbers: the server removes them; this says so while there is time to think ----

  // Cards as people write them: in one piece, in fours, or as American Express (4-6-5) and Diners (4-6-4) do.
  const CARD = /(?<![\d+])(?:[2-6]\d{12,18}|[2-6]\d{3}([ -])\d{4}\1\d{4}\1\d{1,4}(?:\1\d{3})?|3\d{3}([ -])\d{6}\2\d{4,5})(?!\d)/g;
  const SSN = /(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])/g;

  function luhn(number) {
    let sum = 0;
    [...number.replace(/\D/g, "")].reverse().forEach((digit, place) => {
      const worth = digit * (place % 2 ? 2 : 1);
      sum += worth > 9 ? worth - 9 : worth;
    });
    return sum % 10 === 0;
  }

  const cards = text => (text.match(CARD) || []).filter(luhn);
  const redacted = text => text.replace(CARD, number => (luhn(number) ? "[REDACTED]" : number)).replace(SSN, "[REDACTED]");

  function warn(area) {
    const notice = area.closest(".field")?.querySelector("[data-sensitive-notice]");
    if (!notice) return;
    const found = [];
    if (cards(area.value).length) found.push("a card number");
    if (area.value.match(SSN)) found.push("a social security number");
    const text = found.join(" and ");
    notice.hidden = !text;
    find("span", notice).textContent = `${text.charAt(0).toUpperCase()}${text.slice(1)} will be removed when you save.`;
  }

  // ---- Clicks: counting, sheets, a draft thrown away ----

  function count(button) {
    const box = button.closest("[data-stepper]");
    const input = find("input", box);
    const next = (parseFloat(input.value) || 0) + button.dataset.step * (box.dataset.stepper || 1);
    const within = Math.min(Math.max(next, input.min === "" ? -Infinity : input.min), input.max === "" ? Infinity : input.max);
    input.value = Math.round(within * 100) / 100;
    for (const name of ["input", "change"]) input.dispatchEvent(new Event(name, { bubbles: true }));
  }

  on("click", event => {
    const near = selector => event.target.closest?.(selector);
    const step = near("[data-step]");
    const discard = near("[data-draft-discard]");
    const opener = near("[data-sheet]");
    const sheet = near("dialog.sheet");
    if (step) count(step);
    if (discard) {
      forget(discard.form.dataset.draft);
      discard.form.reset();
      discard.closest("[data-draft-notice]").hidden = true;
    }
    if (opener) find(`#${opener.dataset.sheet}`).showModal();
    if (sheet && (event.target === sheet || near("[data-close]"))) sheet.close();
  });

  welcome();
  restoreAll();
})();
