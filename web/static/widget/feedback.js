/**
 * "Was this helpful?" below an answer, with room for a word.
 */

/**
 * @param {object} answer  what is said of the answer: status, mode, language, documents
 * @param {object} texts
 * @param {{base: string, town: string, element: Function}} context
 * @returns {HTMLFormElement}
 */
export function feedbackForm(answer, texts, { base, town, element }) {
  const form = element("form", "feedback");
  const choice = element("fieldset");
  const word = element("textarea");
  Object.assign(word, { maxLength: 500, rows: 2, dir: "auto" });
  const label = element("label", "", texts.word_label);
  label.append(element("span", "hint", texts.word_hint), word);
  const more = element("details");
  more.append(element("summary", "", texts.word_label), label);
  const buttons = [true, false].map((isHelpful) => {
    const button = element("button", "plain", isHelpful ? texts.yes : texts.no);
    button.value = isHelpful;
    return button;
  });
  choice.append(element("legend", "", texts.helpful), ...buttons, more);
  const said = element("p", "hint");
  said.setAttribute("role", "status");
  said.tabIndex = -1;
  form.append(choice, said);
  let isSending = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isSending) return;
    isSending = true;
    const helpful = (event.submitter || buttons[0]).value === "true";
    const response = await send(base, { answer, helpful, word: word.value.trim(), town });
    isSending = false;
    if (!response) said.textContent = texts.failed;
    else if (response.headers.has("X-Word-Dropped")) said.textContent = texts.word_dropped;
    else said.textContent = texts.feedback_thanks;
    if (response) {
      said.focus();
      choice.remove();
    }
  });
  return form;
}

/** The response where the site took what was said, else null. */
async function send(base, body) {
  try {
    const response = await fetch(`${base}api/v1/feedback`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
    return response.ok ? response : null;
  } catch {
    return null;
  }
}
