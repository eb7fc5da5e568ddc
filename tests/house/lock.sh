#!/usr/bin/env bash
# Writes the five locks from pyproject.toml: versions and hashes, nothing about where
# the packages came from. Called by `make lock`; it asks the package index and takes some minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."

write() { # FILE WHAT EXTRAS...
  local file=$1 what=$2 fresh extra extras=()
  shift 2
  for extra in "$@"; do extras+=(--extra "$extra"); done
  fresh=$(mktemp)
  .venv/bin/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-annotate --no-header \
    --no-emit-options --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
    "${extras[@]}" --output-file "$fresh" pyproject.toml
  { echo "# Pinned with hashes: $what. Written by \`make lock\` from pyproject.toml; not by hand."; grep -v -e "^#" -e "^\$" "$fresh"; } > "$file"
  rm -f "$fresh"
}

write requirements.txt "what selectorate needs to run, with the extras \`roll\` and \`margin\`" roll margin
write requirements-dev.txt "the same, and what is needed to build and test it" roll margin dev
write requirements-assurance.txt "the same, and fuzzing and mutation testing" roll margin dev assurance
write requirements-peers.txt "other programs that count, run as processes by benches and tests, never linked" peers
write requirements-spark.txt "the same as for development, and Spark for rolls beyond one machine" roll margin dev spark
