-- What a worker may know of the ledger's own files.

-- Names of the files in schema/ that were applied, and hashes of the others by their name.
create or replace function muster.applied_files() returns jsonb language sql stable
security definer set search_path = pg_catalog, pg_temp
as $$
  select jsonb_build_object(
    'schema', (select coalesce(jsonb_agg(name order by id), '[]') from muster_migrations.applied),
    'hashes', (select coalesce(jsonb_object_agg(name, hash), '{}') from muster_migrations.applied_file))
$$;
