# The commands of the site. A path with a space is no obstacle: everything here is relative to this folder.

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run front test lint format check lock sbom audit clean shots guide proof-readers proof-pages proof-desk proof-desk-size bench proof-log proof-delivery proof-search proof-security proof-killed proof-scan proof-archives proof-run proof-image

PY := .venv/bin/python
TEMPLATES := git ls-files -z -- '*.html'
SOURCES := git ls-files -z -- '*.py'
LOCK := $(PY) -m uv pip compile --quiet --upgrade --universal --python-version 3.12 --generate-hashes \
	--no-emit-index-url --custom-compile-command 'make lock'
# A list of packages; which of them needs which isn't in it, of which the program warns.
SBOM := --output-format JSON --output-reproducible --pyproject pyproject.toml --mc-type application

# The machine's Python: the one that .python-version names (pyenv obeys it in this folder), or the newest that is there.
define environment
@for python in python3 python3.14 python3.13 python3.12; do \
	if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then \
		exec "$$python" conference_site/operations/environment.py $(1); \
	fi; \
done; \
echo 'Python 3.12 or later is needed, and is neither python3 nor python3.14, python3.13 or python3.12 here.' >&2; exit 1
endef

help:  ## this list
	@awk -F ':  ## ' '/^[a-z-]+:  ## / {printf "make %-16s %s\n", $$1, $$2}' Makefile

run:  ## the site on http://localhost:8000; PORT=, BIND=, SITE_URL=, DATABASE_URL= … are honoured
	$(call environment,requirements.txt)
	@exec $(PY) -m conference_site.operations.run

front:  ## nginx, as it is deployed, before a running site, on the port after the site's; the same PORT= as there
	$(call environment,requirements.txt)
	@exec $(PY) -m conference_site.operations.front

# With worksteal neighbours mostly share a worker, and so what takes long to make, and no worker idles at the end.
# Python keeps what it has compiled, or else each worker, and all that it starts, would compile every module anew.
test: export PYTHONDONTWRITEBYTECODE =
test:  ## all tests, on a real PostgreSQL and a real browser; ARGS= goes to pytest
	$(call environment,requirements-dev.txt)
	@$(PY) -m tests.browser.chromium
	@exec $(PY) -m pytest --numprocesses=auto --dist=worksteal $(ARGS)

lint:  ## what the linters and formatters would change
	$(call environment,requirements-dev.txt)
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@$(TEMPLATES) | xargs -0 -r .venv/bin/djade --target-version 6.1 --check
	@$(SOURCES) | xargs -0 -r $(PY) -m django_upgrade --target-version 6.1 --check
	@$(PY) -m bandit --quiet --configfile pyproject.toml --recursive conference_site news pages partners
	@$(PY) -m tests.tools.stylelint

format:  ## change it
	$(call environment,requirements-dev.txt)
	@$(PY) -m ruff check --fix-only
	@$(PY) -m ruff format
	@$(TEMPLATES) | xargs -0 -r .venv/bin/djade --target-version 6.1 || true
	@$(SOURCES) | xargs -0 -r $(PY) -m django_upgrade --target-version 6.1 --exit-zero-even-if-changed
	@$(PY) -m tests.tools.stylelint --fix

