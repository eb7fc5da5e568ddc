#!/usr/bin/env bash
# Java 17 or later for Spark: used where it is there, else installed as Debian's package. Called by `make spark`.
set -euo pipefail

new_enough() {
  local java="${JAVA_HOME:+$JAVA_HOME/bin/}java" version
  version=$("$java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p') || return 1
  [ -n "$version" ] && [ "$version" -ge 17 ]
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

new_enough && exit 0
if command -v apt-get >/dev/null; then
  echo "setup: Java, Debian's default-jre-headless"
  as_root apt-get update -qq || echo "apt-get update failed; going on with the lists that are there"
  as_root apt-get install -qq --yes --no-install-recommends default-jre-headless || true
fi
new_enough && exit 0
echo "Spark needs Java 17 or later: install your system's package for it, or set JAVA_HOME, then run this again."
exit 1
