-- What providers bill, where they tell: a price that differs from the planned one, and a second cluster under one key.

alter table muster.observed_cluster add column gone_at_ms bigint;

-- The price that the provider bills for the cluster of an open or closing creation: its cost is settled by it. The hold
-- stays as it is, taken with headroom; what goes beyond it is an overrun.
create function muster.record_price(p_key text, p_hourly_micros bigint) returns jsonb language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
declare
  r muster.request := muster.lock_request(muster.request_of(p_key));
  c muster.creation := muster.lock_own_creation(p_key);
begin
  if c.state in ('open', 'closing') then
    update muster.creation set hourly_micros = p_hourly_micros where key = p_key returning * into c;
  end if;
  return muster.answer('billed', r, c);
end $$;

-- Clusters under a key other than its own were seen gone: they cost nothing from now on.
create function muster.record_duplicates_gone(p_key text) returns jsonb language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
declare
  r muster.request := muster.lock_request(muster.request_of(p_key));
  c muster.creation := muster.lock_own_creation(p_key);
begin
  update muster.observed_cluster set gone_at_ms = muster.now_ms()
  where key = p_key and cluster_id is distinct from c.cluster_id and gone_at_ms is null;
  return muster.answer('gone', r, c);
end $$;

-- As before, and a cluster that was seen gone earlier costs up to then.
create or replace function muster.settle(p_key text, p_claims integer, p_gone_at_ms bigint, p_who text) returns jsonb language plpgsql
as $$
declare
  r muster.request := muster.lock_request(muster.request_of(p_key));
  c muster.creation := muster.lock_creation(p_key);
  v_cost bigint;
begin
  if c.state in ('absent', 'released', 'refused') then
    return muster.answer('settled', r, c);
  elsif c.state <> 'closing' then
    return muster.answer('not-closing', r, c);
  elsif p_claims <> c.claims
    -- A send without a definite answer may still be born until its window has passed.
    or (c.answered < c.claims and muster.now_ms() <= c.send_until_ms + c.late_cluster_window_ms)
    -- A cluster first seen since then disproves it; settled now, it would be booked as having cost nothing.
    or exists (select 1 from muster.observed_cluster s where s.key = p_key and s.seen_at_ms > p_gone_at_ms) then
    return muster.answer('stale-proof', r, c);
  end if;
  update muster.observed_cluster
  set booked_micros = muster.cost_micros(c.hourly_micros, created_at_ms, least(coalesce(gone_at_ms, p_gone_at_ms), p_gone_at_ms))
  where key = p_key and booked_micros is null;
  select coalesce(sum(booked_micros), 0) into v_cost from muster.observed_cluster where key = p_key;
  -- Clusters booked as overruns while another was leased are paid for already.
  v_cost := v_cost - coalesce((
    select sum(amount_micros) from muster.journal where key = p_key and kind = 'overrun'), 0);
  perform muster.end_hold(c, v_cost, case when c.leased_at_ms is null then 'proven absent' else 'released' end, p_who);
  update muster.creation
  set state = case when leased_at_ms is null then 'absent' else 'released' end, ended_at_ms = muster.now_ms(), cost_micros = v_cost
  where key = p_key returning * into c;
  return muster.answer('settled', r, c);
end $$;

-- As before, with what the two functions above need.
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
    'muster.record_price, muster.record_duplicates_gone to %I', v_role);
end $$;

revoke all on function muster.record_price, muster.record_duplicates_gone from public;
grant execute on function muster.record_price, muster.record_duplicates_gone to muster_ledger;
