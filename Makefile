# Two commands do all the set-up: `make site` and `make test`. The rest is for daily work.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Every command starts several times faster with its modules compiled.
unexport PYTHONDONTWRITEBYTECODE
STAMP := $(VENV)/.installed

.PHONY: site serve test lint bench gallery clean

# The environment: pinned by constraints.txt, remade when it or pyproject.toml changes.
$(STAMP): pyproject.toml constraints.txt
	@echo "making the environment in $(VENV) (a minute or two)"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[site,material,holidays,test,lint]'
	touch $(STAMP)

site: $(STAMP)
	$(BIN)/servicebook check
	$(BIN)/servicebook sla
	$(BIN)/servicebook site

serve: $(STAMP)
	$(BIN)/mkdocs serve --livereload

test: $(STAMP)
	@tests/browser/ensure-chromium || true
	@tests/browser/ensure-axe || true
	tests/in-memory $(BIN)/python -m pytest -n 2 --dist worksteal

lint: $(STAMP)
	$(BIN)/ruff check tools tests
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_ladder.py
	$(BIN)/servicebook docs --check

bench: $(STAMP)
	$(BIN)/python tests/bench/bench.py

# The pictures of the guide, from a real Chromium.
gallery: $(STAMP)
	$(BIN)/python tests/browser/gallery.py

bench-site: $(STAMP)
	$(BIN)/python tests/bench/site.py

clean:
	rm -rf $(VENV) site
