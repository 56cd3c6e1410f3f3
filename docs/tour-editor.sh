#!/bin/sh
# An editor's working day on the sample town, with real commands, in a folder of its own.
# The council raises the dog tax from January; the leaflet that goes with it is still the old one.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export AUSKUNFT_STATE_DIR="$work/state"
next_year=$(($(date +%Y) + 1))

say() { printf '\n\033[1m# %s\033[0m\n' "$*"; }
auskunft() {
    printf '\n$ auskunft'
    printf ' %s' "$@" | sed "s|$work/||g"
    printf '\n'
    .venv/bin/auskunft "$@"
}

say "The town as it is"
cp -r data/documents "$work/town"
auskunft ingest "$work/town"
auskunft ask "Was kostet die Hundesteuer für den ersten Hund?"

say "The council has decided: 120 euros from 1 January $next_year. The new PDF replaces the old one."
sed -e "s/^  valid_from: .*/  valid_from: $next_year-01-01/" \
    -e "s/^  as_of: .*/  as_of: $(date +%Y-%m-%d)/" \
    -e "s/ersten Hund 108,00 Euro/ersten Hund 120,00 Euro/" \
    -e "s/zweiten Hund 216,00 Euro/zweiten Hund 240,00 Euro/" \
    -e "s/am 1. Januar 2026 in Kraft/am 1. Januar $next_year in Kraft/" \
    data/sources/documents/hundesteuersatzung.md >"$work/hundesteuersatzung.md"
"$python" data/sources/build.py "$work/hundesteuersatzung.md" --to "$work/town"

say "Prepare it: citizens see nothing of it yet"
auskunft ingest --stage "$work/town" --reason "Council decision"
auskunft documents diff hundesteuersatzung
auskunft documents preview --questions data/questions/auental.jsonl --language de

say "Publish it"
auskunft documents publish hundesteuersatzung
auskunft ask "Was kostet die Hundesteuer für den ersten Hund?"
auskunft ask "Was kostet die Hundesteuer für den ersten Hund?" --as-of "$next_year-01-15"
auskunft ask "Was kostet die Hundesteuer für den ersten Hund?" --as-of 2024-06-01
auskunft documents show hundesteuersatzung

say "The council thinks again: take it back"
auskunft documents rollback hundesteuersatzung 1 --reason "Decision repealed"
auskunft ask "Was kostet die Hundesteuer für den ersten Hund?" --as-of "$next_year-01-15"
auskunft ingest "$work/town"
auskunft documents show hundesteuersatzung

say "A leaflet is out of date: take it away from citizens, and see what else is old"
auskunft documents withdraw anmeldung-hundesteuer --reason "Out of date"
auskunft documents stale

say "Keep all of it"
auskunft backup "$work/auental.backup"
