/**
 * Shows an answer as its events come in: sentences, changes to come, sources, where to turn.
 */

import { attachTranslate } from "../translate.js";
import { feedbackForm } from "./feedback.js";
import { ownWords, putBack } from "./placeholders.js";

const NUMBERS = ["112", "110", "115", "116117", "116016", "08001110111"]; // that our texts name
const UNSEEN = /(?![\u200c\u200d])\p{Cf}/gu; // as web/citizen/plain_text.py takes them out
const LONGEST_QUOTE = 300; // characters of a quote that an address holds
const CUT = " … "; // stands for the middle of a long one
const MADE_BY = {
  curated: "made_by_people",
  extractive: "made_of_sentences",
  generated: "made_by_model",
};

export class AnswerView {
  /**
   * @param {HTMLElement} place  where the answer is shown
   * @param {object} config  the widget's words in the answer's language
   * @param {{base: string, town: string, element: Function}} context
   * @param {string} question  as it was typed
   */
  constructor(place, config, context, question) {
    this.question = question;
    this.words = new Map(); // what placeholders stand for
    this.sentences = []; // as they came, to be told with the next question
    this.config = config;
    this.texts = config.texts;
    this.context = context;
    this.cited = new Set();
    this.said = []; // elements that say the whole answer, for the one announcement
    this.place = place;
    place.lang = config.lang;
    place.dir = config.direction;
    const part = (className) => context.element("div", className);
    this.parts = {
      message: part("message"),
      statements: part("statements"),
      changes: part("changes"),
      made: part("made"),
      sources: part("sources"),
      end: part("end"),
    };
    place.append(...Object.values(this.parts));
  }

  /** Takes one event. */
  take({ name, data }) {
    if (name === "status") this.showHead(data);
    else if (name === "statement") this.showStatement(data);
    else if (name === "citation") this.showSource(data);
    else if (name === "change") this.showChange(data);
    else if (name === "done") this.showEnd(data);
  }

  showHead(head) {
    this.head = head;
    this.words = ownWords(this.question, head.masked_question);
    if (head.personal_data.length) {
      const warning = this.make("p", "notice", this.texts.personal_data_seen);
      this.parts.message.append(warning);
      this.said.push(warning);
    }
    const message = this.make("p", head.status === "answered" ? "" : `notice ${head.status}`);
    message.dir = "auto";
    message.append(...withNumbers(head.message, this.context.element));
    this.parts.message.append(message);
    this.message = message;
    this.said.push(message);
    if (head.status === "answered") {
      const made = `${this.texts.made_by_machine} ${this.texts[MADE_BY[head.mode]]}`;
      this.parts.made.append(this.make("p", "hint", made));
    } else if (head.status !== "emergency") {
      const where = whereToTurn(this.config, this.context.element);
      this.parts.message.append(where);
    }
  }

  showStatement(statement) {
    this.sentences.push(statement.text);
    const isReplaced = this.head.mode === "generated" && statement.verbatim;
    const sentence = this.quoted(isReplaced ? "blockquote" : "p", {
      ...statement,
      text: statement.verbatim ? statement.text : putBack(statement.text, this.words),
    });
    this.parts.statements.append(sentence);
    this.said.push(sentence.cloneNode(true));
    for (const number of statement.citations) {
      const button = this.make("button", "number", String(number));
      button.type = "button";
      button.setAttribute("aria-label", this.texts.source.replace("{number}", String(number)));
      button.addEventListener("click", () => this.goTo(number));
      sentence.append(" ", button);
    }
  }

  showSource(citation) {
    this.cited.add(citation.document_id);
    const list = this.listIn("sources", "ol", this.texts.sources_heading);
    const item = this.make("li");
    item.value = citation.number;
    item.append(...this.sourceOf(citation));
    list.append(item);
  }

  showChange(change) {
    const list = this.listIn("changes", "ul", this.texts.coming_heading);
    const item = this.make("li");
    const day = this.texts.from_day.replace("{date}", this.written(change.from));
    item.append(this.make("p", "", day), ...this.sourceOf(change.citation, change.from));
    list.append(item);
  }

  showEnd({ message, related }) {
    if (message !== this.head.message) {
      this.message.replaceChildren(...withNumbers(message, this.context.element));
    }
    if (related.length) {
      this.parts.end.append(this.make("h4", "", this.texts.related_heading));
      const list = this.make("ul", "related");
      list.append(
        ...related.map(({ title, url }) => {
          const item = this.make("li");
          item.append(this.link(url, plain(title)));
          return item;
        }),
      );
      this.parts.end.append(list);
    }
    if (this.head.status !== "emergency") {
      const answer = {
        status: this.head.status,
        mode: this.head.mode,
        language: this.head.language,
        documents: [...this.cited],
      };
      this.parts.end.append(feedbackForm(answer, this.texts, this.context));
    }
    attachTranslate(this.place, { to: this.config.lang, texts: this.texts });
  }

