/**
 * The widget's words in each language, and what it says before the first question.
 */

import { whereToTurn } from "./answer.js";

/** The words of each language, fetched once. */
export class Speaker {
  constructor({ base, town }) {
    this.base = base;
    this.town = town;
    this.known = {};
  }

  async load(language) {
    if (!this.known[language]) {
      const query = new URLSearchParams({ language });
      if (this.town) query.set("town", this.town);
      const address = `${this.base}api/v1/widget?${query}`;
      const response = await fetch(address, { credentials: "omit", referrerPolicy: "no-referrer" });
      if (!response.ok) throw new Error(`${address}: ${response.status}`);
      this.known[language] = await response.json();
    }
    return this.known[language];
  }
}

/**
 * What this is and where to turn; or why nothing can be asked here, and where it can.
 *
 * @param {object} config
 * @param {HTMLElement} lead  describes the panel, and gets its first sentence
 * @param {{base: string, element: Function}} context
 * @returns {HTMLElement[]}
 */
export function introduction(config, lead, { base, element }) {
  const { texts, problem } = config;
  const parts = [lead];
  lead.className = problem ? "notice problem" : "lead";
  if (problem) lead.textContent = problem;
  else lead.textContent = config.has_language_model ? texts.introduction_with_model : texts.introduction;
  if (!problem && config.lang !== "de") parts.push(element("p", "", texts.german_is_binding));
  parts.push(whereToTurn(config, element));
  const links = config.links.filter(({ url }) => /^https?:\/\//i.test(url));
  if (problem) {
    links.unshift({ text: texts.heading, url: `${base}ask?language=${config.language}` });
  }
  if (!links.length) return parts;
  const list = element("ul", "links");
  for (const { text, url } of links) {
    const link = element("a", "", text);
    Object.assign(link, { href: url, target: "_blank", rel: "noopener noreferrer" });
    link.title = texts.new_tab;
    const item = element("li");
    item.append(link);
    list.append(item);
  }
  return [...parts, list];
}
