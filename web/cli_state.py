"""The commands about the whole state: `auskunft backup`, `restore`, `copy-index`, `reindex`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from core.settings import load_settings
from web.cli_options import AsJson, print_json
from web.office import backup_json, open_office

File = Annotated[Path, typer.Argument(metavar="FILE", help="Such as auskunft.tar.gz.")]


def backup(file: File, as_json: AsJson = False) -> None:
    """Write everything to one file: documents, versions, originals, index. The site goes on."""
    with open_office(load_settings()) as office:
        saved = office.backup(file.absolute())
    _print_saved("Saved", saved, as_json)


def restore(file: File, as_json: AsJson = False) -> None:
    """Make everything from a backup, in a state folder that is empty."""
    from ingest.restore import restore as restore_file

    _print_saved("Restored", backup_json(restore_file(load_settings(), file), file), as_json)


def copy_index(
    to: Annotated[str, typer.Option("--to", help="Such as http://qdrant:6333.")],
    as_json: AsJson = False,
) -> None:
    """Copy the index to a Qdrant server (key: AUSKUNFT_QDRANT_API_KEY)."""
    settings = load_settings()
    key = settings.qdrant_api_key
    with open_office(settings) as office:
        copied = office.copy_index(to, key.get_secret_value() if key else None)
    if as_json:
        print_json(copied)
        return
    print(
        f"{copied['passages']} passages are on {to}. Publish nothing now; stop the site, set "
        f"AUSKUNFT_QDRANT_URL={to}, and start it again."
    )


def reindex(as_json: AsJson = False) -> None:
    """Build the index anew from the registry (after a change of the model, or when damaged)."""
    from core.encoder import load_encoder
    from ingest.reindex import reindex as build_anew
    from web.terminal import show_progress

    settings = load_settings()
    encoder = load_encoder(settings)
    with show_progress() as progress:
        built = build_anew(settings, encoder, progress)
    if as_json:
        print_json(asdict(built))
        return
    if built.answers and settings.qdrant_url:
        outcome = "and answers from now on; start the sites that run again"
    elif built.answers:
        outcome = "and answers from now on"
    else:
        outcome = "and answers once the site restarts"
    print(f"The new index has {built.documents} documents, {built.passages} passages, {outcome}.")


def _print_saved(verb: str, saved: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(saved)
        return
    megabytes = saved["bytes"] / 1e6
    print(
        f"{verb} {saved['documents']} documents, {saved['passages']} passages and "
        f"{saved['originals']} originals: {saved['file']}, {megabytes:.1f} MB, "
        f"made {saved['made']}."
    )
