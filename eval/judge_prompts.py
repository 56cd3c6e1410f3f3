"""The judge's prompts in German, in place of upstream's English ones, and which answers hold.

Upstream's own translation (`adapt`) asks the judge to translate, keeps the English frame around
every prompt, and does not reach metrics whose prompts are written out in code. So instructions and
examples are our own, from `prompts/german.toml`; what is asked for stays upstream's output model.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from pydantic import BaseModel
from ragas.metrics.collections.base import BaseMetric
from ragas.prompt.metrics.base_prompt import BasePrompt

# by upstream's class: the table of german.toml
_TASKS = {
    "StatementGeneratorPrompt": "statements",
    "NLIStatementPrompt": "entailment",
    "StatementFaithfulnessPrompt": "entailment",
    "AnswerRelevancePrompt": "relevancy",
    "ContextPrecisionPrompt": "usefulness",
    "ContextRecallPrompt": "attribution",
    "ClaimDecompositionPrompt": "claims",
}
_VERDICTS = ("verdict", "attributed", "noncommittal")


class Asked(str):
    """A prompt as it is sent. `verdicts`: how many its answer must hold, None: any number."""

    verdicts: int | None = None


class GermanPrompt(BasePrompt[BaseModel, BaseModel]):
    """A prompt of upstream's with German words: its models, our frame, instruction and examples."""

    language = "german"

    def __init__(self, upstream: BasePrompt[Any, Any], task: Mapping[str, Any]) -> None:
        self.input_model = upstream.input_model
        self.output_model = upstream.output_model
        self.instruction = task["instruction"]
        self.examples = [
            (
                self.input_model.model_validate(_named(example["input"], self.input_model)),
                self.output_model.model_validate(example["output"]),
            )
            for example in task["examples"]
        ]

    def to_string(self, data: BaseModel) -> Asked:
        """The prompt for an input of `input_model`."""
        words = _words()
        asked = Asked(
            words["frame"].format(
                instruction=self.instruction,
                schema=json.dumps(_bare(self.output_model.model_json_schema())),
                examples=self._generate_examples(),
                input=data.model_dump_json(indent=2),
            )
        )
        statements = getattr(data, "statements", None)
        asked.verdicts = None if statements is None else len(statements)
        return asked

    def _generate_examples(self) -> str:
        example = _words()["example"].strip()
        return "\n\n".join(
            example.format(
                number=number,
                input=given.model_dump_json(indent=2),
                output=wanted.model_dump_json(indent=2),
            )
            for number, (given, wanted) in enumerate(self.examples, start=1)
        )


def speak_german(metric: BaseMetric) -> None:
    """Replaces every prompt of a metric. Raises KeyError where upstream has one we do not know."""
    for attribute, prompt in list(vars(metric).items()):
        if isinstance(prompt, BasePrompt):
            task = _words()[_TASKS[type(prompt).__name__]]
            setattr(metric, attribute, GermanPrompt(prompt, task))


def find_fault(asked: str, answer: BaseModel) -> str | None:
    """What is wrong with an answer that fits its model, in a few words; None where nothing is.

    Upstream would divide by what is there: one verdict on four statements counts as a share of one.
    """
    values = answer.model_dump()
    lists = [value for value in values.values() if isinstance(value, list)]
    items = lists[0] if lists else [values]
    verdicts = _verdicts(items)
    wanted = asked.verdicts if isinstance(asked, Asked) else None
    if wanted is not None and len(verdicts) != wanted:
        return f"{len(verdicts)} verdicts on {wanted} statements"
    if not items:
        return "NaN: the judge named nothing that could be counted"
    if any(verdict not in (0, 1) for verdict in verdicts):
        return "a verdict is neither 0 nor 1"
    return None


@cache
def _words() -> dict[str, Any]:
    text = (resources.files("eval") / "prompts" / "german.toml").read_text("utf-8")
    return tomllib.loads(text)


def _verdicts(items: Sequence[object]) -> list[object]:
    return [
        item[key] for item in items if isinstance(item, dict) for key in _VERDICTS if key in item
    ]


def _named(values: Mapping[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    """An example's input under the model's names: two of upstream's call the answer `text`."""
    return {name if name in model.model_fields else "text": value for name, value in values.items()}


def _bare(schema: Any) -> Any:
    """A JSON schema without upstream's English titles and descriptions."""
    if isinstance(schema, dict):
        return {
            key: _bare(value)
            for key, value in schema.items()
            if not (key in ("title", "description") and isinstance(value, str))
        }
    return [_bare(item) for item in schema] if isinstance(schema, list) else schema
