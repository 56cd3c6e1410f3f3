/**
 * The widget's panel: what this is, the conversation, and the form. Nothing of it is kept.
 */

import { attachSuggestions } from "../suggest.js";
import { AnswerView } from "./answer.js";
import { Problem, streamAnswer } from "./events.js";
import { LOOK } from "./look.js";
import { introduction, Speaker } from "./words.js";

const PATIENCE = 2500; // milliseconds after which waiting is said aloud
const PHONE = "(max-width: 40em), (max-height: 30em)"; // as in look.js
const MOST_TURNS = 6; // that the site takes, each with so many characters of its answer
const LONGEST_TURN = 1000;

/**
 * Opens the panel of a widget, made on the first call. Throws where the site cannot be reached.
 *
 * @param {HTMLElement} widget  has `shadowRoot`, `root` and `launcher` (loader.js)
 * @param {{base: string, language: string, town: string, dress: Function, element: Function}} context
 */
export async function openPanel(widget, context) {
  if (!widget.panel) {
    const speaker = new Speaker(context);
    const config = await speaker.load(context.language);
    context.dress(widget.shadowRoot, LOOK);
    widget.panel = new Panel(widget, context, speaker, config);
  }
  widget.panel.open();
}

class Panel {
  constructor(widget, context, speaker, config) {
    Object.assign(this, { widget, context, speaker });
    this.previous = ""; // the question before, which completes one that leans on it
    this.turns = []; // what was asked and answered, for a language model to do so
    this.chosen = ""; // the language that the panel is to be in
    this.request = null;
    this.build();
    this.speak(config);
    widget.root.append(this.frame);
    this.listenToKeys();
  }

