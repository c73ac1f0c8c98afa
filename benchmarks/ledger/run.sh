#!/bin/bash
# Times the ledger on DEPLOYMENTS deployments beside the same work in plain C, or sqlite3, in one run.
# usage, after 'make bench-ledger' has built what it times: benchmarks/ledger/run.sh [DEPLOYMENTS [LEDGER]]; a LEDGER that exists is
# used as it is, and gets one deployment more
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
deployments=${1:-1000000}
# On a disk: what a sync costs in memory says nothing.
scratch=$(mktemp -d "${TMPDIR:-/tmp}/ktrdr-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
ledger=${2:-$scratch/ledger.db}
tools=.build/release
cc -O2 -Wall -o "$scratch/baseline" benchmarks/ledger/baseline.c -lsqlite3 -lcrypto
[ -e "$ledger" ] || "$tools/ledger-fixture" --deployments "$deployments" --ledger "$ledger"

# The syncs of one append: those of a long run less those of a short one.
syncs() {
  strace -f -e trace=fsync,fdatasync -o "$scratch/trace" "$tools/ledger-writer" --ledger "$scratch/traced.db" --events "$1"
  grep -c 'sync(' "$scratch/trace"
}
syncs 5 >/dev/null
few=$(syncs 5)
many=$(syncs 105)

"$tools/ledger-bench" "$ledger" >"$scratch/ours"
sqlite3 "$scratch/plain.db" <docs/ledger-schema.sql
"$scratch/baseline" "$ledger" "$scratch/plain.db" >"$scratch/plain"
# Of an aggregate, pageno is the number of pages; its sum of bytes overflows at 2 GiB.
bare=$(sqlite3 "$ledger" "SELECT sum(pageno) * 4096 FROM dbstat WHERE aggregate = TRUE AND name IN ('event', 'output')")
count=$(sqlite3 "$ledger" 'SELECT max(deployment) FROM event INDEXED BY started_deployment WHERE type = '"'started'")
printf 'bytes-per-deployment\t%s\t\n' "$((bare / count))" >>"$scratch/plain"

awk -F '\t' -v syncs="$(awk "BEGIN { print ($many - $few) / 100 }")" '
  # The targets of the design: at most so many microseconds, or with a minus sign at least so many a second.
  BEGIN {
    target["last-good"] = 50; target["verify-events-per-second"] = -250000; target["bytes-per-deployment"] = 3000
    printf "%-26s %12s %12s %14s %7s\n", "microseconds, or as named", "p50", "p99", "baseline p50", "ratio"
  }
  NR == FNR { plain[$1] = $2; next }
  /^#/ { notes = notes $0 "\n"; next }
  { limit = $1 in target ? target[$1] : $1 ~ /^page/ ? 2000 : 0
    if ($1 == "append") limit = 6 * plain["sync"]
    met = !limit ? "" : (limit > 0 ? $2 <= limit : $2 >= -limit) ? "  target met" : "  TARGET MISSED"
    failed += met ~ /MISSED/
    printf "%-26s %12.1f %12s %14.1f %7.2f%s\n", $1, $2, $3, plain[$1], $2 / plain[$1], met
    if ($1 == "append") {
      printf "%-26s %12.1f of one sync, which costs %.1f; %.1f syncs an append\n", "  in syncs", $2 / plain["sync"], plain["sync"], syncs
    } }
  END {
    printf "%s", notes
    print "baselines: plain C for queries, append and the chain alone; sqlite3 for the bytes of the rows without any index"
    exit failed > 0
  }' "$scratch/plain" "$scratch/ours"
