"""The commands about the language model and what is around it: `auskunft doctor`, `prompts`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from core.errors import UsageError
from core.settings import load_settings
from web.cli_options import AsJson, print_json

Name = Annotated[str | None, typer.Argument(metavar="[NAME]", help="Show this one whole.")]


def doctor(as_json: AsJson = False) -> int:
    """Try out everything that answers need; exit 1 where something needed does not work."""
    from web.doctor import Check, examine

    checks: list[Check] = []
    for check in examine(load_settings()):
        checks.append(check)
        if not as_json:
            mark = "ok  " if check.works else "FAIL" if check.is_needed else "note"
            print(f"{mark}  {check.name}: {check.message}", flush=True)
    is_well = all(check.works or not check.is_needed for check in checks)
    if as_json:
        print_json({"works": is_well, "checks": [_check_row(check) for check in checks]})
    return 0 if is_well else 1


def prompts(name: Name = None, as_json: AsJson = False) -> None:
    """List what language models are told, by task, or show one prompt whole."""
    from service.prompting import Prompt, all_prompts

    def row(prompt: Prompt) -> dict[str, Any]:
        fields = ("name", "version", "purpose", "digest")
        return {field: getattr(prompt, field) for field in fields}

    found = all_prompts()
    if name is None:
        if as_json:
            print_json({"prompts": [row(prompt) for prompt in found]})
            return
        for prompt in found:
            print(f"{prompt.title:16} {prompt.purpose}")
        return
    chosen = next((prompt for prompt in found if prompt.name == name), None)
    if chosen is None:
        raise UsageError(f"There is no prompt {name}; `auskunft prompts` lists them.")
    if as_json:
        print_json(row(chosen) | {"text": chosen.text})
    else:
        print(f"{chosen.title}: {chosen.purpose}\n\n{chosen.text}")


def _check_row(check: Any) -> dict[str, Any]:
    return {
        "name": check.name,
        "works": check.works,
        "needed": check.is_needed,
        "message": check.message,
        **check.figures,
    }
