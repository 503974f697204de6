-- Who may do what: every right is granted here, and nowhere else. It is applied with every migration, after functions/,
-- because everybody may execute a new function until its rights are revoked.
-- Roles belong to the whole server: another database may have made them.

create or replace function muster.ensure_role(p_role text) returns void language plpgsql
as $$
begin
  if not exists (select 1 from pg_roles where rolname = p_role) then
    execute format('create role %I nologin', p_role);
  end if;
exception when duplicate_object or unique_violation then
  null;
end $$;

-- muster_provider_<name> claims, releases and reports for its own provider, and reads its own rows.
create or replace function muster.ensure_provider_role(p_provider text) returns void language plpgsql
as $$
declare
  v_role text := 'muster_provider_' || translate(p_provider, '-', '_');
  v_function regprocedure;
begin
  -- Two grants on one object at once fail: "tuple concurrently updated".
  perform pg_advisory_xact_lock('muster.installation'::regclass::bigint);
  perform muster.ensure_role(v_role);
  execute format('revoke all on all functions in schema muster from %I', v_role);
  execute format('grant usage on schema muster to %I', v_role);
  -- By name, so that an overload has the rights of the function that it replaces.
  for v_function in
    select oid from pg_proc where pronamespace = 'muster'::regnamespace and proname in (
      'installation_id', 'provider_creation', 'claim_send', 'release_send',
      'record_observed', 'record_condition', 'record_price', 'record_duplicates_gone',
      'monitored_rows', 'monitored_counts', 'monitored_known', 'monitored_creation', 'monitored_regions')
  loop
    execute format('grant execute on function %s to %I', v_function, v_role);
  end loop;
end $$;

-- muster_ledger does everything that the ledger's worker does. It makes no roles.
select muster.ensure_role('muster_ledger');
revoke all on all functions in schema muster from public, muster_ledger;
revoke all on all tables in schema muster from muster_ledger;
grant usage on schema muster to muster_ledger;
grant select, insert, update on muster.installation, muster.budget, muster.balance, muster.request, muster.creation,
  muster.observed_cluster to muster_ledger;
grant select, insert on muster.slice, muster.journal to muster_ledger;
grant usage on all sequences in schema muster to muster_ledger;
grant execute on all functions in schema muster to muster_ledger;
revoke execute on function muster.ensure_role, muster.ensure_provider_role from muster_ledger;
