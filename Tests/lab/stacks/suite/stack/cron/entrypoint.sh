#!/bin/sh
# Stands for cron: has its table in $1, and waits.
echo "cron: $1"
exec /app/run