  /** The place of a passage as a link, its document, its words and its dates. */
  sourceOf(citation, day) {
    const label = this.make("p", "label");
    label.append(this.link(this.sourceAddress(citation, day), plain(citation.label)));
    const dates = [
      [citation.as_of, this.texts.as_of],
      [citation.valid_from, this.texts.in_force_from],
      [citation.valid_to, this.texts.in_force_until],
    ].filter(([date]) => date);
    const written = dates.map(([date, text]) => text.replace("{date}", this.written(date)));
    const title = this.make("p", "hint", plain(citation.title));
    title.dir = "auto";
    title.lang = citation.language;
    return [
      label,
      title,
      this.quoted("blockquote", { text: citation.quote, language: citation.language }),
      this.make("p", "hint", written.join(" · ")),
    ];
  }

  /** The address of the page that shows a passage in its document (web/citizen/sources.py). */
  sourceAddress(citation, day) {
    const query = new URLSearchParams({ document: citation.document_id });
    if (citation.page) query.set("page", citation.page);
    query.set("quote", shortened(citation.quote));
    if (day) query.set("as_of", day);
    query.set("language", this.config.language);
    return `${this.context.base}source?${query}#passage`;
  }

  /** A link that opens beside the town's page; plain text where an address is none of the web. */
  link(address, text) {
    const isSafe = /^https?:\/\//i.test(address || "");
    const link = this.make(isSafe ? "a" : "span", "", text);
    link.dir = "auto";
    if (isSafe) {
      Object.assign(link, { href: address, target: "_blank", rel: "noopener noreferrer" });
      link.title = this.texts.new_tab;
    }
    return link;
  }

  goTo(number) {
    const items = [...this.parts.sources.querySelectorAll("li")];
    const link = items.find((item) => item.value === number)?.querySelector("a");
    if (link) link.focus();
  }

  listIn(part, tag, heading) {
    const place = this.parts[part];
    if (!place.firstChild) place.append(this.make("h4", "", heading), this.make(tag));
    return place.lastChild;
  }

  quoted(tag, { text, language }) {
    const quote = this.make(tag, "", plain(text));
    quote.lang = language;
    quote.dir = ["ar", "fa"].includes(language) ? "rtl" : "ltr";
    return quote;
  }

  written(day) {
    const { lang } = this.config;
    const locale = `${lang === "en" ? "en-GB" : lang}-u-ca-gregory`;
    const parts = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
    return new Intl.DateTimeFormat(locale, parts).format(new Date(day));
  }

  make(tag, className, text) {
    return this.context.element(tag, className, text);
  }
}

/** The town's contact, its opening hours and the public service number. */
export function whereToTurn({ texts, contact, calls, opening_hours: hours }, element) {
  const box = element("div", "where");
  if (contact) {
    const line = element("p", "contact");
    const words = element("bdi"); // the town's own, whatever the language around them
    let rest = contact;
    for (const { text, url } of calls) {
      const place = rest.indexOf(text);
      words.append(rest.slice(0, place), telephone(url, text, element));
      rest = rest.slice(place + text.length);
    }
    words.append(rest);
    line.append(words);
    box.append(line);
  }
  if (hours) {
    const line = element("p", "", `${texts.opening_hours}: `);
    line.append(element("bdi", "", hours));
    box.append(line);
  }
  if (!calls.some(({ url }) => url === "tel:115")) {
    const line = element("p");
    line.append(telephone("tel:115", texts.service_number, element, "auto"));
    box.append(line);
  }
  return box;
}

/** A text's parts, the numbers that can be called as links. */
export function withNumbers(text, element) {
  return text.split(/(\d[\d ]*\d)/).map((part) => {
    const number = part.replace(/ /g, "");
    return NUMBERS.includes(number) ? telephone(`tel:${number}`, part, element) : part;
  });
}

function telephone(address, text, element, dir = "ltr") {
  const link = element("a", "telephone", text);
  link.href = address;
  link.dir = dir;
  return link;
}

/** A document's words without characters that are not seen but turn others round. */
function plain(text) {
  return (text || "").replace(UNSEEN, "");
}

/** A quote as its address holds it: of a long one its beginning and end (web/citizen/sources.py). */
function shortened(quote) {
  const line = quote.trim().split(/\s+/).join(" ");
  if (line.length <= LONGEST_QUOTE) return line;
  const half = Math.floor((LONGEST_QUOTE - CUT.length) / 2);
  const [beginning, end] = [line.slice(0, half), line.slice(-half)];
  return beginning.slice(0, beginning.lastIndexOf(" ")) + CUT + end.slice(end.indexOf(" ") + 1);
}
