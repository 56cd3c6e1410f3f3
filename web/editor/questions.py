"""What nobody could answer, and what is made of it: the pages `/editor/questions` and on."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from starlette.responses import Response

from core.audit import shared_place
from core.errors import TownUnknown
from core.proposals import Proposal, Wording, save_proposal
from core.types import Hit
from core.unanswered import forget_unanswered, read_unanswered
from core.usage import KEPT_DAYS
from ingest.approved_text import clean_answer, clean_question
from service.clusters import ENOUGH, Cluster, QuestionClusters
from service.drafts import Drafted, draft_answer
from web.citizen.sources import source_address
from web.editor.answers import answer_routes
from web.editor.insight_words import LANGUAGES, language_name
from web.editor.pages import see
from web.editor.proposal_check import LONGEST_QUESTION
from web.editor.proposal_form import may_be_source, source_of
from web.editor.towns import town_options, usual_town
from web.parts import Parts
from web.people.rights import Person, Role, Visitor

AREA = "/editor/questions"
MONTH = timedelta(days=30)
SHOWN, EXAMPLES, PASSAGES = 20, 5, 3
ClusterId = Annotated[str, Form(max_length=32)]  # of a row in it


@dataclass(frozen=True, slots=True)
class ShownCluster:
    """A cluster with its best passages, and how often it was asked in the last 30 days and in the
    30 before."""

    cluster: Cluster
    passages: tuple[Hit, ...]
    recent: int
    earlier: int


def question_routes(parts: Parts) -> APIRouter:
    """`/editor/questions`, `/editor/answers` and their forms."""
    router = APIRouter(include_in_schema=False)
    desk = QuestionDesk(parts)
    Reader = Annotated[Visitor, Depends(parts.staff.needs(Role.EDITOR))]  # noqa: N806  a type
    Writer = Annotated[Visitor, Depends(parts.staff.needs_form(Role.EDITOR))]  # noqa: N806

    @router.get(AREA)
    def show(visitor: Reader, done: Annotated[str, Query(max_length=50)] = "") -> Response:
        clusters = desk.clusters(visitor.person)
        return parts.pages.render(
            "editor/questions.html",
            visitor,
            area=AREA,
            done=done,
            is_keeping=parts.settings.keep_questions,
            clusters=[desk.shown(cluster) for cluster in clusters[:SHOWN]],
            further=max(0, len(clusters) - SHOWN),
            enough=ENOUGH,
            days=KEPT_DAYS,
            examples=EXAMPLES,
            language_name=language_name,
            source_address=source_address,
        )

    @router.post(f"{AREA}/draft")
    def draft(visitor: Writer, cluster: ClusterId) -> Response:
        found = desk.find(visitor.person, cluster)
        if found is None:
            return see(f"{AREA}?done=cluster_gone")
        proposal = save_proposal(
            parts.store.registry.engine, desk.draft(visitor.person, found), visitor.person.name
        )
        parts.staff.note(visitor, "draft_answer", proposal.id, place=proposal.town)
        return see(f"/editor/answers/edit?id={proposal.id}&done=drafted")

    @router.post(f"{AREA}/done")
    def dismiss(visitor: Writer, cluster: ClusterId) -> Response:
        found = desk.find(visitor.person, cluster)
        if found is None:
            return see(f"{AREA}?done=cluster_gone")
        ids = [row.id for row in found.rows]
        forget_unanswered(parts.store.registry.engine, ids)
        place = shared_place(row.town for row in found.rows)
        parts.staff.note(visitor, "dismiss_questions", found.id, place=place, count=len(ids))
        return see(f"{AREA}?done=questions_dismissed")

    router.include_router(answer_routes(parts))
    return router


class QuestionDesk:
    """What an editor sees and does with questions nobody could answer."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._clusters = QuestionClusters(parts.store.encoder)

    def clusters(self, person: Person) -> list[Cluster]:
        """The clusters of the towns that a person edits, the largest first."""
        rows = read_unanswered(self._parts.store.registry.engine, date.today(), KEPT_DAYS)
        return self._clusters.find([row for row in rows if person.may(Role.EDITOR, row.town)])

    def find(self, person: Person, row_id: str) -> Cluster | None:
        """The cluster with a row, None where it is gone."""
        found = (c for c in self.clusters(person) if any(row.id == row_id for row in c.rows))
        return next(found, None)

    def shown(self, cluster: Cluster) -> ShownCluster:
        """A cluster as the page shows it."""
        month_ago = (date.today() - MONTH).isoformat()
        recent = cluster.asked_since(month_ago)
        earlier = cluster.asked_since((date.today() - 2 * MONTH).isoformat()) - recent
        return ShownCluster(cluster, self._passages(cluster), recent, earlier)

    def draft(self, person: Person, cluster: Cluster) -> Proposal:
        """A proposal that begins with what was asked and with the best passages, for the place
        that was asked about most."""
        drafted = self._drafted(cluster)
        answer = clean_answer("\n\n".join(sentence.text for sentence in drafted))
        wordings = {"de": Wording(answer=answer)}
        for text, spoken in reversed(cluster.questions):
            if spoken in LANGUAGES:
                before = wordings.get(spoken, Wording())
                words = clean_question(text)[:LONGEST_QUESTION]
                wordings[spoken] = Wording(words, before.answer)
        options = town_options(self._parts, person)
        asked = [row.town for row in cluster.rows if row.town and row.town in dict(options)]
        return Proposal(
            town=max(asked, key=asked.count) if asked else usual_town(options),
            wordings=wordings,
            sources=tuple(dict.fromkeys(source_of(sentence.hit) for sentence in drafted)),
        )

    def _drafted(self, cluster: Cluster) -> list[Drafted]:
        try:
            scopes = self._parts.answerer.scopes(_town_of(cluster))
        except TownUnknown:  # its documents are gone since
            return []
        return draft_answer(self._parts.store, *cluster.question, scopes)

    def _passages(self, cluster: Cluster) -> tuple[Hit, ...]:
        question, _ = cluster.question
        town = _town_of(cluster)
        try:
            hits = self._parts.answerer.search(question, town=town, limit=2 * PASSAGES)
        except TownUnknown:  # its documents are gone since
            return ()
        return tuple(hit for hit in hits if may_be_source(hit))[:PASSAGES]


def _town_of(cluster: Cluster) -> str | None:
    """The town that was asked in most, None for none."""
    towns = [row.town for row in cluster.rows if row.town]
    return max(towns, key=towns.count) if towns else None