# Neither of these needs a database: the address is one where there is none.
check: export SITE_URL = https://example.org
check: export SECRET_KEY = only for checks, and long and various enough: 0123456789 abcdefghij
check: export DATABASE_URL = postgres:///none
check:  ## migrations, settings of a deployment, translations
	$(call environment,requirements-dev.txt)
	@$(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@$(PY) manage.py check --deploy --fail-level WARNING
	@$(PY) manage.py messages --check

lock:  ## the newest versions that pyproject.toml allows, into the three locks
	$(call environment,requirements-dev.txt)
	@$(LOCK) --output-file requirements.txt pyproject.toml
	@$(LOCK) --group dev --constraints requirements.txt --output-file requirements-dev.txt pyproject.toml
	@$(LOCK) --group tools --constraints requirements-dev.txt --output-file requirements-tools.txt

sbom:  ## which packages the site is made of, by the lock, as CycloneDX's JSON into var/sbom.json; the image has its own
	$(call environment,requirements-tools.txt)
	@mkdir -p var
	@$(PY) -W ignore::UserWarning -m cyclonedx_py requirements $(SBOM) --output-file var/sbom.json requirements.txt
	@echo 'The packages of requirements.txt are in var/sbom.json.'

audit:  ## whether any of these packages has a known vulnerability; asks PyPI, and says so where that can't be
	$(call environment,requirements-tools.txt)
	@exec $(PY) -m tests.tools.audit

clean:  ## remove what tests and tools have left; the database of `make run` and its files stay
	@for place in var/test-*; do [ ! -L "$$place/postgres" ] || rm -rf "$$(readlink "$$place/postgres")"; done
	@rm -rf .venv .venv.lock .pytest_cache .ruff_cache test-results var/tools var/test-*

shots:  ## 3 minutes: every kind of public page as a picture, in both languages and schemes and three widths, into var/shots
	$(call environment,requirements-dev.txt)
	@$(PY) -m tests.browser.shots

guide:  ## 3 minutes: the pictures of docs/editors.md, taken anew of the real screens; one that looks as before stays as it is
	$(call environment,requirements-dev.txt)
	@$(PY) -m tests.browser.guide $(ONLY)

proof-readers:  ## 15 minutes: Lighthouse and IBM Equal Access on the public pages of a site as `make run` starts it
	$(call environment,requirements-dev.txt)
	@$(PY) -m tests.browser.proof_readers

proof-pages:  ## 2 minutes: the site in three languages; the W3C's checker on every page of the starting content; axe-core; layout
	@$(MAKE) test ARGS="-m proof tests/languages tests/test_html.py tests/browser/test_accessibility.py tests/browser/test_layout.py tests/browser/test_readers.py"

proof-desk:  ## 35 minutes: axe-core on every page of the desk, the words of each, journeys; every role, action and state; publications that die at each step; 50 savers
	@$(MAKE) test ARGS="-m proof tests/browser/test_desk.py tests/browser/test_arabic_desk.py tests/browser/test_journeys.py tests/browser/test_kept.py tests/browser/test_richtext.py tests/desk"
	@$(PY) -m tests.desk.proof_savers

proof-desk-size:  ## 10 minutes: what the desk's pages cost with 10,000 items of 20 revisions; ITEMS= for another number
	$(call environment,requirements-dev.txt)
	@exec $(PY) -m tests.desk.proof_size

bench:  ## 30 minutes: what pages cost, beside nginx, a bare function and Django's cache, and with 100,000 news items; BENCH=, ITEMS=
	$(call environment,requirements-dev.txt)
	@$(PY) -m tests.delivery.bench

proof-log:  ## 2 minutes: what the log and the count of visits cost, and a page of a log of a million entries
	@$(MAKE) test ARGS="-m proof -n 0 tests/audit/proof_log.py"

proof-delivery:  ## 15 minutes: nginx in front; changes seen everywhere in 250 ms; faults under 200 requests a second; slow senders; SECONDS= of each fault
	$(call environment,requirements-dev.txt)
	@$(PY) -m pytest -n 0 -m proof tests/delivery/test_front.py
	@$(PY) -m tests.delivery.proof_fresh
	@$(PY) -m tests.delivery.proof_faults
	@$(PY) -m tests.delivery.proof_reload
	@$(PY) -m tests.delivery.proof_slow

proof-security:  ## 10 minutes: hostile files through every upload, hostile texts on every page, who is let in to the desk and to what, 12,000 requests that mean nothing, the Observatory's score
	@$(MAKE) test ARGS="-m proof tests/media/test_hostile.py tests/browser/test_richtext.py tests/browser/test_sign_in.py tests/desk/test_access.py tests/desk/test_access_matrix.py tests/security"
	@$(PY) -m tests.security.proof_fuzz
	@$(PY) -m tests.security.proof_observatory

proof-killed:  ## 10 minutes: the site killed 50 times and its database 50 times while editors work, nothing saved is lost; RUNS=, SEED=
	$(call environment,requirements-dev.txt)
	@$(PY) -m tests.security.proof_killed

proof-scan:  ## 30 minutes: Wapiti and sqlmap, where the machine has them, before public pages and at the desk; SECONDS= of each scan
	$(call environment,requirements-dev.txt)
	@$(PY) -m tests.security.proof_scan

proof-search:  ## 20 minutes: what a search costs among 100,000 news items; ITEMS= for another number
	$(call environment,requirements-dev.txt)
	@$(PY) -m tests.search.proof_search $(ITEMS)

proof-archives:  ## 3 minutes: restores and drills that are killed at every step; every page after everything was destroyed; the starting content, and its site, as files
	@$(MAKE) test ARGS="-m proof -n 0 tests/archives"

proof-run:  ## 15 minutes: clones in folders with a space, as root and not, killed in every way, tested
	$(call environment,requirements-dev.txt)
	@$(MAKE) test ARGS="-m proof tests/operations"
	@$(PY) -m tests.operations.proof_run

proof-image:  ## 1 minute: the Dockerfile's steps, without an engine
	$(call environment,requirements-dev.txt)
	@$(PY) -m tests.operations.proof_image
