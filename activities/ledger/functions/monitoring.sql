-- What a monitor reads. A provider's worker may call these for its own provider only.

-- Few fields, since a region may have ten thousand creations.
create or replace function muster.monitored_json(c muster.creation) returns jsonb language sql stable
as $$
  select jsonb_build_object(
    'key', c.key, 'requestId', c.request_id, 'number', c.number, 'state', c.state, 'clusterId', c.cluster_id, 'owner', c.owner,
    'epoch', c.epoch, 'condition', c.condition, 'claims', c.claims, 'sendUntilMs', c.send_until_ms, 'openedAtMs', c.opened_at_ms,
    'leasedAtMs', c.leased_at_ms, 'closingAtMs', c.closing_at_ms, 'endedAtMs', c.ended_at_ms)
$$;

-- Creations of a region that are open, leased or closing, with the ledger's time from before they were read.
create or replace function muster.monitored_rows(p_provider text, p_region text) returns jsonb language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_now bigint := muster.now_ms();
begin
  perform muster.assert_acts_for(p_provider);
  return jsonb_build_object('nowMs', v_now, 'rows', coalesce((
    select jsonb_agg(muster.monitored_json(c)) from muster.creation c
    where c.provider = p_provider and c.region = p_region and c.state in ('open', 'leased', 'closing')), '[]'));
end $$;

-- How many rows those are, and how many of them are open: read far more often than the rows.
create or replace function muster.monitored_counts(p_provider text, p_region text) returns jsonb language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
begin
  perform muster.assert_acts_for(p_provider);
  return (
    select jsonb_build_object('active', count(*), 'open', count(*) filter (where c.state = 'open')) from muster.creation c
    where c.provider = p_provider and c.region = p_region and c.state in ('open', 'leased', 'closing'));
end $$;

-- The rows of these keys, in any state and region. Unknown keys and keys of other providers are left out.
create or replace function muster.monitored_known(p_provider text, p_keys text[]) returns jsonb language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
begin
  perform muster.assert_acts_for(p_provider);
  return coalesce((
    select jsonb_agg(muster.monitored_json(c)) from muster.creation c
    where c.key = any (p_keys) and c.provider = p_provider), '[]');
end $$;

-- A whole creation of the provider; null for any other key.
create or replace function muster.monitored_creation(p_provider text, p_key text) returns jsonb language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
begin
  perform muster.assert_acts_for(p_provider);
  return (select muster.creation_json(c) from muster.creation c where c.key = p_key and c.provider = p_provider);
end $$;

-- Every region in which the provider ever had a creation.
create or replace function muster.monitored_regions(p_provider text) returns jsonb language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
begin
  perform muster.assert_acts_for(p_provider);
  return (
    select coalesce(jsonb_agg(region order by region), '[]')
    from (select distinct c.region from muster.creation c where c.provider = p_provider) regions);
end $$;
