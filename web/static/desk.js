// The front desk: type and see, keys, copying. The server sends the same parts of the page that it
// sends as a whole without this script; they are parsed as a document and moved in.

const PAUSE = 40; // milliseconds after the last key; from key to key it is longer
const PREVIEW = 250; // milliseconds that a passage is looked at before its page is fetched
const MOST_RECENT = 8;

const form = /** @type {HTMLFormElement} */ (document.querySelector("#search"));
const words = /** @type {HTMLInputElement} */ (document.querySelector("#q"));
const desk = document.querySelector(".desk");
const results = document.querySelector("#results");
const pane = document.querySelector("#pane");
const state = document.querySelector("#state");
const keys = /** @type {HTMLDetailsElement} */ (document.querySelector("#keys"));
const useKeys = /** @type {HTMLInputElement} */ (document.querySelector("#use-keys"));
const recent = document.querySelector("#recent");
const recentKey = `desk-recent:${form.dataset.person}`;
const wide = matchMedia("(min-width: 64rem)");

// Fetching: of each part only the last that was asked for counts.

const running = new Map();

/** Puts a part of the page in place; whether it was the last one asked for, and came. */
async function load(place, address) {
  running.get(place)?.abort();
  const control = new AbortController();
  running.set(place, control);
  try {
    const response = await fetch(address, { signal: control.signal });
    if (response.redirected || response.status === 401) {
      history.replaceState(null, "", `/desk?${asked()}`); // what is typed comes back after signing in
      return location.reload(), false;
    }
    if (!response.ok) throw new Error(String(response.status));
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (control.signal.aborted) return false;
    place.replaceChildren(...page.body.childNodes);
    enliven(place);
    return true;
  } catch (error) {
    if (error.name !== "AbortError") say("Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.");
    return false;
  }
}

/** Shows what only works with this script. */
function enliven(place) {
  for (const hidden of place.querySelectorAll("[data-copy], [data-needs-script]")) hidden.hidden = false;
}

function say(text) {
  state.textContent = text;
}

/** What is typed and chosen, as a query. */
function asked() {
  const filled = [...new FormData(form)].filter(([, value]) => String(value).trim());
  return new URLSearchParams(/** @type {string[][]} */ (filled));
}

// Searching

let typing = 0;
let looking = 0;

async function search(withAnswer) {
  clearTimeout(typing);
  clearTimeout(looking);
  const query = asked();
  const isEmpty = !query.has("q");
  desk.classList.toggle("compared", query.has("compare"));
  if (withAnswer) query.set("answer", "1");
  if (!(await load(results, `/desk/results?${query}`))) return;
  const count = Number(results.querySelector("[data-count]")?.dataset.count ?? 0);
  say(isEmpty ? "" : count === 1 ? "1 Fundstelle" : `${count} Fundstellen`);
  if (isEmpty) pane.replaceChildren();
  else look(results.querySelector("a.source") ?? hits()[0]);
}

/** Fetches the page of a passage that is looked at for a while. */
function look(hit) {
  clearTimeout(looking);
  if (hit && wide.matches) looking = setTimeout(() => show(hit), PREVIEW);
}

words.addEventListener("input", () => {
  clearTimeout(typing);
  clearTimeout(looking);
  for (const control of running.values()) control.abort(); // nobody waits for it any more
  typing = setTimeout(search, PAUSE, false);
});
form.addEventListener("change", (event) => {
  if (event.target !== words) search(Boolean(results.querySelector("[data-answer]")));
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  history.replaceState(null, "", `/desk?${asked()}`);
  remember(words.value.trim());
  search(true);
});

// What lies open

const hits = () => /** @type {HTMLAnchorElement[]} */ ([...results.querySelectorAll("a.hit")]);

/** Opens the page of a link beside the passages; whether it came. */
async function show(link) {
  clearTimeout(looking);
  const address = new URL(link.href);
  const isShown = await load(pane, `/desk/page${address.search}`);
  if (!isShown) return false;
  for (const hit of hits()) hit.removeAttribute("aria-current");
  if (link.matches(".hit")) link.setAttribute("aria-current", "true");
  if (wide.matches) pane.querySelector("details.text[open] mark")?.scrollIntoView({ block: "nearest" });
  scrollToMark();
  return true;
}

/** Scrolls the picture to what is marked in it: not every browser does so by the style sheet. */
function scrollToMark() {
  const mark = /** @type {HTMLElement | null} */ (pane.querySelector("#mark"));
  const frame = mark?.closest(".frame");
  if (frame) frame.scrollTop = mark.offsetTop - frame.clientHeight / 3;
}

