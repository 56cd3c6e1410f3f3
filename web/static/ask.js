/** What the page /ask does more where scripts run; without them it does all that is needed. */

import { attachSuggestions } from "./suggest.js";
import { attachTranslate } from "./translate.js";

const form = document.getElementById("ask");
const texts = JSON.parse(form.dataset.texts);
const language = document.documentElement.lang;
const question = document.getElementById("question");
const working = document.getElementById("working");

/** Sends a question once, and says that it is being worked on. */
function guardSending() {
  form.addEventListener("submit", (event) => {
    if (form.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      return;
    }
    form.setAttribute("aria-busy", "true");
    working.textContent = texts.one_moment;
    history.replaceState({ question: question.value }, ""); // of this tab alone, for the way back
  });
  addEventListener("pageshow", () => {
    form.removeAttribute("aria-busy");
    working.textContent = "";
    if (!question.value && history.state) question.value = history.state.question || "";
  });
}

/**
 * Sends the feedback without leaving the page.
 *
 * @param {HTMLFormElement} feedback
 */
function sendFeedbackInPlace(feedback) {
  const said = document.getElementById("said");
  feedback.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (feedback.getAttribute("aria-busy") === "true") return;
    feedback.setAttribute("aria-busy", "true");
    said.hidden = false;
    try {
      const response = await fetch("/api/v1/feedback", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(ratingOf(feedback, event.submitter)),
      });
      if (!response.ok) throw new Error(String(response.status));
      said.textContent = response.headers.has("X-Word-Dropped")
        ? texts.word_dropped
        : texts.feedback_thanks;
      said.tabIndex = -1;
      said.focus(); // the button that was pressed goes
      feedback.remove();
    } catch {
      said.textContent = texts.unreachable;
      feedback.removeAttribute("aria-busy");
    }
  });
}

/** What is said of the answer, as the API takes it. */
function ratingOf(feedback, button) {
  const sent = new FormData(feedback);
  return {
    answer: {
      status: sent.get("status"),
      mode: sent.get("mode"),
      language: sent.get("language"),
      documents: sent.getAll("documents"),
    },
    helpful: button.value === "true",
    word: sent.get("word"),
    town: sent.get("town"),
  };
}

guardSending();
attachSuggestions(question, {
  endpoint: "/api/v1/suggestions",
  language,
  town: () => (form.elements.namedItem("town") || { value: "" }).value,
  texts,
});
const answer = document.querySelector(".answer");
if (answer) attachTranslate(answer, { to: language, texts });
for (const feedback of document.querySelectorAll("form.feedback")) sendFeedbackInPlace(feedback);
