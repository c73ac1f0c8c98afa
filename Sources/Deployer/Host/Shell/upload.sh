#!/bin/sh
# What one connection uploads, in its order. Nobody runs this: shellcheck reads the parts as the one script that they are.
# ktrdr itself sets the first lines to its own values.
mark='@@nonce '
idle_limit=60
end_of_upload=end_nonce
directory=/opt/stack
env_files=
lock_seen=
. ./markers.sh
. ./compose.sh
. ./check.sh
. ./observe.sh
. ./change.sh
. ./lock.sh
. ./anchors.sh
