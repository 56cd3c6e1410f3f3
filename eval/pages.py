"""The pages of a set as vectors, and how much nearer the wrong ones are to a question."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from core.encoder import Encoder, PassageInput
from core.settings import load_settings
from core.types import Passage, Vector
from eval.dataset import Question, follow, write_documents
from ingest.library import find_sources, read_source
from ingest.passages import make_passages
from ingest.readers.limits import ReaderLimits
from service.retrieve import SENTENCE_WEIGHT

SHARES = {"omos-qa": 1.0, "xquad": 0.25, "sachsen-buergerportal": 1.0, "ortsrecht-bw": 0.5}
SHARP = 0.02  # temperature
NEAREST, RIGHT = 80, 6  # passages a question is compared with, and right ones at most


@dataclass(frozen=True, slots=True)
class Pages:
    """The passages of a set: vectors (p, d), those of their sentences (s, d), where each passage's
    sentences start and end, and the document and town of each passage."""

    passages: Vector
    sentences: Vector
    starts: list[int]
    ends: list[int]
    documents: list[str]
    towns: list[str | None]


def embed_pages(folder: Path, encoder: Encoder) -> Pages:
    """Reads and embeds a set's documents as `auskunft ingest` does."""
    limits = ReaderLimits.from_settings(load_settings())
    passages: list[Passage] = []
    towns: list[str | None] = []
    with tempfile.TemporaryDirectory() as name:
        write_documents(folder / "corpus.jsonl", Path(name))
        for source in follow(find_sources([Path(name)], may_be_empty=False), folder.name):
            document, reading = read_source(source, limits)
            made = make_passages(document, reading.sections, encoder.model_id)
            passages += [passage for passage in made if passage.sentences]
            place = document.jurisdiction
            towns += [place.name if place else None] * (len(passages) - len(towns))
    vectors = encoder.encode_passages(
        [
            PassageInput(p.context, p.text, tuple((s.start, s.end) for s in p.sentences))
            for p in passages
        ]
    )
    ends = np.cumsum([len(p.sentences) for p in passages]).tolist()
    return Pages(
        np.array([found.passage for found in vectors]),
        np.concatenate([found.sentences for found in vectors]),
        [0, *ends[:-1]],
        ends,
        [passage.document_id for passage in passages],
        towns,
    )


def page_loss(question: Question, vector: Tensor, pages: Pages) -> Tensor:
    """How much nearer other pages of the town are than the right one."""
    with torch.no_grad():
        asked = vector.numpy()
        near = pages.sentences @ asked
        scores = (1 - SENTENCE_WEIGHT) * (pages.passages @ asked)
        scores += SENTENCE_WEIGHT * np.maximum.reduceat(near, pages.starts)
        if question.town:
            scores[np.array(pages.towns) != question.town] = -1
        right = np.isin(pages.documents, list(question.relevant))
        best_right = np.flatnonzero(right)[np.argsort(-scores[right])[:RIGHT]]
        nearest = np.argsort(-scores)[:NEAREST]
        chosen = np.union1d(nearest[scores[nearest] > 0], best_right)
        sentences = [
            pages.starts[n] + int(near[pages.starts[n] : pages.ends[n]].argmax()) for n in chosen
        ]
    mixed = (1 - SENTENCE_WEIGHT) * pages.passages[chosen]
    mixed += SENTENCE_WEIGHT * pages.sentences[sentences]
    logits = torch.from_numpy(mixed) @ vector / SHARP
    return torch.logsumexp(logits, 0) - torch.logsumexp(logits[right[chosen]], 0)
