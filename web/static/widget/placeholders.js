/**
 * What the placeholders of a masked question stand for. The words are read from the question that
 * was typed here: the site sends none of them.
 */

const PLACEHOLDER = /(\[[A-Z][A-Z_]*-\d+\])/;

/**
 * @param {string} question  as it was typed
 * @param {string | null} masked  the same as the site passed it on; null where nothing was masked
 * @returns {Map<string, string>}
 */
export function ownWords(question, masked) {
  if (!masked) return new Map();
  const parts = tidy(masked).split(PLACEHOLDER); // text and placeholders in turn
  const pattern = parts.map((part, number) => (number % 2 ? "(.+?)" : escaped(part))).join("");
  const found = new RegExp(`^${pattern}$`, "su").exec(tidy(question));
  const names = parts.filter((_, number) => number % 2);
  return new Map(found ? names.map((name, number) => [name, found[number + 1]]) : []);
}

/** A text with its own words in place of placeholders. */
export function putBack(text, words) {
  return text
    .split(PLACEHOLDER)
    .map((part) => words.get(part) ?? part)
    .join("");
}

/** A question as service/guard.py tidies it. */
function tidy(text) {
  const visible = text.normalize("NFC").replace(/(?![\s\u200c])\p{C}/gu, "");
  return visible.split(/\s+/).join(" ").trim();
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
