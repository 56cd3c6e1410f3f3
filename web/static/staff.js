// On every page of staff: what this tab remembers ends with signing out, and what was done is read
// out when the page comes back.

const signOut = document.querySelector('form[action="/sign-out"]');
signOut?.addEventListener("submit", () => sessionStorage.clear());

const done = /** @type {HTMLElement | null} */ (document.querySelector("#done"));
done?.focus();

// What changes something is sent once, however often it is pressed. Whoever stopped the browser can
// send it again after a while.
const SENDING = 10_000; // milliseconds

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
  if (form.ariaBusy === "true") return event.preventDefault();
  form.ariaBusy = "true";
  setTimeout(() => (form.ariaBusy = null), SENDING);
});
addEventListener("pageshow", () => {
  for (const form of document.forms) form.ariaBusy = null; // the way back leads to a page as it was
});
