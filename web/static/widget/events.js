/**
 * An answer as it streams in: server-sent events over `fetch`.
 */

const SILENCE = 60_000; // milliseconds without a word after which a connection counts as lost

/** What went wrong: `code` as the API names it, or `unreachable`, or `lost` in mid-stream. */
export class Problem extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/**
 * Asks, and yields the events of the answer, `done` last. Throws a Problem; or an AbortError where
 * `controller` was used.
 *
 * @param {string} base  the site's address
 * @param {object} body  as `POST /api/v1/answers` takes it
 * @param {AbortController} controller
 * @returns {AsyncGenerator<{name: string, data: any}>}
 */
export async function* streamAnswer(base, body, controller) {
  const watch = new Watch(controller);
  try {
    const response = await fetch(`${base}api/v1/answers`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
      body: JSON.stringify(body),
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: controller.signal,
    });
    if (!response.ok) throw new Problem(await codeOf(response));
    for await (const event of readEvents(response.body, watch)) {
      if (event.name === "error") throw new Problem("not_ready");
      yield event;
      if (event.name === "done") return;
    }
    throw new Problem("lost");
  } catch (error) {
    if (watch.isOver || error instanceof TypeError) throw new Problem(watch.hasBegun ? "lost" : "unreachable");
    throw error;
  } finally {
    watch.stop();
  }
}

async function* readEvents(stream, watch) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    watch.hear();
    const blocks = (rest + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/);
    rest = blocks.pop();
    for (const block of blocks) {
      const event = parseEvent(block);
      if (event) yield event;
    }
  }
}

function parseEvent(block) {
  let name = "";
  const data = [];
  for (const line of block.split(/\r?\n/)) {
    if (line.startsWith("event:")) name = line.slice(6).trim();
    else if (line.startsWith("data:")) data.push(line.slice(5).trimStart());
  }
  return name && { name, data: JSON.parse(data.join("\n")) };
}

async function codeOf(response) {
  if (response.status === 503) return "not_ready";
  try {
    return (await response.json()).error.code;
  } catch {
    return "failed";
  }
}

/** Ends a request after which nothing is heard for too long. */
class Watch {
  constructor(controller) {
    this.controller = controller;
    this.isOver = false;
    this.hasBegun = false;
    this.wait();
  }

  hear() {
    this.hasBegun = true;
    this.wait();
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.isOver = true;
      this.controller.abort();
    }, SILENCE);
  }

  stop() {
    clearTimeout(this.timer);
  }
}
