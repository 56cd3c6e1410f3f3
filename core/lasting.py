"""The tables that stay where an index is built anew: none of them refers to a generation."""

from __future__ import annotations

from core import tables

OF_PEOPLE = frozenset(
    {
        *(tables.person, tables.person_role, tables.session, tables.audit),
        *(tables.feedback, tables.unanswered, tables.asked, tables.proposal),
        *(tables.answer_count, tables.step_time, tables.sample, tables.citation_use),
        *(tables.staff_prompt, tables.prompt_rating, tables.glossary_term),
    }
)
