"""Questions asked in process; run as a process of its own: `python -m eval.inside QUESTIONS`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from core.settings import load_settings
from core.store import open_store
from eval.load import percentiles, seconds_of
from service.answerer import Answerer
from service.wire import passages_json


def main() -> None:
    """Prints the percentiles of searching, with the state of the settings, as JSON."""
    questions: list[str] = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    settings = load_settings()
    with open_store(settings) as store:
        answerer = Answerer(store, settings)

        def ask(question: str) -> dict[str, Any]:
            return passages_json(answerer.search(question, limit=5))

        print(json.dumps({"in_process_ms": percentiles(seconds_of(ask, questions))}))


if __name__ == "__main__":
    main()
