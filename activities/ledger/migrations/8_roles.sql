-- Who may do what. muster_ledger: everything the ledger's worker does. muster_provider_<name>: claim, release and report
-- for its own provider, and read its own rows. Roles belong to the whole server: another database may have made them.

create function muster.ensure_role(p_role text) returns void language plpgsql
as $$
begin
  if not exists (select 1 from pg_roles where rolname = p_role) then
    execute format('create role %I nologin', p_role);
  end if;
exception when duplicate_object or unique_violation then
  null;
end $$;

create function muster.ensure_provider_role(p_provider text) returns void language plpgsql
as $$
declare
  v_role text := 'muster_provider_' || translate(p_provider, '-', '_');
begin
  -- Two grants on one object at once fail: "tuple concurrently updated".
  perform pg_advisory_xact_lock('muster.installation'::regclass::bigint);
  perform muster.ensure_role(v_role);
  execute format('grant usage on schema muster to %I', v_role);
  execute format('grant select on muster.provider_creation to %I', v_role);
  execute format('grant execute on function muster.claim_send, muster.release_send, muster.record_observed, muster.acts_for, muster.now_ms to %I', v_role);
end $$;

revoke all on all functions in schema muster from public;
select muster.ensure_role('muster_ledger');
grant usage on schema muster to muster_ledger;
grant select, insert, update on all tables in schema muster to muster_ledger;
revoke update on muster.journal from muster_ledger;
grant usage on all sequences in schema muster to muster_ledger;
grant execute on all functions in schema muster to muster_ledger;
revoke execute on function muster.ensure_role, muster.ensure_provider_role from muster_ledger;
