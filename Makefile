# make train | results-runs | results | test | test-all | checks | docs | reference | clean; needs git, make and Python 3.11 or later (PYTHON=... names another one)
PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
EXE := .exe
else
BIN := $(VENV)/bin
endif
ARGS ?=
PIP := $(BIN)/python -m pip install --disable-pip-version-check --progress-bar off -c constraints.txt

.PHONY: train results-runs results test test-all checks docs reference clean
.DELETE_ON_ERROR:

train: $(VENV)/.installed
	$(BIN)/python scripts/train.py $(ARGS)

# all runs of RESULTS.md; started again, it goes on where it stopped: ARGS="data.raw=FOLDER"
BASELINE = $(BIN)/python scripts/baseline.py -m data=imdb
TRAIN = $(BIN)/python scripts/train.py -m data=imdb
PROBE = $(TRAIN) model=probe data.text=[title,description]
results-runs: $(VENV)/.installed
	$(BASELINE) baseline=logreg,linear_svm data.text=[title,description] $(ARGS)
	$(BASELINE) baseline=logreg,linear_svm,knn features=tfidf,bow,word2vec,embeddings $(ARGS)
	$(BASELINE) baseline=logreg data.text=[title,description] data.unknown=negative $(ARGS)
	$(BASELINE) oversample=ml_ros,lp_ros,class_balanced,smote,mlsmote $(ARGS)
	$(PROBE) sweep=losses seed=1,2,3 $(ARGS)
	$(PROBE) data.unknown=negative seed=1,2,3 $(ARGS)
	$(PROBE) sweep=focal_grid $(ARGS)
	$(PROBE) oversample=ml_ros,lp_ros,class_balanced,mlsmote seed=1,2,3 $(ARGS)
	$(PROBE) sweep=dataset_size $(ARGS)
	$(BIN)/python scripts/train.py -m experiment=best seed=1,2,3 $(ARGS)
	$(TRAIN) model=distilbert_small sweep=losses seed=1,2,3 $(ARGS)

results: $(VENV)/.installed
	$(BIN)/python scripts/results.py $(ARGS)

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not slow" $(ARGS)

test-all: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

checks: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(VENV)/.installed-dev
	$(BIN)/python -m sphinx -W --keep-going -q -j auto -b html docs docs/_build/html $(ARGS)
	@echo "Documentation: docs/_build/html/index.html"

# docs/reference/settings.md from the schemas and conf/
reference: $(VENV)/.installed-dev
	$(BIN)/python docs/settings_reference.py

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache docs/_build docs/reference/api *.egg-info

$(BIN)/python$(EXE):
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "genre needs Python 3.11 or later: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python$(EXE)
	@echo "Installing genre and what it needs into $(VENV), once (about 2 GB, some minutes):"
	$(PIP) -e .
	touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(BIN)/python$(EXE)
	@echo "Installing genre, what it needs and what its tests need into $(VENV), once (about 3 GB, some minutes):"
	$(PIP) -e '.[dev]'
	touch $@ $(VENV)/.installed
