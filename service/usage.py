"""What an answer leaves behind: counts, and nothing that could be about a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from time import perf_counter

from core.asked import Question
from core.errors import ModelFailed
from core.registry import Registry
from core.statistics import End, StepTime
from core.types import Answer, Hit, Status
from core.usage import UsageCounts
from service.extract import Pick
from service.generate import Judged
from service.guard import has_personal_data
from service.prompting import Prompt
from service.samples import score_sample


@dataclass(frozen=True, slots=True)
class Failure:
    """That a language model failed at a prompt, and why, in our own words."""

    prompt: str
    code: str
    message: str


class Course:
    """How the answering of a question goes: what is learnt on the way, and how long steps take.
    `language` is the question's; `town` the key or name of the place that is asked in, "" for none;
    `generation` the one that it is answered from, 0 where it ends before, and `day` as of when.
    `hits` and `picks`: what was found; `model`, `prompts`, `judged` and `failures`: what was asked
    to write, on which orders, what became of each statement that it drafted, and where it failed.
    """

    def __init__(self) -> None:
        self.language = ""
        self.town = ""
        self.generation = 0
        self.day = date.today()
        self.hits: list[Hit] = []
        self.picks: list[Pick] = []
        self.model = ""
        self.prompts: list[str] = []
        self.judged: list[Judged] = []
        self.failures: list[Failure] = []
        self.milliseconds: dict[str, float] = {}
        self._started = self._since = perf_counter()

    def asks(self, model: str, prompt: Prompt) -> None:
        """A language model is given a prompt."""
        self.model = model
        self.prompts.append(prompt.title)

    def failed(self, failure: ModelFailed) -> None:
        """The language model fails at the last prompt."""
        self.failures.append(Failure(self.prompts[-1], failure.code, str(failure)))

    def done(self, step: str) -> None:
        """A step ends here, and the next begins."""
        now = perf_counter()
        took = (now - self._since) * 1000
        self.milliseconds[step] = self.milliseconds.get(step, 0.0) + took
        self._since = now

    @property
    def total(self) -> float:
        """The milliseconds since it began."""
        return (perf_counter() - self._started) * 1000


def count_answer(
    usage: UsageCounts,
    registry: Registry,
    answer: Answer,
    question: str,
    town: str | None,
    context: str,
    course: Course,
) -> None:
    """Counts how a question ended, how long its steps took, and each document that was cited; the
    question too, unless it leans on another or may hold personal data."""
    today = date.today()
    day = today.isoformat()
    milliseconds = course.milliseconds | {"total": course.total}
    usage.end(
        End(day, course.language, answer.status.value, answer.mode.value, course.town),
        [StepTime.of(day, step, took, course.town) for step, took in milliseconds.items()],
    )
    is_answered = answer.status is Status.ANSWERED
    if is_answered:
        usage.count(citation.document.id for citation in answer.citations)
        usage.sample(
            partial(
                score_sample,
                registry,
                course.generation,
                answer,
                milliseconds["total"],
                today,
                course.town,
                course.day,
            )
        )
    if context or answer.personal or has_personal_data(question):
        return
    if is_answered:
        usage.ask(Question(question, course.language, town or ""))
    else:
        usage.miss(question, course.language, course.town, answer.status)
