#!/bin/sh
# Times one deployment of 1, 4, 16 and 32 hosts at once beside the bare ssh command and other tools, in one run, as root.
# usage, after 'make bench-fanout' has built what it times: benchmarks/fanout/run.sh [RUNS [HOSTS...]]
set -eu
cd "$(dirname "$0")/../.."
runs=${1:-5}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- 1 4 16 32
scratch=$(mktemp -d /tmp/kt-fan.XXXX)
root=$scratch/l
lab=$PWD/Tests/lab/lab
trap '"$lab" down "$root" >/dev/null; rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
ktrdr=$scratch/ktrdr
strip -o "$ktrdr" "$(swift build -c release --show-bin-path)/ktrdr"

# Peers come from PyPI, each where it installs.
python3 -m venv "$scratch/peers"
for peer in fabric pyinfra ansible-core; do
  "$scratch/peers/bin/pip" install --quiet --disable-pip-version-check "$peer" >&2 || echo "# $peer does not install here"
done
most=$(printf '%s\n' "$@" | sort -n | tail -n 1)
"$lab" up "$root" --hosts "$(seq -f 'n-%g' -s ' ' 1 "$most")" >&2
# shellcheck source=/dev/null # written by the lab
. "$root/env"
cd "$root/repo"
exec 3>&1
"$scratch/peers/bin/python" - "$ktrdr" "$root" "$scratch/peers/bin" "$runs" "$@" <"$OLDPWD/benchmarks/fanout/bench.py" >&3
