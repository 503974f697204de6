-- What a monitor reads, and what a look at a leased cluster records. A provider's worker may call these for its own provider.

-- Regions in which a provider has creations.
create index creation_by_place on muster.creation (provider, region);

create or replace view muster.provider_creation with (security_barrier) as
select c.key, c.request, c.number, c.state, c.provider, c.region, c.call, c.cluster_id, c.owner, c.epoch, c.claims, c.answered,
  c.claimed, c.claim_ms, c.send_until_ms, c.late_cluster_window_ms, c.hourly_micros, c.opened_at_ms, c.leased_at_ms, c.lease_until_ms,
  r.cancelled_at_ms is not null as cancelled, muster.now_ms() as now_ms,
  c.condition, c.delete_reserve_ms, c.ended_at_ms
from muster.creation c join muster.request r on r.id = c.request
where muster.acts_for(c.provider);

-- What a look at a leased cluster confirmed. One that is gone from its provider costs nothing from then on.
-- Outcomes: noted, not-leased.
create function muster.record_condition(p_key text, p_condition text, p_text text) returns jsonb language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
declare
  r muster.request := muster.lock_request(muster.request_of(p_key));
  c muster.creation := muster.lock_own_creation(p_key);
begin
  if c.state <> 'leased' then
    return muster.answer('not-leased', r, c);
  end if;
  update muster.creation
  set condition = p_condition, condition_text = p_text,
    condition_at_ms = case when condition is distinct from p_condition then muster.now_ms() else condition_at_ms end
  where key = p_key returning * into c;
  update muster.observed_cluster set gone_at_ms = case when p_condition = 'gone' then coalesce(gone_at_ms, muster.now_ms()) end
  where key = p_key and cluster_id = c.cluster_id;
  return muster.answer('noted', r, c);
end $$;

-- As before, and a cluster that is seen again is not gone.
create or replace function muster.record_cluster(c muster.creation, p_cluster_id text, p_created_at_ms bigint, p_who text)
returns void language plpgsql
as $$
declare
  v_cost bigint;
begin
  insert into muster.observed_cluster as s (key, cluster_id, created_at_ms, seen_at_ms)
  values (c.key, p_cluster_id, coalesce(p_created_at_ms, muster.now_ms()), muster.now_ms())
  on conflict (key, cluster_id) do update set gone_at_ms = null where s.gone_at_ms is not null;
  if c.state in ('refused', 'absent', 'released') or (c.state = 'leased' and c.cluster_id is distinct from p_cluster_id) then
    update muster.observed_cluster
    set booked_micros = muster.cost_micros(c.hourly_micros, created_at_ms, muster.now_ms() + c.delete_reserve_ms)
    where key = c.key and cluster_id = p_cluster_id and booked_micros is null
    returning booked_micros into v_cost;
    if found then
      update muster.balance set spent_micros = spent_micros + v_cost where team = c.team and period = c.period;
      perform muster.write_journal(c.team, c.period, 'overrun', v_cost, c.key, 'cluster ' || p_cluster_id || ' nobody held money for', p_who);
    end if;
  end if;
end $$;

-- Asked once a call, not once a row: a region may have ten thousand.
create function muster.assert_acts_for(p_provider text) returns void language plpgsql stable
as $$
begin
  if not muster.acts_for(p_provider) then
    raise exception 'role % may not act for provider %', session_user, p_provider using errcode = 'insufficient_privilege';
  end if;
end $$;

create function muster.monitored_json(c muster.creation) returns jsonb language sql stable
as $$
  select jsonb_build_object(
    'key', c.key, 'requestId', c.request, 'number', c.number, 'state', c.state, 'clusterId', c.cluster_id, 'owner', c.owner,
    'epoch', c.epoch, 'condition', c.condition, 'leased', c.leased_at_ms is not null,
    'hasTerms', c.terms is not null, 'claims', c.claims,
    'sendUntilMs', c.send_until_ms, 'openedAtMs', c.opened_at_ms, 'closingAtMs', c.closing_at_ms, 'endedAtMs', c.ended_at_ms)
$$;

-- Creations of a region that are open, leased or closing, with the ledger's time from before they were read.
create function muster.monitored_rows(p_provider text, p_region text) returns jsonb language plpgsql
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

-- How many there are, and how many of them are open: asked far more often than the rows.
create function muster.monitored_counts(p_provider text, p_region text) returns jsonb language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
begin
  perform muster.assert_acts_for(p_provider);
  return (
    select jsonb_build_object('active', count(*), 'open', count(*) filter (where c.state = 'open')) from muster.creation c
    where c.provider = p_provider and c.region = p_region and c.state in ('open', 'leased', 'closing'));
end $$;

-- The same rows for keys, in any state and region; keys that are nobody's, or another provider's, are left out.
create function muster.known_rows(p_provider text, p_keys text[]) returns jsonb language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_now bigint := muster.now_ms();
begin
  perform muster.assert_acts_for(p_provider);
  return jsonb_build_object('nowMs', v_now, 'rows', coalesce((
    select jsonb_agg(muster.monitored_json(c)) from muster.creation c
    where c.key = any (p_keys) and c.provider = p_provider), '[]'));
end $$;

-- A whole creation of the provider; null for any other key.
create function muster.creation_for(p_provider text, p_key text) returns jsonb language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
begin
  perform muster.assert_acts_for(p_provider);
  return (select muster.creation_json(c) from muster.creation c where c.key = p_key and c.provider = p_provider);
end $$;

create function muster.monitored_regions(p_provider text) returns jsonb language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
begin
  perform muster.assert_acts_for(p_provider);
  return (
    select coalesce(jsonb_agg(region order by region), '[]')
    from (select distinct c.region from muster.creation c where c.provider = p_provider) regions);
end $$;

create function muster.installation_id() returns text language sql stable
security definer set search_path = pg_catalog, pg_temp
as $$ select id from muster.installation $$;

-- As before, with what the functions above need.
create or replace function muster.ensure_provider_role(p_provider text) returns void language plpgsql
as $$
declare
  v_role text := 'muster_provider_' || translate(p_provider, '-', '_');
begin
  -- Two grants on one object at once fail: "tuple concurrently updated".
  perform pg_advisory_xact_lock('muster.installation'::regclass::bigint);
  perform muster.ensure_role(v_role);
  execute format('grant usage on schema muster to %I', v_role);
  execute format('grant select on muster.provider_creation to %I', v_role);
  execute format('grant execute on function muster.claim_send, muster.release_send, muster.record_observed, muster.acts_for, muster.now_ms, '
    'muster.record_price, muster.record_duplicates_gone, muster.record_condition, muster.monitored_rows, muster.monitored_counts, muster.known_rows, muster.creation_for, '
    'muster.monitored_regions, muster.installation_id to %I', v_role);
end $$;

revoke all on function muster.record_condition, muster.assert_acts_for, muster.monitored_json, muster.monitored_rows, muster.monitored_counts, muster.known_rows,
  muster.creation_for, muster.monitored_regions, muster.installation_id from public;
grant execute on function muster.record_condition, muster.assert_acts_for, muster.monitored_json, muster.monitored_rows, muster.monitored_counts, muster.known_rows,
  muster.creation_for, muster.monitored_regions, muster.installation_id to muster_ledger;
