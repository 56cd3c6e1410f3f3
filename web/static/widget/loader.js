/* The widget's loader: a button on the town's page. All else comes on the first click.
   Served as /widget.js with the words below filled in (web/citizen/widget.py). */
(() => {
  const WORDS = {}; // language → [name of the button, what is said when nothing comes]
  const script = document.currentScript || document.querySelector('script[src*="/widget.js"]');
  if (!script) return;
  const base = new URL(".", script.src).href;
  const LOOK = `
    :host { all: initial; }
    :host([hidden]) { display: none; }
    @media print { :host { display: none; } }
    .root {
      all: initial; position: fixed; z-index: 2147483000; display: block;
      inset-block: var(--auskunft-inset-block, auto 1em);
      inset-inline: var(--auskunft-inset-inline, auto 1em);
      font: var(--auskunft-font-size, medium)/1.5 var(--auskunft-font, system-ui, sans-serif);
    }
    .launcher {
      font: inherit; font-weight: 700; cursor: pointer; min-block-size: 3em; max-inline-size: calc(100vw - 2em);
      padding: .6em 1.2em; border: 2px solid transparent;
      border-radius: var(--auskunft-corner, 1.5em); box-shadow: 0 2px 10px rgb(0 0 0 / .3);
      background: var(--auskunft-accent, #1f4f8f); color: var(--auskunft-on-accent, #fff);
    }
    .launcher:focus-visible {
      outline: 3px solid var(--auskunft-on-accent, #fff); outline-offset: -6px;
      box-shadow: 0 0 0 3px var(--auskunft-accent, #1f4f8f);
    }
    .launcher[aria-expanded=true] { visibility: hidden; }
    .unreachable { padding: .5em; margin: 0 0 .5em; background: #fff; color: #a3121f; }`;

  class AuskunftWidget extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      const language = this.chosenLanguage();
      const [name] = WORDS[language];
      const shadow = this.attachShadow({ mode: "open" });
      dress(shadow, LOOK);
      this.root = element("div", "root");
      this.root.dir = getComputedStyle(document.documentElement).direction;
      this.launcher = element("button", "launcher", name);
      Object.assign(this.launcher, { type: "button", lang: language.slice(0, 2), dir: "auto" });
      this.launcher.setAttribute("aria-haspopup", "dialog");
      this.launcher.setAttribute("aria-expanded", "false");
      this.launcher.addEventListener("click", () => this.open(language));
      for (const kind of ["keydown", "keypress", "keyup"]) {
        this.root.addEventListener(kind, (event) => event.stopPropagation()); // from the page's keys
      }
      this.root.append(this.launcher);
      shadow.append(this.root);
    }

    /** The first served language: of the tag, of the page, of the browser. */
    chosenLanguage() {
      const wanted = [this.given("language"), document.documentElement.lang, ...navigator.languages];
      const codes = wanted.flatMap((tag) => [tag, (tag || "").split("-")[0]]);
      return codes.find((code) => code in WORDS) || "de";
    }

    given(name) {
      return this.dataset[name] || script.dataset[name] || "";
    }

    async open(language) {
      if (this.loading) return;
      this.loading = true;
      try {
        const { openPanel } = await import(`${base}static/widget/panel.js`);
        await openPanel(this, { base, language, town: this.given("town"), dress, element });
        if (this.problem) this.problem.remove();
      } catch (error) {
        console.warn(error);
        this.sayUnreachable(language);
      }
      this.loading = false;
    }

    /** Says that nothing came; the button stays for another try, a link leads to the full page. */
    sayUnreachable(language) {
      const [name, sentence] = WORDS[language];
      if (this.problem) this.problem.remove();
      const problem = (this.problem = element("p", "unreachable", `${sentence} `));
      Object.assign(problem, { lang: language.slice(0, 2), dir: "auto" });
      problem.setAttribute("role", "alert");
      const link = element("a", "", name);
      Object.assign(link, { href: `${base}ask?language=${language}`, rel: "noopener noreferrer" });
      problem.append(link);
      this.root.prepend(problem);
    }
  }

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  /** Adds a style sheet; browsers before 2023 may lack the way that a strict policy lets pass. */
  function dress(shadow, css) {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet];
    } catch {
      shadow.append(element("style", "", css));
    }
  }

  function start() {
    if (customElements.get("auskunft-widget")) return; // a second script adds nothing
    customElements.define("auskunft-widget", AuskunftWidget);
    if (!document.querySelector("auskunft-widget")) {
      document.body.append(document.createElement("auskunft-widget"));
    }
  }
  if (document.body) start();
  else addEventListener("DOMContentLoaded", start);
})();
