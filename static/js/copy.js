// A button that copies what is in a field. It is hidden where this script or the clipboard is missing: the field can be marked by hand.
const offer = () => {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy][hidden]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
        say("Copied.");
      } catch {
        say("It could not be copied. Mark it and copy it by hand.", "bad");
      }
    });
  }
};
const say = (text, kind) => dispatchEvent(new CustomEvent("toast", { detail: { text, kind } }));

offer();
addEventListener("htmx:after:swap", offer);
