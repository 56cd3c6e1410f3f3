"""The error tree. A class's docstring is its message; a message given on raising replaces it.

AuskunftError
├── UsageError                 wrong input: exit 2, HTTP 422
│   ├── QuestionEmpty
│   ├── QuestionTooLong        HTTP 413
│   ├── TownUnknown
│   ├── TownAmbiguous
│   ├── DocumentUnknown        HTTP 404
│   ├── VersionUnknown         HTTP 404
│   ├── PassageUnknown         HTTP 404
│   ├── TraceUnknown           HTTP 404
│   ├── VersionOutdated        HTTP 412
│   ├── DocumentWithdrawn      HTTP 410
│   ├── TextDecided            HTTP 409
│   ├── StageOutdated          HTTP 409
│   │   └── StageChanged       HTTP 409
│   ├── ProposalUnknown        HTTP 404
│   ├── ProposalChanged        HTTP 409
│   ├── ProposalUnfit
│   ├── SecondPersonMissing    HTTP 409
│   ├── SourceMissing
│   ├── BackupUnusable
│   ├── StateNotEmpty
│   └── SettingInvalid
├── DocumentError              one document fails, the rest goes on
│   ├── DocumentUnreadable
│   ├── DocumentProtected
│   ├── DocumentTooLarge
│   ├── DocumentEmpty
│   ├── DocumentTypeUnknown
│   ├── MetadataInvalid
│   ├── DocumentDuplicate
│   ├── DocumentReserved
│   └── VersionDoubtful
├── IndexFailure               HTTP 503
│   ├── IndexBusy
│   ├── IndexUnreachable
│   ├── IndexOutdated
│   ├── IndexDamaged
│   └── StorageFull
├── RegistryUnreachable        HTTP 503
├── RegistryDamaged
├── WriterBusy
├── RestoreUnfinished
├── ModelUnavailable           HTTP 503
├── ModelFailed                the language model's; the extractive answer stands
│   ├── ModelUnreachable
│   ├── ModelLate
│   ├── ModelBusy
│   └── ModelSpent
├── PageUndrawn                HTTP 503
└── PathMissing
"""

from __future__ import annotations


class AuskunftError(Exception):
    """Something went wrong."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())

    @property
    def code(self) -> str:
        """The class name as `snake_case`, for the error body of the API."""
        name = type(self).__name__
        return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


class UsageError(AuskunftError):
    """The input is not valid."""


class QuestionEmpty(UsageError):
    """The question is empty; please type a question in words."""


class QuestionTooLong(UsageError):
    """The question is too long; please ask in at most 1,000 characters."""


class TownUnknown(UsageError):
    """No town of this name or key is in the index; `auskunft documents` lists what is there."""


class TownAmbiguous(UsageError):
    """Several towns fit this name; please use the key instead."""


class DocumentUnknown(UsageError):
    """There is no document of this id; `auskunft documents` lists what is there."""


class DocumentWithdrawn(UsageError):
    """This document was withdrawn; it no longer applies."""


class TextDecided(UsageError):
    """A person decided against this text of the document; send a changed one."""


class VersionUnknown(UsageError):
    """The document has no version of this number."""


class PassageUnknown(UsageError):
    """The document has no such section on that page or day."""


class TraceUnknown(UsageError):
    """How this answer came about is not known; that is kept for the last 1,000 answers only."""


class VersionOutdated(UsageError):
    """The document has another version by now; look at it and decide again."""


class StageOutdated(UsageError):
    """The document was published in another version or withdrawn since this one was prepared."""


class StageChanged(StageOutdated):
    """Somebody prepared something else for the document meanwhile; look at it and decide again."""


class ProposalUnknown(UsageError):
    """There is no proposal for an approved answer of this id; somebody may have deleted it."""


class ProposalChanged(UsageError):
    """Somebody else changed this proposal meanwhile; look at both texts and save again."""


class ProposalUnfit(UsageError):
    """This cannot become an approved answer as it is."""


class SecondPersonMissing(UsageError):
    """Whoever changed a proposal last cannot approve it; a second person has to look at it."""


class BackupUnusable(UsageError):
    """This is not a whole backup of Auskunft; nothing was changed."""


class StateNotEmpty(UsageError):
    """There are documents here already; restore into an empty state folder."""


class SourceMissing(UsageError):
    """A source of the approved answer is not among the documents."""


class SettingInvalid(UsageError):
    """A setting has a value that cannot be used."""


class DocumentError(AuskunftError):
    """The document could not be taken in."""


class DocumentUnreadable(DocumentError):
    """The file is damaged or not what its name says."""


class DocumentProtected(DocumentError):
    """The PDF is protected with a password; please save it without one."""


class DocumentTooLarge(DocumentError):
    """Reading the file took more time, memory or pages than the settings allow."""


class DocumentEmpty(DocumentError):
    """The file holds no text."""


class DocumentTypeUnknown(DocumentError):
    """This kind of file is not read; use .pdf, .docx, .xml, .zip (of one act), .md or .html."""


class MetadataInvalid(DocumentError):
    """The document's metadata cannot be read."""


class DocumentDuplicate(DocumentError):
    """Another document already has this id."""


class DocumentReserved(DocumentError):
    """Ids that begin with freigegebene-antworten are for approved answers; give it another id."""


class VersionDoubtful(DocumentError):
    """The new version looks like a mistake; what stood goes on answering."""


class IndexFailure(AuskunftError):
    """The index cannot be used."""


class IndexBusy(IndexFailure):
    """The index is in use by another process; try again when it is done."""


class IndexUnreachable(IndexFailure):
    """The Qdrant server does not answer; check AUSKUNFT_QDRANT_URL and that the server runs."""


class IndexOutdated(IndexFailure):
    """The index was built by another embedding model or schema."""


class IndexDamaged(IndexFailure):
    """The index files are damaged; build the index anew with `auskunft reindex`."""


class StorageFull(IndexFailure):
    """There is no room left on the disk; nothing that was published is lost."""


class RegistryUnreachable(AuskunftError):
    """The database does not answer; check AUSKUNFT_DATABASE_URL and that the server runs."""


class RegistryDamaged(AuskunftError):
    """The database in the state folder is damaged; restore a backup of the folder."""


class WriterBusy(AuskunftError):
    """Another ingest is running; try again when it is done."""


class RestoreUnfinished(AuskunftError):
    """A restore was interrupted here; run `auskunft restore` again, or empty the state folder."""


class ModelUnavailable(AuskunftError):
    """The embedding model could not be loaded."""


class ModelFailed(AuskunftError):
    """The language model gave no answer that can be used."""


class ModelUnreachable(ModelFailed):
    """The language model's server does not answer; check AUSKUNFT_LLM_BASE_URL."""


class ModelLate(ModelFailed):
    """The language model was not done in the time that AUSKUNFT_LLM_SECONDS gives it."""


class ModelUnwanted(ModelFailed):
    """Nobody waits for what the language model writes any more."""


class ModelBusy(ModelFailed):
    """The language model has as many requests as it may have; please try again in a moment."""


class ModelSpent(ModelFailed):
    """The language model has used up the day's tokens (AUSKUNFT_LLM_DAILY_TOKENS)."""


class PageUndrawn(AuskunftError):
    """The picture of this page cannot be made right now; please open the original instead."""


class PathMissing(AuskunftError):
    """There is no file or folder of this name."""
