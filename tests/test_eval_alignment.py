from __future__ import annotations

from pathlib import Path

from core.openvino_encoder import OpenVinoEncoder, load_openvino_encoder
from eval.alignment import make_offsets, mean_vector


def test_an_offset_leads_from_a_languages_mean_to_the_german_one(
    model_folder: Path, tmp_path: Path
) -> None:
    encoder: OpenVinoEncoder = load_openvino_encoder(model_folder, {})
    lines = {"de": ["Guten Morgen.", "Das Rathaus ist offen."], "en": ["Good morning.", "Open."]}
    for language, sentences in lines.items():
        (tmp_path / f"{language}.txt").write_text("\n".join(sentences), "utf-8")
    offsets = make_offsets(encoder, tmp_path)
    assert set(offsets) == {"en"}
    moved = mean_vector(encoder, lines["en"]) + offsets["en"]
    assert abs(moved - mean_vector(encoder, lines["de"])).max() < 1e-6
