// Copies a draft as it stands in its box; without this script it is copied by hand.

for (const place of document.querySelectorAll("[data-copying]")) {
  const button = place.querySelector("[data-copy]");
  const field = place.querySelector("textarea");
  const state = place.querySelector("[data-copied]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      state.textContent = "Kopiert.";
    } catch {
      // an address without encryption: the browser lets nobody but the person copy
      field.select();
      state.textContent = "Bitte kopieren Sie mit Strg+C.";
    }
  });
}
