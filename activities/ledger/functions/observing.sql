-- What a provider shows of a creation's clusters. A provider's worker may call these for its own provider only.

-- Adds a cluster under a key. One that was gone and is seen again is not gone. One that no settlement will cover, because
-- the row has ended or another cluster is leased, is booked at once as an overrun, up to the longest time that its deletion
-- takes.
create or replace function muster.add_observed_cluster(
  c muster.creation, p_cluster_id text, p_created_at_ms bigint, p_who text) returns void language plpgsql
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
      perform muster.write_journal(
        c.team, c.period, 'overrun', v_cost, c.key, 'cluster ' || p_cluster_id || ' without a hold', p_who);
    end if;
  end if;
end $$;

-- Every actor calls it before it deletes a cluster. Outcome: recorded.
create or replace function muster.record_observed(p_key text, p_cluster_id text, p_created_at_ms bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  r muster.request := muster.lock_request_of(p_key);
  c muster.creation := muster.lock_own_creation(p_key);
begin
  perform muster.add_observed_cluster(c, p_cluster_id, p_created_at_ms, session_user);
  return muster.answer('recorded', r, c);
end $$;

-- What a look at a leased cluster confirmed. A cluster that is gone from its provider costs nothing from then on.
-- Outcomes: recorded, not-leased.
create or replace function muster.record_condition(p_key text, p_condition text, p_text text) returns jsonb language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
declare
  r muster.request := muster.lock_request_of(p_key);
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
  return muster.answer('recorded', r, c);
end $$;

-- The price that the provider bills for the cluster of an open or closing creation: its cost is settled by it. The hold
-- stays as it is, since it was taken with headroom. Cost beyond the hold is an overrun. Outcome: recorded.
create or replace function muster.record_price(p_key text, p_hourly_micros bigint) returns jsonb language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
declare
  r muster.request := muster.lock_request_of(p_key);
  c muster.creation := muster.lock_own_creation(p_key);
begin
  if c.state in ('open', 'closing') then
    update muster.creation set hourly_micros = p_hourly_micros where key = p_key returning * into c;
  end if;
  return muster.answer('recorded', r, c);
end $$;

-- All clusters under a key but its own are gone: they cost nothing from now on. Outcome: recorded.
create or replace function muster.record_duplicates_gone(p_key text) returns jsonb language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
declare
  r muster.request := muster.lock_request_of(p_key);
  c muster.creation := muster.lock_own_creation(p_key);
begin
  update muster.observed_cluster set gone_at_ms = muster.now_ms()
  where key = p_key and cluster_id is distinct from c.cluster_id and gone_at_ms is null;
  return muster.answer('recorded', r, c);
end $$;
