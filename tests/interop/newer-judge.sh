#!/usr/bin/env bash
# newer-judge.sh SUITE DIR: put the belenios-tool of another Debian suite into DIR, with its own C library, so
# that DIR/belenios-tool runs beside the installed one. Nothing is installed on the system and nothing needs to
# be undone but the removal of DIR.
#
# Packages come from wherever this system already gets its own (asked of apt), and apt checks their signatures.
# apt sees an empty system there, so it names the whole closure of dependencies by itself.
set -euo pipefail

suite=${1:?"usage: newer-judge.sh SUITE DIR"}
mkdir -p "${2:?"usage: newer-judge.sh SUITE DIR"}"
place=$(cd "$2" && pwd)

if [ -x "$place/belenios-tool" ] && "$place/belenios-tool" --version >/dev/null 2>&1; then
  echo "already there: belenios-tool $("$place/belenios-tool" --version)"
  exit 0
fi

home=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
mirror=$(apt-get indextargets --format '$(CREATED_BY) $(RELEASE) $(COMPONENT) $(REPO_URI)' |
  awk -v home="$home" '$1 == "Packages" && $2 == home && $3 == "main" { print $4; exit }')
if [ -z "$mirror" ]; then
  echo "apt knows no package source for this system's own release ($home): run apt-get update first" >&2
  exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial"
: > "$work/state/status"
echo "deb $mirror $suite main" > "$work/sources.list"
apt=(apt-get -qq
  -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null
  -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null
  -o Dir::State="$work/state" -o Dir::State::status="$work/state/status" -o Dir::Cache="$work/cache"
  -o APT::Sandbox::User=root -o APT::Install-Recommends=false -o Debug::NoLocking=true)
"${apt[@]}" update
"${apt[@]}" --download-only --yes install belenios-tool

rm -rf "$place/root"
mkdir "$place/root"
# libraries land under lib in old packages and under usr/lib in new ones: make them one place
mkdir -p "$place/root/usr/lib" "$place/root/usr/lib64" "$place/root/usr/bin" "$place/root/usr/sbin"
for name in lib lib64 bin sbin; do ln -s "usr/$name" "$place/root/$name"; done
for package in "$work"/cache/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$package" | tar --extract --directory "$place/root" --keep-directory-symlink --no-same-owner
done

loader=$(find "$place/root/usr/lib" "$place/root/usr/lib64" -name 'ld-linux*.so.*' \( -type f -o -type l \) | sort | head -n 1)
libraries=$(dirname "$(find "$place/root/usr/lib" -name 'libc.so.6' | head -n 1)")
cat > "$place/belenios-tool" <<END
#!/bin/sh
here=\$(dirname "\$(readlink -f "\$0")")
exec "\$here/root/${loader#"$place/root/"}" --library-path "\$here/root/${libraries#"$place/root/"}" "\$here/root/usr/bin/belenios-tool" "\$@"
END
chmod +x "$place/belenios-tool"
echo "unpacked: belenios-tool $("$place/belenios-tool" --version)"
