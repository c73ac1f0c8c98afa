#!/bin/sh
# Times the ledger on DEPLOYMENTS deployments beside the same queries in plain C on the same file, in one run.
# usage: benchmarks/ledger/run.sh [DEPLOYMENTS [LEDGER]]; a LEDGER that exists is used as it is, and gets one deployment more
set -eu
cd "$(dirname "$0")/../.."
deployments=${1:-1000000}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
ledger=${2:-$scratch/ledger.db}
swift build -c release --product ledger-fixture
swift build -c release --product ledger-bench
cc -O2 -Wall -o "$scratch/baseline" benchmarks/ledger/baseline.c -lsqlite3
[ -e "$ledger" ] || .build/release/ledger-fixture --deployments "$deployments" --ledger "$ledger"
.build/release/ledger-bench "$ledger" > "$scratch/ours"
"$scratch/baseline" "$ledger" > "$scratch/plain"
awk -F '\t' '
  NR == FNR { plain[$1] = $2; next }
  /^#/ { print; next }
  { base = $1 == "append" ? plain["sync"] : plain[$1]
    printf "%-26s p50 %12.1f  p99 %12s", $1, $2, $3
    if (base) printf "   %s %.1f, ratio %.2f", $1 == "append" ? "one sync" : "plain C", base, $2 / base
    print "" }' "$scratch/plain" "$scratch/ours"
