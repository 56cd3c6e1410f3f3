"""`auskunft approved` tells what waits, and lets an editor confirm it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from test_web_cli import as_json, auskunft, environment, is_one_sentence

__all__ = ["environment"]  # the fixture

TAX = "---\nkind: statute\n---\n# Satzung\n\n## § 5 Steuersatz\n\nJeder Hund kostet {} Euro.\n"
FAQ = "---\nkind: faq\n---\n## Was kostet ein Hund? {#hund}\n\n96 Euro.\n\nQuelle: satzung § 5\n"


def test_an_entry_waits_after_a_change_until_it_is_confirmed(
    environment: dict[str, str], tmp_path: Path
) -> None:
    town = tmp_path / "town"
    town.mkdir()
    (town / "faq.md").write_text(FAQ, "utf-8")
    (town / "satzung.md").write_text(TAX.format(96), "utf-8")
    as_json(environment, "ingest", town)
    (town / "satzung.md").write_text(TAX.format(120), "utf-8")
    report = as_json(environment, "ingest", town)
    (warning,) = report["warnings"]
    assert "auskunft approved confirm faq#hund" in warning["warning"]
    assert warning["path"] == str(town / "faq.md")

    listed = auskunft(environment, "approved", "list").stdout
    assert f"waits: § 5 satzung changed on {date.today()}" in " ".join(listed.split())
    confirmed = auskunft(environment, "approved", "confirm", "faq#hund", "--by", "Ada")
    assert (confirmed.returncode, confirmed.stdout) == (0, "faq#hund answers.\n")
    (entry,) = as_json(environment, "approved")["entries"]
    assert (entry["answers"], entry["sources"][0]["confirmed_by"]) == (True, "Ada")
    unknown = auskunft(environment, "approved", "confirm", "faq#katze")
    assert unknown.returncode == 2
    assert is_one_sentence(unknown.stderr)
