#!/bin/sh
# Creates Temporal's two databases if they do not exist, and updates their tables. SQL_* variables hold the host, the
# user and the plugin; the argument is a file with the password.
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
