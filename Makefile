# needs git, make and Python 3.11 or later; make alone shows what there is to make
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

.PHONY: help train example results-runs results test test-all torture audit lock checks docs reference clean
.DELETE_ON_ERROR:

help: # this list
	@echo "Usage: make TARGET [ARGS=\"SETTING=VALUE ...\"] [PYTHON=python3.11]"
	@echo
	@awk -F ':.*# ' '/^[a-z-]+:.*# / { printf "%-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

train: $(VENV)/.installed # train a model, after making .venv: ARGS="model=probe loss=focal"
	$(BIN)/python scripts/train.py $(ARGS)

BASELINE = $(BIN)/python scripts/baseline.py -m data=imdb
TRAIN = $(BIN)/python scripts/train.py -m data=imdb
PROBE = $(TRAIN) model=probe data.text=[title,description]
results-runs: $(VENV)/.installed # all runs of RESULTS.md, many hours; started again it goes on: ARGS="data.raw=FOLDER"
	$(BASELINE) baseline=logreg,linear_svm,knn data.text=[title,description] features=tfidf,encoder $(ARGS)
	$(BASELINE) baseline=logreg,linear_svm,knn features=tfidf,bow,word2vec,embeddings $(ARGS)
	$(BASELINE) baseline=logreg data.text=[title,description] data.unknown=negative $(ARGS)
	$(BASELINE) baseline=logreg data.text=[title,description] data.truncated=train data.dir=data/imdb_truncated $(ARGS)
	$(BASELINE) baseline=logreg data.text=[title,description] features=encoder sweep=dataset_size $(ARGS)
	$(BASELINE) oversample=ml_ros,lp_ros,class_balanced,smote,mlsmote $(ARGS)
	$(PROBE) sweep=losses seed=1,2,3 $(ARGS)
	$(PROBE) data.unknown=negative seed=1,2,3 $(ARGS)
	$(PROBE) sweep=focal_grid $(ARGS)
	$(PROBE) oversample=ml_ros,lp_ros,class_balanced,mlsmote seed=1,2,3 $(ARGS)
	$(PROBE) sweep=dataset_size $(ARGS)
	$(BIN)/python scripts/train.py -m experiment=best seed=1,2,3 $(ARGS)
	$(TRAIN) model=distilbert_small sweep=losses seed=1,2,3 $(ARGS)

# a sweep over the focal loss and one over losses with two seeds, on the sample: about ten minutes on two cores
EXAMPLE = $(BIN)/python scripts/train.py -m model=probe logger=csv report.plots=false paths.outputs=outputs/example
example: $(VENV)/.installed # docs/examples/comparison.html: two sweeps and their comparison
	$(EXAMPLE) sweep=focal_grid
	$(EXAMPLE) loss=bce,log_weighted_bce,asymmetric seed=1,2
	$(BIN)/python scripts/compare.py 'runs=[outputs/example/sweeps]' output=outputs/example/comparison
	$(BIN)/python docs/example.py outputs/example/comparison/compare.html

results: $(VENV)/.installed # RESULTS.md from these runs
	$(BIN)/python scripts/results.py $(ARGS)

test: $(VENV)/.installed-dev # the tests, about 8 minutes on two cores: ARGS="tests/losses" for some
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not slow" $(ARGS)

test-all: $(VENV)/.installed-dev # these and the long ones
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

torture: $(VENV)/.installed-dev # kills, full disks, damaged and hostile files, fuzzing: a quarter of an hour; counts are told at the end
	$(BIN)/python -m pytest tests/torture tests/runs/test_damage.py $(ARGS)

audit: $(VENV)/.installed # known vulnerabilities of the packages, asked over the network
	@$(BIN)/python -c 'import pip_audit' 2>/dev/null || { echo "pip-audit is not installed: $(BIN)/python -m pip install pip-audit" >&2; exit 1; }
	$(BIN)/python -m pip_audit --no-deps --disable-pip -r constraints.txt $(ARGS)

lock: # requirements.lock, the constraints with hashes, for every platform; needs uv and a network
	@command -v uv >/dev/null || { echo "uv is not installed: https://docs.astral.sh/uv" >&2; exit 1; }
	uv pip compile pyproject.toml -c constraints.txt --universal --python-version 3.11 --generate-hashes --no-annotate --no-config \
	  --custom-compile-command "make lock" --quiet --output-file requirements.lock

checks: $(VENV)/.installed-dev # style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(VENV)/.installed-dev # the documentation as a site, docs/_build/html/index.html
	$(BIN)/python -m sphinx -W --keep-going -q -j auto -b html docs docs/_build/html $(ARGS)
	@echo "Documentation: docs/_build/html/index.html"

reference: $(VENV)/.installed-dev # docs/reference/settings.md from the schemas and conf/, licences.md from the packages
	$(BIN)/python docs/settings_reference.py
	$(BIN)/python docs/licences.py

clean: # delete what was installed and built; outputs/ and data/ stay
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