  build() {
    const { element } = this.context;
    this.frame = element("div", "panel");
    this.frame.hidden = true;
    this.title = element("h2", "title");
    this.town = element("p", "town");
    this.language = element("select", "language");
    this.close = element("button", "close", "×");
    this.lead = element("p", "lead");
    this.intro = element("div", "intro");
    this.talk = element("div", "talk");
    this.body = element("div", "body");
    this.label = element("label");
    this.field = element("input");
    this.hint = element("p", "hint");
    this.button = element("button");
    this.form = element("form", "ask");
    this.anew = element("button", "plain anew");
    this.status = element("p", "aloud");

    this.frame.setAttribute("role", "dialog");
    this.frame.setAttribute("aria-labelledby", (this.title.id = "title"));
    this.frame.setAttribute("aria-describedby", (this.lead.id = "lead"));
    this.title.tabIndex = -1;
    this.close.type = this.anew.type = "button";
    this.anew.hidden = true;
    this.body.tabIndex = 0; // so that arrow keys scroll it
    this.body.setAttribute("role", "group");
    this.label.htmlFor = this.field.id = "question";
    this.field.setAttribute("aria-describedby", (this.hint.id = "hint"));
    Object.assign(this.field, { type: "text", maxLength: 1000, dir: "auto", enterKeyHint: "send" });
    this.status.setAttribute("role", "status");

    const head = element("div", "head");
    head.append(this.title, this.close, this.town, this.language);
    this.body.append(this.intro, this.talk, this.anew);
    const line = element("div", "line");
    const typed = element("div", "typed");
    typed.append(this.field);
    line.append(typed, this.button); // the list of suggestions is as wide as the line
    this.form.append(this.label, line, this.hint);
    this.frame.append(head, this.body, this.form, this.status);

    this.close.addEventListener("click", () => this.leave());
    this.anew.addEventListener("click", () => this.startAnew());
    this.language.addEventListener("change", () => this.change(this.language.value));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask(this.field.value.trim());
    });
  }

  /** Says everything around the conversation in the words of a configuration. */
  speak(config) {
    const { element } = this.context;
    const { texts, town } = config;
    this.config = config;
    this.frame.lang = config.lang;
    this.frame.dir = config.direction;
    this.title.textContent = texts.heading;
    this.town.replaceChildren(element("bdi", "", town ? town.name : ""));
    this.language.setAttribute("aria-label", texts.language_label);
    this.language.replaceChildren(
      ...config.languages.map(({ language, lang, name }) => {
        const option = element("option", "", name);
        Object.assign(option, { value: language, lang, selected: language === config.language });
        return option;
      }),
    );
    this.close.setAttribute("aria-label", texts.close);
    this.close.title = texts.close;
    this.body.setAttribute("aria-label", texts.heading);
    this.label.textContent = this.previous ? texts.next_question : texts.question_label;
    this.hint.textContent = texts.question_hint;
    this.anew.textContent = texts.start_anew;
    this.button.textContent = texts.ask;
    this.form.hidden = Boolean(config.problem);
    this.intro.replaceChildren(...introduction(config, this.lead, this.context));
    if (this.unsuggest) this.unsuggest();
    this.unsuggest = attachSuggestions(this.field, {
      endpoint: `${this.context.base}api/v1/suggestions`,
      language: config.lang,
      town: this.context.town,
      texts,
    });
  }

  async change(language) {
    this.chosen = language;
    try {
      const config = await this.speaker.load(language);
      if (this.chosen === language) this.speak(config);
    } catch {
      this.language.value = this.config.language;
      this.announce(this.config.texts.unreachable);
    }
  }

  open() {
    const isPhone = matchMedia(PHONE).matches;
    this.frame.setAttribute("aria-modal", String(isPhone)); // there it hides the page
    this.frame.hidden = false;
    this.widget.launcher.setAttribute("aria-expanded", "true");
    const hasKeyboard = !this.form.hidden && !matchMedia("(pointer: coarse)").matches;
    (hasKeyboard ? this.field : this.title).focus();
  }

  /** Closes the panel and gives up an answer that is still under way. */
  leave() {
    if (this.request) this.request.abort();
    this.frame.hidden = true;
    this.widget.launcher.setAttribute("aria-expanded", "false");
    this.widget.launcher.focus();
  }

  listenToKeys() {
    this.frame.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) {
        event.preventDefault();
        this.leave();
      }
      if (event.key === "Tab" && matchMedia(PHONE).matches) this.turnRound(event);
    });
  }

  /** Keeps the focus inside where the panel covers the page. */
  turnRound(event) {
    const all = this.frame.querySelectorAll("a[href], button, input, select, textarea, [tabindex='0']");
    const shown = [...all].filter((one) => one.offsetParent);
    const [first, last] = [shown[0], shown[shown.length - 1]];
    const focused = this.widget.shadowRoot.activeElement;
    if (event.shiftKey ? focused === first || focused === this.title : focused === last) {
      event.preventDefault();
      (event.shiftKey ? last : first).focus();
    }
  }

  /** What the site is asked. */
  bodyOf(question) {
    const { town } = this.context;
    const { language, has_language_model: hasModel } = this.config;
    const body = { question, page_language: language };
    if (this.previous) body.context = this.previous;
    if (hasModel && this.turns.length) body.turns = this.turns;
    if (town) body.town = town;
    return body;
  }

  /**
   * Asks, and shows the answer as it comes. A second press meanwhile does nothing. `again`: the
   * place of a turn that is asked once more; `body`: how, where it is not asked as usual.
   */
  async ask(question, again, body = this.bodyOf(question)) {
    if (this.request || !question) return;
    const { element, base } = this.context;
    const request = (this.request = new AbortController());
    this.button.setAttribute("aria-disabled", "true");
    const place = again || this.begin(question);
    const waiting = element("p", "waiting", this.config.texts.one_moment);
    place.append(waiting);
    const patience = setTimeout(() => this.announce(waiting.textContent), PATIENCE);
    let view = null;
    try {
      for await (const event of streamAnswer(base, body, request)) {
        if (!view) {
          const config = await this.wordsFor(event.data.language);
          const shown = element("div", "answer");
          waiting.before(shown);
          view = new AnswerView(shown, config, this.context, question);
        }
        view.take(event);
      }
      this.bringIntoView(place);
      this.offerSimpleWords(view, place, question, body);
      this.remember(question, view);
      this.label.textContent = this.config.texts.next_question;
      this.anew.hidden = false;
      this.hint.hidden = true; // it is long, and was read
      this.announceAnswer(view);
    } catch (error) {
      this.fail(error, place, question, body);
    } finally {
      clearTimeout(patience);
      waiting.remove();
      this.request = null;
      this.button.removeAttribute("aria-disabled");
    }
  }

  /** Keeps a turn, so that the next question may go on from it. */
  remember(question, view) {
    const answer = view.sentences.join(" ").slice(0, LONGEST_TURN);
    const before = this.turns.filter((turn) => turn.question !== question);
    this.turns = [...before, { question, answer }].slice(-MOST_TURNS);
    this.previous = question;
  }

  /** A button below a German answer that a language model can say in simple words. */
  offerSimpleWords(view, place, question, body) {
    const { has_language_model: hasModel, languages } = this.config;
    const { mode, status, language } = view.head;
    const isOffered = hasModel && status === "answered" && mode !== "curated" && language === "de";
    const simple = languages.find((one) => one.language === "de-simple");
    if (!isOffered || !simple) return;
    const button = this.context.element("button", "plain simple", simple.name);
    Object.assign(button, { type: "button", lang: "de" });
    button.addEventListener("click", () => {
      if (this.request) return;
      place.querySelectorAll(".answer").forEach((old) => old.remove());
      this.field.focus(); // the button that was pressed goes
      this.ask(question, place, { ...body, language: "de-simple" });
    });
    view.parts.made.append(button);
  }

  /** The place of a question in the conversation; its answer goes there. */
  begin(question) {
    const { element } = this.context;
    const place = element("section", "turn");
    const asked = element("h3", "asked", question);
    asked.dir = "auto";
    asked.tabIndex = -1;
    place.append(asked);
    this.talk.append(place);
    this.field.value = "";
    this.bringIntoView(place);
    if (matchMedia("(pointer: coarse)").matches) asked.focus(); // the keyboard would hide the answer
    return place;
  }

  /** Shows a turn from its question on, so that an answer is read from its beginning. */
  bringIntoView(place) {
    this.body.scrollTop += place.getBoundingClientRect().top - this.body.getBoundingClientRect().top;
  }

  /** The words around an answer are in its language. */
  async wordsFor(language) {
    if (!language || language === this.config.lang) return this.config;
    try {
      return await this.speaker.load(language);
    } catch {
      return this.config;
    }
  }

  /** Says what went wrong; what has come stays. */
  fail(error, place, question, body) {
    const { element } = this.context;
    const { texts } = this.config;
    if (error.name === "AbortError") {
      place.remove();
      this.field.value = this.field.value || question; // nothing typed is lost
      return;
    }
    const code = error instanceof Problem ? error.code : "failed";
    const said = element("p", "notice problem", texts[code] || texts.failed);
    const button = element("button", "again", texts.try_again);
    button.type = "button";
    button.addEventListener("click", () => {
      if (this.request) return;
      place.querySelectorAll(".answer, .problem, .again").forEach((old) => old.remove());
      this.field.focus();
      this.ask(question, place, body);
    });
    place.append(said, button);
    this.announce(said.textContent);
  }

  /** Forgets the conversation. */
  startAnew() {
    if (this.request) return;
    this.previous = "";
    this.turns = [];
    this.talk.replaceChildren();
    this.status.replaceChildren();
    this.anew.hidden = true;
    this.hint.hidden = false;
    this.label.textContent = this.config.texts.question_label;
    this.field.focus();
  }

  announce(text) {
    this.status.replaceChildren(text);
  }

  /** Says an answer aloud once it is whole, each part in its language. */
  announceAnswer(view) {
    const parts = view.said.flatMap((part) => {
      const words = this.context.element("span", "", part.textContent);
      words.lang = part.lang || view.config.lang;
      return [words, " "];
    });
    this.status.replaceChildren(...parts);
  }
}