async function open(link) {
  const way = link.dataset.pane;
  if (!(await show(link))) return;
  history.replaceState(null, "", link.href);
  remember(words.value.trim());
  const same = way && pane.querySelector(`[data-pane="${way}"]`);
  (same || pane.querySelector("#opened"))?.focus();
  pane.querySelector("#mark")?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const link = event.target.closest("a.hit, a[data-pane]");
  if (link) {
    event.preventDefault();
    open(link);
  } else if (event.target.closest("[data-ask]")) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.target.closest("[data-copy]")) {
    copyFrom(event.target.closest("[data-copying]"));
  }
});
results.addEventListener("focusin", (event) => {
  if (event.target.matches("a.hit:focus-visible")) look(event.target);
});

// Copying

async function copy(text, field) {
  try {
    await navigator.clipboard.writeText(text);
    say("Kopiert.");
  } catch {
    // an address without encryption: the browser lets nobody but the person copy
    field.closest("details").open = true;
    field.select();
    say("Bitte kopieren Sie mit Strg+C.");
  }
}

function copyFrom(place) {
  const field = place.querySelector("textarea");
  copy(field.value, field);
}

/** Copies what is selected in the open page, else its passage, with the source. */
function copyQuotation() {
  const field = pane.querySelector("#quotation");
  const text = pane.querySelector("#text");
  if (!field) return say("Zum Kopieren öffnen Sie zuerst eine Fundstelle.");
  const selection = getSelection();
  const chosen = selection && text.contains(selection.anchorNode) ? selection.toString().trim() : "";
  copy(chosen ? `»${chosen.replace(/\s+/g, " ")}« (${text.dataset.source})` : field.value, field);
}

// Keys. Those of one character can be switched off, and never act while somebody types.

const byCharacter = {
  "/": () => words.focus(),
  j: () => move(1),
  k: () => move(-1),
  c: copyQuotation,
  w: markWrong,
  "?": () => {
    keys.open = !keys.open;
    if (keys.open) keys.querySelector("summary").focus();
  },
};

/** Moves the focus by so many passages. */
function move(by) {
  const all = hits();
  const here = all.indexOf(document.activeElement);
  const current = here < 0 ? all.findIndex((hit) => hit.hasAttribute("aria-current")) : here;
  const next = here < 0 && current < 0 ? 0 : Math.min(Math.max(current + by, 0), all.length - 1);
  all[next]?.focus();
}

/** Marks the answer that is shown; of two, that of the column with the focus. */
function markWrong() {
  if (!results.querySelector("[data-answer]")) return say("Zeigen Sie zuerst die Antwort: Eingabetaste im Suchfeld.");
  const columns = results.querySelectorAll(".column");
  const column = columns.length > 1 ? document.activeElement.closest(".column") : columns[0];
  if (!column) return say("Welche der beiden Antworten? Gehen Sie zuerst zu einer Fundstelle ihrer Spalte.");
  const wrong = column.querySelector("form.wrong");
  if (wrong) wrong.requestSubmit();
  else say("In dieser Spalte steht keine Antwort, die Sie melden können.");
}

function goBack(target) {
  const current = results.querySelector("a.hit[aria-current]");
  if (pane.contains(target) && current) current.focus();
  else words.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = /** @type {Element} */ (event.target);
  const isField = target.matches("input, textarea, select");
  const isMoving = event.key === "ArrowDown" || event.key === "ArrowUp";
  if (isMoving && (target === words ? event.key === "ArrowDown" : target.matches("a.hit"))) {
    event.preventDefault();
    if (target === words) hits()[0]?.focus();
    else if (event.key === "ArrowUp" && target === hits()[0]) words.focus();
    else move(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Escape" && (!isField || target.readOnly)) {
    goBack(target);
  } else if (!isField && useKeys.checked && Object.keys(byCharacter).includes(event.key)) {
    event.preventDefault();
    byCharacter[event.key]();
  }
});

useKeys.checked = sessionStorage.getItem("desk-keys") !== "off";
useKeys.addEventListener("change", () => sessionStorage.setItem("desk-keys", useKeys.checked ? "on" : "off"));

// Recent searches: of this tab and this person only; staff.js clears them at signing out.

const remembered = () => JSON.parse(sessionStorage.getItem(recentKey) ?? "[]");

function remember(text) {
  if (!text) return;
  const others = remembered().filter((other) => other !== text);
  sessionStorage.setItem(recentKey, JSON.stringify([text, ...others].slice(0, MOST_RECENT)));
  showRecent();
}

function showRecent() {
  const items = remembered().map((text) => {
    const link = document.createElement("a");
    link.href = `/desk?${new URLSearchParams({ q: text })}`;
    link.textContent = text;
    const item = document.createElement("li");
    item.append(link);
    return item;
  });
  recent.querySelector("ul").replaceChildren(...items);
  recent.hidden = items.length === 0;
}

recent.querySelector("button").addEventListener("click", () => {
  sessionStorage.removeItem(recentKey);
  showRecent();
  words.focus();
});

enliven(document);
scrollToMark();
keys.hidden = false;
remember(words.value.trim());
showRecent();
