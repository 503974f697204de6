#!/bin/sh
# Makes Temporal's two databases and brings their tables up to date; what is there stays. The host, the user and the
# plugin come from SQL_* variables, the password from a file.
set -eu
SQL_PASSWORD=$(cat "$1")
export SQL_PASSWORD
schemas=${2:-/etc/temporal/schema/postgresql/v12}

for pair in temporal:temporal temporal_visibility:visibility; do
  database=${pair%%:*}
  schema=${pair##*:}
  temporal-sql-tool --db "$database" create
  temporal-sql-tool --db "$database" setup-schema -v 0.0
  temporal-sql-tool --db "$database" update-schema -d "$schemas/$schema/versioned"
done
