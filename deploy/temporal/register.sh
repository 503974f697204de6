#!/bin/sh
# Makes the namespace and registers what requests are found by; what is there stays, but the retention is set anew.
# TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE say where; the argument is how long closed runs are kept.
set -eu
retention=$1

# A namespace that was just made is not known everywhere for some seconds.
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
