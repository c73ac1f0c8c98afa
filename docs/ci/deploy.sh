#!/bin/sh
# Deploys a target, or a group, from CI at the commit that is checked out. Needs ktrdr, op, ssh, git and jq.
#
#   usage: deploy.sh NAME [OPTION of 'ktrdr deploy']...
#
# OP_SERVICE_ACCOUNT_TOKEN   a 1Password service account that may read the vault that the inventory names
# KTRDR_LEDGER               a file that the next run finds again
#
# Ends with the exit status of ktrdr: 0 only if the version runs and is healthy. Leaves the records in deployment.json.
set -u
name=${1:?usage: deploy.sh NAME [OPTION]...}
shift
: "${OP_SERVICE_ACCOUNT_TOKEN:?is not set}" "${KTRDR_LEDGER:?is not set}"

status=0
ktrdr deploy "$name" --wait 10m --json "$@" >deployment.json || status=$?
jq -r '[.] | flatten | .[] | "deployment \(.id): \(.kind) of \(.target), \(.tag // "no tag"): \(.outcome)"' deployment.json
case $status in
  0) ;;
  1) echo "did not succeed: the reason is above, and in 'ktrdr show last' on this runner" ;;
  75) echo "nothing was changed: somebody else deploys $name; run this job again" ;;
  64 | 69 | 77 | 78) echo "nothing was changed: the reason is above" ;;
  *) echo "ktrdr deploy ended with $status: what runs now is below" ;;
esac

# For this job's log: what runs now, and the head of the ledger. A log elsewhere is a witness of what the ledger was.
ktrdr status "$name" || [ "$status" -ne 0 ] || status=3
[ ! -e "$KTRDR_LEDGER" ] || ktrdr ledger verify || status=$?
exit "$status"
