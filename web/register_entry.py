"""What is said of this service in an algorithm register: from settings, the index and the last run.

The names of the fields are those of the Algorithmic Transparency Standard, version 0.3.1
(https://www.algorithmregister.org/standard); `models` and `figures` are more than that has. What
only the town can say is None until a setting says it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import version
from typing import Any

from core.settings import Settings
from core.store import Store
from service.selector import SELECTOR, load_selector
from service.wording import Text, message, written_date
from web.editor.last_run import LastRun, read_last_run

STANDARD = "0.3.1"
METRICS = {
    "right_ending": Text.RIGHT_ENDING,
    "citation_correct": Text.RIGHT_CITATION,
    "number_exact": Text.EXACT_NUMBERS,
    "quote_verbatim": Text.VERBATIM_QUOTES,
}


@dataclass(frozen=True, slots=True)
class Model:
    """A model that takes part, by what it does: `role` is "search", "selection" or "language";
    `name` is None where its server alone knows it."""

    role: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of this site now. `changed`: the day of the last publication; `run`: the last
    evaluation of the town's index that measured the embedding model in use, and a language model's
    words where the site has one; None for none."""

    version: str
    documents: int
    towns: tuple[str, ...]
    changed: date | None
    models: tuple[Model, ...]
    run: LastRun | None


def gather_facts(settings: Settings, store: Store, towns: tuple[str, ...]) -> Facts:
    """The facts, from settings, the registry, and the last run's report."""
    standing = store.registry.standing()
    model = store.encoder.model_id
    models = [Model("search", model)]
    if load_selector(model):
        models.append(Model("selection", SELECTOR.stem))
    if settings.llm_gguf:
        models.append(Model("language", settings.llm_gguf.name))
    elif settings.llm_base_url:
        models.append(Model("language", settings.llm_model))
    run = read_last_run(settings.state_dir)
    is_worded = models[-1].role == "language"
    published = [one.published_at.date() for one in standing if one.published_at]
    return Facts(
        version=version("auskunft"),
        documents=len({one.document.id for one in standing}),
        towns=towns,
        changed=max(published, default=None),
        models=tuple(models),
        run=run if run and (run.model, run.is_worded) == (model, is_worded) else None,
    )


def register_entry(settings: Settings, facts: Facts, language: str) -> dict[str, Any]:
    """The entry as JSON values, its sentences in a wording."""

    def say(*texts: Text) -> str:
        return " ".join(message(text, language) for text in texts)

    has_model = any(model.role == "language" for model in facts.models)
    kept = Text.QUESTIONS_KEPT if settings.keep_questions else Text.QUESTIONS_NOT_KEPT
    site = (settings.public_url or "").rstrip("/")
    return {
        "standard_version": STANDARD,
        "lang": language,
        "publication_date": None,
        "last_change_date": facts.changed and facts.changed.isoformat(),
        "revision_date": None,
        "name": "Auskunft",
        "organization": settings.responsible or None,
        "department": None,
        "country": "Germany",
        "contact_email": None,
        "contact_name": settings.contact or None,
        "description_short": message(Text.HEADING, language),
        "website": f"{site}/transparency" if site else None,
        "status": "operational",
        "decision_making_process": say(Text.PURPOSE_SAID),
        "domain": "government",
        "area": ", ".join(facts.towns) or None,
        "goal": say(Text.PURPOSE_SAID),
        "impact": say(Text.PURPOSE_SAID),
        "risks": risks_said(language, has_model=has_model),
        "risk_category": None,
        "proportionality": None,
        "lawful_basis": settings.legal_basis or None,
        "training_data": None,
        "source_data": " · ".join(documents_said(facts, language)),
        "connected_data_sources": say(kept),
        "description": working_said(language, has_model=has_model),
        "algorithm_type": "hybrid",
        "methods_and_models": "; ".join(
            f"{model.role}: {model.name or 'not stated'}" for model in facts.models
        ),
        "performance": measured_said(facts.run, language),
        "type": "descriptive",
        "monitoring": measured_said(facts.run, language),
        "human_intervention": say(Text.HUMAN_CONTROL_SAID),
        "objection_procedure": settings.contact or None,
        "rollback": say(Text.HUMAN_CONTROL_SAID),
        "software_version": facts.version,
        "models": [asdict(model) for model in facts.models],
        "figures": _figures(facts.run),
    }


def working_said(language: str, *, has_model: bool) -> str:
    """How an answer comes about, in a wording."""
    texts = [Text.WORKING_SAID, *([Text.WORKING_WITH_MODEL] if has_model else [])]
    return " ".join(message(text, language) for text in texts)


def risks_said(language: str, *, has_model: bool) -> str:
    """What can go wrong, in a wording."""
    texts = [Text.RISKS_SAID, *([Text.RISKS_WITH_MODEL] if has_model else [])]
    return " ".join(message(text, language) for text in texts)


def documents_said(facts: Facts, language: str) -> list[str]:
    """How many documents there are and of when, in a wording."""
    said = [message(Text.DOCUMENTS_USED, language, count=facts.documents)]
    if facts.changed:
        said.append(message(Text.AS_OF, language, date=written_date(facts.changed, language)))
    return said


def measured_said(run: LastRun | None, language: str) -> str:
    """When and with what it was measured, or that it was not, in a wording."""
    if run is None:
        return message(Text.NOT_MEASURED, language)
    day = written_date(date.fromisoformat(run.made), language)
    return message(Text.MEASURED, language, date=day, count=run.questions)


def _figures(run: LastRun | None) -> Mapping[str, Any] | None:
    if run is None:
        return None
    by_language = {
        language: {metric: values[metric] for metric in METRICS if metric in values}
        for language, values in run.languages.items()
    }
    overall = {metric: run.values[metric] for metric in METRICS if metric in run.values}
    return {
        "measured_on": run.made,
        "questions": run.questions,
        "overall": overall,
        "by_language": by_language,
    }
