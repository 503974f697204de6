-- Rows are locked in one order: request, creation, budget.

-- Locks a request and returns it; all null where there is none.
create or replace function muster.lock_request(p_request_id text) returns muster.request language sql
as $$ select * from muster.request where id = p_request_id for update $$;

-- The same for the request of a creation.
create or replace function muster.lock_request_of(p_key text) returns muster.request language sql
as $$ select muster.lock_request((select request_id from muster.creation where key = p_key)) $$;

-- Locks a creation and returns it. An unknown key is an error of the caller.
create or replace function muster.lock_creation(p_key text) returns muster.creation language plpgsql
as $$
declare
  c muster.creation;
begin
  select * into c from muster.creation where key = p_key for update;
  if not found then
    raise exception 'no creation has the key %', p_key using errcode = 'no_data_found';
  end if;
  return c;
end $$;

-- Whether the connected role works for a provider: muster_ledger for all, muster_provider_<name> for its own.
-- Names are qualified: a session's temporary tables come first in its search path.
create or replace function muster.acts_for(p_provider text) returns boolean language sql stable
as $$
  select exists (
    select 1 from pg_catalog.pg_roles
    where rolname in ('muster_ledger', 'muster_provider_' || translate(p_provider, '-', '_'))
      and pg_has_role(session_user, oid, 'member'))
$$;

-- Called once a call and not once a row: a region may have ten thousand rows.
create or replace function muster.assert_acts_for(p_provider text) returns void language plpgsql stable
as $$
begin
  if not muster.acts_for(p_provider) then
    raise exception 'role % may not act for provider %', session_user, p_provider using errcode = 'insufficient_privilege';
  end if;
end $$;

-- Locks a creation of the connected role's own provider.
create or replace function muster.lock_own_creation(p_key text) returns muster.creation language plpgsql
as $$
declare
  c muster.creation := muster.lock_creation(p_key);
begin
  perform muster.assert_acts_for(c.provider);
  return c;
end $$;
