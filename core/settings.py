"""The settings: one class, the only reader of the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import Field, SecretStr, StringConstraints, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import SettingInvalid


class Settings(BaseSettings):
    """Every setting with its default and meaning; `auskunft settings` prints them."""

    model_config = SettingsConfigDict(
        env_prefix="AUSKUNFT_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    state_dir: Path = Field(
        Path("data/state"), description="where index, database and uploaded originals live"
    )
    qdrant_url: str | None = Field(
        None,
        description="a Qdrant server or cluster; unset: embedded Qdrant Edge in the state folder",
    )
    qdrant_api_key: SecretStr | None = Field(None, description="key of the Qdrant server")
    database_url: SecretStr | None = Field(
        None, description="SQLAlchemy URL (PostgreSQL); unset: SQLite in the state folder"
    )
    embedding_model: str = Field(
        "bundled", description="`bundled`, or any sentence-transformers name or path"
    )
    llm_base_url: str | None = Field(
        None, description="an OpenAI-compatible server; unset: extractive answers"
    )
    llm_model: str | None = Field(None, description="the language model's name on that server")
    llm_api_key: SecretStr | None = Field(None, description="key of the language model's server")
    llm_gguf: Path | None = Field(None, description="a GGUF file to run in-process instead")
    llm_seconds: float = Field(
        8, gt=0, description="time the language model may take; then the extractive answer stands"
    )
    llm_at_once: int = Field(2, gt=0, description="requests that the language model serves at once")
    llm_queue: int = Field(
        8, ge=0, description="requests that wait for it; any more get the extractive answer at once"
    )
    llm_daily_tokens: int = Field(
        0,
        ge=0,
        description="tokens that the language model may read and write a day; 0: any number",
    )
    town: str | None = Field(
        None, description="the town whose questions this site answers (ARS key or name); unset: all"
    )
    rate_limit: Annotated[
        str, StringConstraints(pattern=r"^(off|[1-9]\d*/(second|minute|hour|day))$")
    ] = Field("30/minute", description="requests per client on the citizens' routes, or `off`")
    editor_key: SecretStr | None = Field(
        None, description="key of the routes that change documents; unset: nobody may use them"
    )
    keep_questions: bool = Field(
        False,
        description="whether questions that are asked often are kept, for previews, "
        "and those that nobody could answer, for editors",
    )
    evaluation_set: Path | None = Field(
        None,
        description="a file of questions (.jsonl); every preview asks them too, those in German",
    )
    sites: str = Field(
        "",
        description="the town's websites that carry the widget or frame /ask, by their origin, "
        "such as 'https://www.auental.example'; several with spaces between",
    )
    oidc_issuer: str | None = Field(
        None, description="an OpenID Connect provider that signs staff in; unset: local accounts"
    )
    oidc_client_id: str | None = Field(None, description="what that provider calls Auskunft")
    oidc_client_secret: SecretStr | None = Field(None, description="secret of that client")
    public_url: str | None = Field(
        None,
        description="the site's own address behind a proxy, such as 'https://ask.town.example'",
    )
    session_minutes: int = Field(
        30, gt=0, description="after how long without a request staff is signed out"
    )
    contact: str = Field(
        "", description="the town's contact that messages name, such as 'Bürgerbüro, Tel. …'"
    )
    opening_hours: str = Field(
        "", description="when the town hall is open, such as 'Mo–Fr 8–12, Do 14–18 Uhr'"
    )
    responsible: str = Field(
        "", description="who answers for this service, such as 'Stadt Auental, Hauptamt'"
    )
    legal_basis: str = Field(
        "", description="what the town bases this service on, for /transparency"
    )
    imprint_url: str | None = Field(None, description="the town's page 'Impressum'")
    privacy_url: str | None = Field(None, description="the town's page 'Datenschutz'")
    accessibility_url: str | None = Field(None, description="the town's page 'Barrierefreiheit'")
    cache_dir: Path = Field(
        Path(platformdirs.user_cache_dir("auskunft")),
        description="where the converted embedding model, ready-made tables and pictures of pages "
        "(at most 200 MiB) are kept",
    )
    reader_seconds: float = Field(60, gt=0, description="time to read one file may take")
    reader_memory_mb: int = Field(2000, gt=0, description="memory to read one file may take, MiB")
    reader_pages: int = Field(2000, gt=0, description="pages that one file may have")
    reader_file_mb: int = Field(100, gt=0, description="size that one file may have, MiB")


def load_settings(**overrides: object) -> Settings:
    """The settings from environment, `.env` and overrides; raises SettingInvalid."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # validated by pydantic
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"])
        why = first["msg"]
        if first["type"] == "string_pattern_mismatch":
            field = Settings.model_fields[name]
            why = f"it must look like {field.default} ({field.description})"
        raise SettingInvalid(
            f"The setting AUSKUNFT_{name.upper()} cannot be used: {why}."
        ) from error
