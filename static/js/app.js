// Our one page script. Pages work without it; it adds toasts, focus after a swap, drafts, counting by thumb, the search over every page and a
// warning before a card number is saved. Runs under script-src 'self' and Trusted Types.
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
    const [item, words, close] = ["div", "p", "button"].map(tag => document.createElement(tag));
    item.className = `toast ${kind}`;
    if (kind === "bad") item.setAttribute("role", "alert");
    words.textContent = text;
    close.className = "btn quiet small";
    close.type = "button";
    close.textContent = "Close";
    close.addEventListener("click", () => item.remove());
    item.append(words, close);

    // Shown again to lie above an open dialog; filled a moment later, so that screen readers notice.
    box.hidePopover?.();
    box.showPopover?.();
    setTimeout(() => {
      for (const old of [...box.children]) if (old.textContent === item.textContent) old.remove();
      box.append(item);
    }, 50);
    if (kind !== "bad") setTimeout(() => item.remove(), 6000); // bad news waits until it was read
  }

  const trouble = text => toast(text, "bad");

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
    trouble(text + (id ? ` (Reference ${id})` : ""));
  });

  on("htmx:error", event => {
    const { ctx } = event.detail;
    if (!ctx || ctx.text !== undefined) return; // not about the connection
    if (ctx.request.method === "GET") trouble("No connection. Try again.");
    else if (ctx.response) trouble("The connection broke off. Look whether it was saved before you try again.");
    else trouble("No connection. Nothing was saved; your words are still here. Try again.");
  });

  // A proxy or a hotel's Wi-Fi may answer in the server's place; its words must not replace the page.
  on("htmx:before:swap", event => {
    const main = event.detail.tasks.find(task => task.type === "main");
    if (main?.target?.id !== "page" || main.swapSpec.style === "none" || find("#page", main.fragment)) return;
    event.preventDefault();
    trouble("The answer could not be read. Check your connection and try again.");
  });

  // What was refused keeps its address, also where htmx swaps nothing; staying where one is is no step for Back.
  on("htmx:before:history:update", event => {
    const { history: step, response } = event.detail;
    if (response?.status >= 400) return event.preventDefault();
    if (step.path === location.pathname + location.search) step.type = "replace";
  });

  // ---- After a new page: to the top, and focus where reading starts ----

  on("htmx:after:swap", event => {
    const { target, swap, request, response } = event.detail.ctx;
    if (swap === "none") return;
    const draft = request.form?.dataset.draft;
    if (draft && request.method === "POST" && response.status < 400) forget(draft);
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
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  });

  // What a page brings along: its toast, and where somebody else may sign in the end of all drafts.
  function welcome() {
    for (const note of all("template[data-toast]")) {
      toast(note.content.textContent, note.dataset.toast);
      note.remove();
    }
    if (!find("[data-drafts-clear]")) return;
    for (const key of Object.keys(localStorage)) if (/^(draft|recent):/.test(key)) localStorage.removeItem(key);
  }

  // ---- Drafts: <form data-draft="key"> survives a dead battery. A draft ends when its POST is not refused, or
  // with the server's event draftDone {key}. ----

  const user = () => document.body.dataset.user;
  const slot = key => `draft:${user()}:${key}`;
  const forget = key => localStorage.removeItem(slot(key));
  const NEVER = /hidden|file|password|submit|button|fieldset/;
  const kept = form => [...form.elements].filter(field => field.name && !NEVER.test(field.type));
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
    else if (changed) toast("Not saved yet: your words are back.");
  }

  function restoreAll() {
    if (user()) all("form[data-draft]").forEach(restore);
    all(SENSITIVE).forEach(warn);
  }

  on("draftDone", event => forget(event.detail.key ?? event.detail.value));

  on("htmx:finally:request", restoreAll); // not at the swap: draftDone comes after it

  on("input", event => {
    const { form } = event.target;
    if (form?.dataset.draft && user()) keep(form);
    if (event.target.matches(SENSITIVE)) warn(event.target);
  });

  // ---- Sensitive numbers: the server removes them; this says so while there is time to think ----

  const SENSITIVE = "textarea[data-sensitive]";

  // Cards as people write them: in one piece, in fours, or as American Express (4-6-5) and Diners (4-6-4) do.
  const CARD = /(?<![\w.+-])(?:[2-6]\d{12,18}(?![\dA-Za-z]|[.-]\d)|[2-6]\d{3}([ .\u00a0\u2010-\u2015-])\d{4}\1\d{4}\1\d{4}(?![\dA-Za-z])|[2-6]\d{7}[ .\u00a0-]\d{8}(?!\d)|3\d{3}([ .\u00a0-])\d{6}\2\d{4,5}(?!\d))/g;
  const SSN = /(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])/g;

  function luhn(number) {
    let sum = 0;
    [...number.replace(/\D/g, "")].reverse().forEach((digit, place) => {
      const worth = digit * (place % 2 ? 2 : 1);
      sum += worth > 9 ? worth - 9 : worth;
    });
    return sum % 10 === 0;
  }

  const redacted = text => text.replace(CARD, number => (luhn(number) ? "[REDACTED]" : number)).replace(SSN, "[REDACTED]");

  function warn(area) {
    const notice = area.closest(".field")?.querySelector("[data-sensitive-notice]");
    if (!notice) return;
    const card = find("[data-number=card]", notice);
    const ssn = find("[data-number=ssn]", notice);
    card.hidden = !area.value.match(CARD)?.some(luhn);
    ssn.hidden = !area.value.match(SSN);
    notice.hidden = card.hidden && ssn.hidden;
  }

  // ---- Clicks: counting, a draft thrown away ----

  function count(button) {
    const box = button.closest("[data-stepper]");
    const input = find("input", box);
    let value = (parseFloat(input.value) || 0) + button.dataset.step * (box.dataset.stepper || 1);
    if (input.min) value = Math.max(value, input.min);
    if (input.max) value = Math.min(value, input.max);
    input.value = Math.round(value * 100) / 100;
    for (const name of ["input", "change"]) input.dispatchEvent(new Event(name, { bubbles: true }));
  }

  on("click", event => {
    const button = event.target.closest?.("[data-step], [data-draft-discard]");
    if (!button) return;
    if (button.dataset.step) return count(button);
    forget(button.form.dataset.draft);
    button.form.reset();
    button.closest("[data-draft-notice]").hidden = true;
  });

  // A proposal beside a form: a tap writes it into the fields. Without this script it is a link to the form filled in.
  on("click", event => {
    const proposal = event.target.closest?.("[data-fill]");
    if (!proposal) return;
    event.preventDefault();
    const { form } = proposal.closest("form").elements[0];
    for (const [name, value] of Object.entries(JSON.parse(proposal.dataset.fill))) {
      for (const field of form.elements) {
        if (field.name !== name) continue;
        if (ticked(field)) field.checked = field.value === value;
        else field.value = value;
      }
    }
    all("[data-fill]", form).forEach(other => other.toggleAttribute("aria-current", other === proposal));
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // What only some pages need comes with them: a module, named where it is used.
  const more = () => all("[data-script]").forEach(part => import(part.dataset.script));
  more();
  on("htmx:after:swap", more);

  on("click", event => {
    const copy = event.target.closest?.("[data-copy]");
    if (copy) navigator.clipboard.writeText(find(copy.dataset.copy).value).then(() => toast("Copied."));
  });

  // Filters that were sent fold away: who answers them stands below.
  on("submit", event => find("[role=search] [open]", event.target.parentElement)?.removeAttribute("open"));

  // ---- Search: Ctrl or ⌘ K opens it over any page; arrows walk through what was found, Enter takes the first ----

  const recentSlot = () => `recent:${user()}`;

  function recent() {
    try {
      return JSON.parse(localStorage.getItem(recentSlot())) ?? [];
    } catch {
      return [];
    }
  }

  function openPalette() {
    const palette = find("#palette");
    if (!palette || palette.open || !window.htmx) return false;
    palette.replaceChildren();
    palette.showModal();
    htmx.ajax("GET", "/search", { source: palette, target: palette, swap: "innerHTML" });
    return true;
  }

  // What was looked for lately, above the places to go to.
  function offerRecent(results) {
    const searches = results.dataset.results === "" ? recent() : [];
    if (!searches.length || find(".recent", results)) return;
    const row = document.createElement("p");
    row.className = "recent row";
    for (const words of searches) {
      const again = document.createElement("button");
      again.type = "button";
      again.className = "btn small";
      again.textContent = words;
      again.addEventListener("click", () => {
        const box = find("input", results.closest("[data-finder]"));
        box.value = words;
        box.focus();
        box.form.requestSubmit();
      });
      row.append(again);
    }
    results.prepend(row);
  }

  on("htmx:finally:request", () => all("[data-results]").forEach(offerRecent));

  on("click", event => {
    const { target } = event;
    const results = target.closest?.("a") && target.closest("[data-results]");
    if (results?.dataset.results && user()) {
      const words = [results.dataset.results, ...recent().filter(old => old !== results.dataset.results)].slice(0, 5);
      try {
        localStorage.setItem(recentSlot(), JSON.stringify(words));
      } catch {}
    }
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
    if (target.closest?.("[data-palette]") && plain && openPalette()) event.preventDefault();
    if (target.id === "palette") target.close(); // beside it
    if (target.closest?.("[data-close]")) target.closest("dialog").close();
  });

  on("keydown", event => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      if (openPalette()) event.preventDefault();
      return;
    }
    const finder = event.target.closest?.("[data-finder]");
    const results = finder && find("[data-results]", finder);
    if (!results) return;
    const box = find("input", finder);
    const links = all("a.cover", results);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      (links[links.indexOf(document.activeElement) + step] ?? (step < 0 ? box : links.at(-1)) ?? box).focus();
      event.preventDefault();
    } else if (event.key === "Enter" && event.target === box && links[0] && results.dataset.results === box.value.trim()) {
      links[0].click();
      event.preventDefault();
    }
  });

  welcome();
  restoreAll();
  all("[data-results]").forEach(offerRecent);
})();
