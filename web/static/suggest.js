/**
 * Suggestions while typing, as a combobox with a list: arrows, Enter, Escape, and a polite count.
 *
 * @typedef {object} Options
 * @property {string} endpoint  the address of `GET /api/v1/suggestions`
 * @property {string | (() => string)} language  of the asker, or what tells it
 * @property {string | (() => string)} [town]  name or key of a town, "" for none
 * @property {{suggestions: string, suggested: string[]}} texts  the list's name, and what is said
 *   of so many suggestions: "", "1 suggestion", "2 suggestions" …
 * @property {(text: string) => void} [onChoice]  called when a suggestion was taken over
 */

const PAUSE = 120; // milliseconds without a key before the server is asked
const FEWEST = 3; // characters
const MOST = 100; // beyond, a question is one of its own
let lists = 0;

/**
 * Lets a text field suggest. Returns what takes everything away again.
 *
 * @param {HTMLInputElement | HTMLTextAreaElement} field
 * @param {Options} options
 * @returns {() => void}
 */
export function attachSuggestions(field, options) {
  const list = document.createElement("ul");
  list.id = `suggestions-${++lists}`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", options.texts.suggestions);
  list.hidden = true;
  const count = document.createElement("p");
  count.className = "suggestions-count";
  count.setAttribute("role", "status");
  field.after(list, count);
  const attributes = {
    role: "combobox",
    autocomplete: "off",
    "aria-autocomplete": "list",
    "aria-haspopup": "listbox",
    "aria-controls": list.id,
    "aria-expanded": "false",
  };
  for (const [name, value] of Object.entries(attributes)) field.setAttribute(name, value);

  let active = -1;
  let timer = 0;
  let request = new AbortController();
  const valueOf = (option) => (typeof option === "function" ? option() : option || "");

  function close() {
    clearTimeout(timer);
    request.abort();
    list.hidden = true;
    list.replaceChildren();
    count.textContent = "";
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function show(suggestions) {
    list.replaceChildren(
      ...suggestions.map(({ text, language }, place) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${place}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.lang = language;
        option.dir = "auto";
        option.textContent = text;
        return option;
      }),
    );
    active = -1;
    field.removeAttribute("aria-activedescendant");
    list.hidden = !suggestions.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
    count.textContent = options.texts.suggested[suggestions.length] || "";
  }

  function move(place) {
    const choices = list.children;
    if (choices[active]) choices[active].setAttribute("aria-selected", "false");
    active = (place + choices.length) % choices.length;
    choices[active].setAttribute("aria-selected", "true");
    choices[active].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", choices[active].id);
  }

  function choose(option) {
    field.value = option.textContent;
    close();
    field.focus();
    if (options.onChoice) options.onChoice(field.value);
  }

  async function ask(typed) {
    request.abort();
    request = new AbortController();
    const { signal } = request;
    const query = new URLSearchParams({ q: typed, language: valueOf(options.language) });
    const town = valueOf(options.town);
    if (town) query.set("town", town);
    try {
      const response = await fetch(`${options.endpoint}?${query}`, { signal, credentials: "omit" });
      if (!response.ok) return;
      const { suggestions } = await response.json();
      if (!signal.aborted) show(suggestions.filter(({ text }) => text !== field.value.trim()));
    } catch {
      // Typing goes on without suggestions, whatever kept them away.
    }
  }

  function onInput(event) {
    clearTimeout(timer);
    request.abort();
    const typed = field.value.trim();
    if (event.isComposing || typed.length < FEWEST || typed.length > MOST) {
      close();
      return;
    }
    timer = setTimeout(() => ask(typed), PAUSE);
  }

  function onKey(event) {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (list.hidden) {
      if (event.key === "Enter") close(); // what was typed is sent: no answer may come late
      return;
    }
    if (event.key === "ArrowDown") move(active + 1);
    else if (event.key === "ArrowUp") move(active < 0 ? -1 : active - 1);
    else if (event.key === "Enter" && active >= 0) choose(list.children[active]);
    else if (event.key === "Escape") close();
    else {
      if (event.key === "Enter" || event.key === "Tab") close();
      return;
    }
    event.preventDefault();
    event.stopPropagation(); // Escape closes the list first, then what is around it
  }

  function onPress(event) {
    event.preventDefault(); // the field keeps the focus
  }

  function onClick(event) {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  }

  field.addEventListener("input", onInput);
  field.addEventListener("keydown", onKey);
  field.addEventListener("blur", close);
  list.addEventListener("mousedown", onPress);
  list.addEventListener("click", onClick);
  return () => {
    close();
    field.removeEventListener("input", onInput);
    field.removeEventListener("keydown", onKey);
    field.removeEventListener("blur", close);
    for (const name of Object.keys(attributes)) field.removeAttribute(name);
    list.remove();
    count.remove();
  };
}
