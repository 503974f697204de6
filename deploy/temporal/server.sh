#!/bin/sh
# Starts Temporal as its image does, with the database's password from a file: the server itself reads it only from the
# environment.
set -eu
POSTGRES_PWD=$(cat "$1")
export POSTGRES_PWD
exec /etc/temporal/entrypoint.sh
