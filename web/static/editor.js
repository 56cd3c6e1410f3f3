// The editor's pages: dropping files into the form, and watching what is being read. Without this
// the form and the page work too; the page then loads itself anew.

const POLL_MILLISECONDS = 700;

const form = document.querySelector("form.upload");
if (form) preparesUpload(form);
const watched = document.querySelector("[data-watch]");
if (watched) watch(watched);

/** @param {HTMLFormElement} form  lets files be dropped, lists them, and refuses too many at once. */
function preparesUpload(form) {
  const input = form.querySelector("input[type=file]");
  const zone = form.querySelector(".drop");
  const chosen = form.querySelector(".chosen");
  const warning = form.querySelector(".too-much");
  form.querySelector(".drop-hint").hidden = false;

  const show = () => {
    const problem = problemOf(input.files, form.dataset);
    warning.hidden = !problem;
    warning.textContent = problem;
    chosen.replaceChildren(listOf(input.files));
    return problem;
  };
  input.addEventListener("change", show);
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    const files = new DataTransfer();
    for (const file of [...input.files, ...event.dataTransfer.files]) files.items.add(file);
    input.files = files.files;
    show();
  });
  form.addEventListener("submit", (event) => {
    if (show() || form.dataset.isSending) {
      event.preventDefault();
      if (!form.dataset.isSending) input.focus();
      return;
    }
    form.dataset.isSending = "yes";
    form.querySelector(".sending").textContent = "Die Dateien werden gesendet …";
  });
  addEventListener("pageshow", () => {
    delete form.dataset.isSending;
    form.querySelector(".sending").textContent = "";
  });
}

/** @returns {string} what is wrong with the files as a whole, or "". */
function problemOf(files, { maxFiles, maxBytes, maxFileMb }) {
  if (files.length > maxFiles) {
    return `Das sind ${files.length} Dateien. Laden Sie höchstens ${maxFiles} auf einmal hoch.`;
  }
  const large = [...files].find((file) => file.size > maxFileMb * 2 ** 20);
  if (large) return `„${large.name}“ ist größer als ${maxFileMb} MB. Machen Sie die Datei kleiner.`;
  const bytes = [...files].reduce((sum, file) => sum + file.size, 0);
  return bytes > maxBytes
    ? `Zusammen dürfen die Dateien ${Math.floor(maxBytes / 2 ** 20)} MB groß sein.`
    : "";
}

/** @returns {HTMLElement} the names and sizes of the first files, and how many more there are. */
function listOf(files) {
  const list = document.createElement("ul");
  for (const file of [...files].slice(0, 20)) {
    const item = document.createElement("li");
    item.textContent = `${file.name} (${sizeOf(file.size)})`;
    list.append(item);
  }
  if (files.length > 20) {
    const item = document.createElement("li");
    item.textContent = `und ${files.length - 20} weitere`;
    list.append(item);
  }
  return list;
}

function sizeOf(bytes) {
  const number = new Intl.NumberFormat("de", { maximumFractionDigits: 1 });
  return bytes < 2 ** 20 ? `${Math.ceil(bytes / 2 ** 10)} KB` : `${number.format(bytes / 2 ** 20)} MB`;
}

/** @param {HTMLElement} place  shows how far a job is; when it is over, loads the page anew. */
async function watch(place) {
  const bar = place.querySelector("progress");
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
    let job;
    try {
      const response = await fetch(place.dataset.watch, { headers: { Accept: "application/json" } });
      if (!response.ok) break; // signed out: the page says so
      job = await response.json();
    } catch {
      continue; // the network is away for a moment
    }
    if (job.is_over) break;
    if (!job.total) continue;
    bar.max = job.total;
    bar.value = job.done;
    place.querySelector(".so-far").textContent = `${job.done} von ${job.total}`;
    place.querySelector(".current").textContent = job.current;
  }
  location.reload();
}
