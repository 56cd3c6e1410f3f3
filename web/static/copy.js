// Copies a text of the page: without a script it can be selected and copied all the same.

for (const place of document.querySelectorAll("[data-copying]")) {
  const button = place.querySelector("[data-copy]");
  const field = place.querySelector("textarea");
  const copied = place.querySelector("[data-copied]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      copied.textContent = "Kopiert.";
    } catch {
      // an address without encryption: the browser lets nobody but the person copy
      field.select();
      copied.textContent = "Bitte kopieren Sie mit Strg+C.";
    }
  });
}
