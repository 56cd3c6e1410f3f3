/**
 * How the panel looks. Logical properties throughout, so that it also reads from right to left;
 * `em` instead of `rem`, as the root's size is the town page's.
 */
export const LOOK = `
.root {
  color-scheme: light dark;
  --text: var(--auskunft-text, #16191d);
  --muted: var(--auskunft-muted, #4b5560);
  --ground: var(--auskunft-ground, #fff);
  --panel: var(--auskunft-panel, #f1f4f8);
  --line: var(--auskunft-line, #6b7682);
  --accent: var(--auskunft-accent, #1f4f8f);
  --on-accent: var(--auskunft-on-accent, #fff);
  --alert: var(--auskunft-alert, #a3121f);
  --alert-ground: var(--auskunft-alert-ground, #fdeeee);
  --corner: min(var(--auskunft-corner, .75em), 1em);
}
@media (prefers-color-scheme: dark) {
  .root {
    --text: var(--auskunft-text, #eceff3);
    --muted: var(--auskunft-muted, #b4bec9);
    --ground: var(--auskunft-ground, #14181d);
    --panel: var(--auskunft-panel, #1e242c);
    --line: var(--auskunft-line, #8a96a3);
    --accent: var(--auskunft-accent, #9cc3ff);
    --on-accent: var(--auskunft-on-accent, #0d1520);
    --alert: var(--auskunft-alert, #ffb0ae);
    --alert-ground: var(--auskunft-alert-ground, #3a1719);
  }
}
.panel, .panel * { box-sizing: border-box; }
[hidden] { display: none !important; }
.panel {
  position: fixed; display: flex; flex-direction: column; overflow: hidden;
  inset-block: var(--auskunft-inset-block, auto 1em);
  inset-inline: var(--auskunft-inset-inline, auto 1em);
  inline-size: min(27em, 100vw - 2em); block-size: min(44em, 100vh - 2em);
  color: var(--text); background: var(--ground); overflow-wrap: anywhere;
  border: 1px solid var(--line); border-radius: var(--corner);
  box-shadow: 0 6px 30px rgb(0 0 0 / .35);
}
@media (prefers-reduced-motion: no-preference) {
  .panel { animation: rise .15s ease-out; }
  @keyframes rise { from { opacity: 0; transform: translateY(.75em); } }
}
.head {
  display: grid; grid-template-columns: 1fr auto auto; align-items: center; column-gap: .5em;
  padding-block: .25em .4em; padding-inline: 1em .4em;
  background: var(--panel); border-block-end: 1px solid var(--line);
}
h2 { grid-column: span 2; }
.language { grid-column: span 2; }
.panel .head > .town { margin: 0; font-size: .9em; color: var(--muted); }
h2, h3, h4 { margin: 0; line-height: 1.3; }
h2 { font-size: 1.1em; }
h2:focus, h3:focus, .hint:focus { outline: none; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
.body:focus-visible { outline-offset: -4px; }

button, select, input, textarea { font: inherit; color: inherit; min-block-size: 2.75em; margin: 0; }
button {
  font-weight: 700; padding: .5em 1em; border: 1px solid transparent; border-radius: .35em;
  background: var(--accent); color: var(--on-accent); cursor: pointer;
}
button[aria-disabled=true] { opacity: .65; cursor: default; }
.plain, .translate, .close {
  background: transparent; color: var(--accent); border-color: var(--line); font-weight: 400;
}
.plain[aria-pressed=true] { background: var(--accent); color: var(--on-accent); font-weight: 700; }
.close { border-color: transparent; color: var(--text); font-size: 1.5em; line-height: 1; min-inline-size: 1.9em; min-block-size: 1.9em; padding: 0; }
select, input, textarea {
  background: var(--ground); border: 1px solid var(--line); border-radius: .35em;
  padding: .4em .6em; inline-size: 100%;
}
select { inline-size: auto; max-inline-size: 11em; }

.body { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 1em; }
.panel p { margin: 0 0 .6em; }
.intro { color: var(--muted); font-size: .95em; }
.notice {
  padding: .75em 1em; border-inline-start: .35em solid var(--accent); background: var(--panel);
  color: var(--text); white-space: pre-line;
}
.notice.problem, .notice.emergency { border-color: var(--alert); background: var(--alert-ground); }
.waiting { color: var(--muted); }
.turn { margin-block-start: 1.25em; padding-block-start: 1em; border-block-start: 1px solid var(--line); }
.asked {
  font-size: 1em; background: var(--panel); border-radius: var(--corner); padding: .6em .9em;
  margin: 0 0 .75em; margin-inline-start: 1.5em;
}
h4 { font-size: 1em; margin-block: 1.25em .4em; }
.statements { font-size: 1.08em; }
.hint { color: var(--muted); font-size: .9em; }
.number {
  min-block-size: 0; padding: .8em; margin: -.8em -.55em; font-size: .8em; font-weight: 700;
  background: none; color: var(--accent); border: 0; text-decoration: underline; vertical-align: .3em; line-height: 1;
}
.panel ol, .panel ul { margin: 0; padding-inline-start: 1.5em; }
.panel li { margin-block-end: .8em; }
li::marker { font-weight: 700; }
.panel .label { margin: 0; font-weight: 700; }
a { color: var(--accent); text-underline-offset: .15em; }
.label a, .links a, .related a, .telephone { display: inline-block; padding-block: .6em; }
.telephone { font-weight: 700; padding-inline: .5em; min-inline-size: 2.75em; text-align: center; }
.emergency .telephone { color: var(--alert); }
.links { display: flex; flex-wrap: wrap; column-gap: 1.25em; list-style: none; }
.panel .links, .panel .related { padding: 0; list-style: none; }
.panel .links li, .panel .related li { margin: 0; }
blockquote {
  margin: .3em 0 .5em; padding: .1em .9em; border-inline-start: .25em solid var(--line);
  white-space: pre-line;
}
.translation { border-style: dashed; }
.where { margin-block: .75em; }
.contact { font-weight: 700; }

.feedback { margin-block-start: 1.25em; }
fieldset {
  display: flex; flex-wrap: wrap; align-items: center; gap: .5em; border: 0; margin: 0; padding: 0;
}
legend { float: inline-start; padding: 0; margin-inline-end: .5em; }
details { flex-basis: 100%; }
summary { padding-block: .6em; cursor: pointer; color: var(--accent); }
details label, details .hint { display: block; }
.anew { margin-block-start: 1em; }

.ask { padding: .75em 1em; border-block-start: 1px solid var(--line); background: var(--panel); }
.ask label { display: block; font-weight: 700; margin-block-end: .25em; }
.ask .hint { margin: .35em 0 0; }
.line { display: flex; flex-wrap: wrap; gap: .5em; position: relative; }
.typed { flex: 1 1 10em; min-inline-size: 0; }
.panel .suggestions {
  position: absolute; inset-inline: 0; inset-block-end: calc(100% + .25em); z-index: 1;
  max-block-size: 16em; overflow-y: auto; margin: 0; padding: .25em; list-style: none;
  background: var(--ground); border: 1px solid var(--line); border-radius: .35em;
  box-shadow: 0 2px 12px rgb(0 0 0 / .3);
}
.panel .suggestions li { margin: 0; padding: .6em; min-block-size: 2.75em; cursor: pointer; border-radius: .25em; }
.suggestions [aria-selected=true] { background: var(--accent); color: var(--on-accent); outline: 2px solid transparent; }
.suggestions li:hover { outline: 2px solid var(--accent); outline-offset: -2px; }
.aloud, .suggestions-count {
  position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap;
}

@media (max-width: 40em), (max-height: 30em) {
  .panel { inset: 0; inline-size: auto; block-size: auto; border: 0; border-radius: 0; }
}
@media (max-height: 30em) {
  .panel { overflow-y: auto; }
  .body { flex: none; overflow: visible; }
}
@media (forced-colors: active) {
  .panel, button, .notice { border: 1px solid; }
  .suggestions [aria-selected=true], .plain[aria-pressed=true] { forced-color-adjust: none; background: Highlight; color: HighlightText; }
}
`;
