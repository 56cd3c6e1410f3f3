/**
 * Translates quotes on the visitor's own device, where the browser can: nothing is sent anywhere.
 * https://developer.mozilla.org/docs/Web/API/Translator
 *
 * @typedef {object} Options
 * @property {string} to  the language to translate to
 * @property {{translate: string, translating: string, translated: string,
 *   translation_failed: string}} texts
 */

/**
 * Adds a button below every quotation (`blockquote[lang]`) of another language; none where the
 * browser cannot translate. Returns how many were added.
 *
 * @param {ParentNode} container
 * @param {Options} options
 * @returns {Promise<number>}
 */
export async function attachTranslate(container, { to, texts }) {
  if (!("Translator" in globalThis)) return 0;
  const quotes = [...container.querySelectorAll("blockquote[lang]")];
  let added = 0;
  for (const quote of quotes.filter((quote) => quote.lang && quote.lang !== to)) {
    const pair = { sourceLanguage: quote.lang, targetLanguage: to };
    try {
      if ((await Translator.availability(pair)) === "unavailable") continue;
    } catch {
      continue; // a page's policy may forbid it
    }
    quote.after(translateButton(quote, pair, texts));
    added += 1;
  }
  return added;
}

function translateButton(quote, pair, texts) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "translate";
  button.textContent = texts.translate;
  const note = document.createElement("p");
  note.className = "hint";
  note.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    button.textContent = texts.translating; // the browser may have to fetch its model first
    button.after(note);
    try {
      const translator = await Translator.create(pair);
      const words = await translator.translate(quote.textContent);
      const translation = document.createElement("blockquote");
      translation.className = "translation";
      translation.lang = pair.targetLanguage;
      translation.dir = "auto";
      translation.textContent = words;
      note.after(translation);
      note.textContent = texts.translated;
      note.tabIndex = -1;
      if (button.matches(":focus")) note.focus(); // the button goes; the focus must not
      button.remove();
    } catch {
      note.textContent = texts.translation_failed;
      button.textContent = texts.translate;
      button.removeAttribute("aria-disabled");
    }
  });
  return button;
}
