-- What a ledger worker may know of its own schema: the names of the migrations that were applied.
create function muster.applied_migrations() returns jsonb language sql stable security definer
set search_path = pg_catalog
as $$ select coalesce(jsonb_agg(name order by id), '[]') from muster_migrations.applied $$;
revoke all on function muster.applied_migrations() from public;
grant execute on function muster.applied_migrations() to muster_ledger;
