#!/bin/sh
# Creates the namespace and its search attributes if they do not exist, and sets the retention.
# TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE say where. The argument is how long closed runs are kept, such as 30d.
set -eu
retention=$1

# For some seconds, not every part of the server knows a new namespace.
try() {
  attempts=30
  until "$@"; do
    attempts=$((attempts - 1))
    [ "$attempts" -gt 0 ] || { echo "gave up: $*" >&2; exit 1; }
    sleep 2
  done
}

try temporal operator cluster health
if temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" > /dev/null 2>&1; then
  temporal operator namespace update --namespace "$TEMPORAL_NAMESPACE" --retention "$retention"
else
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$retention"
fi
for name in MusterPhase MusterTeam MusterProvider MusterRegion MusterReason MusterClusterId; do
  try temporal operator search-attribute create --name "$name" --type Keyword
done
