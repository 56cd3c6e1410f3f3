"""Approved answers and their sources as JSON."""

from __future__ import annotations

from typing import Any

from core.approvals import EntryState, SourceState


def entry_json(state: EntryState) -> dict[str, Any]:
    """An approved answer, whether it answers, and each of its sources."""
    return {
        "id": state.name,
        "question": state.entry.questions[0][1],
        "answers": state.answers,
        "state": str(state),
        "sources": [_source_json(source) for source in state.sources],
    }


def _source_json(state: SourceState) -> dict[str, Any]:
    confirmed = state.confirmed if state.confirmed and state.confirmed.digest else None
    return {
        "document_id": state.source.document_id,
        "section": state.source.section,
        "holds": state.holds,
        "confirmed_by": confirmed and confirmed.by,
        "confirmed_at": confirmed and confirmed.at and confirmed.at.isoformat(),
    }
