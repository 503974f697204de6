-- A creation's lease: its start, its further slices, and provisioning again after its end.

-- The point of no return: the lease with the workflow id p_owner owns the cluster from now on.
-- Outcomes: leased, cancelled, other-cluster, not-open.
create or replace function muster.lease(p_key text, p_owner text, p_cluster_id text) returns jsonb language plpgsql
as $$
declare
  r muster.request := muster.lock_request_of(p_key);
  c muster.creation := muster.lock_creation(p_key);
begin
  if c.state = 'leased' and c.owner = p_owner and c.cluster_id = p_cluster_id then
    return muster.answer('leased', r, c);
  elsif c.state <> 'open' then
    return muster.answer('not-open', r, c);
  elsif r.cancelled_at_ms is not null then
    return muster.answer('cancelled', r, c);
  elsif c.cluster_id is distinct from p_cluster_id then
    return muster.answer('other-cluster', r, c);
  end if;
  -- Its condition is ready: a look has just confirmed that.
  update muster.creation
  set state = 'leased', owner = p_owner, leased_at_ms = muster.now_ms(), lease_until_ms = muster.now_ms() + lease_ms,
    condition = 'ready', condition_at_ms = muster.now_ms()
  where key = p_key returning * into c;
  update muster.request set outcome = 'ready', ended_at_ms = muster.now_ms() where id = c.request_id returning * into r;
  return muster.answer('leased', r, c);
end $$;

-- Holds the next slice of a lease, by its current price. Outcomes: extended, budget-exceeded, not-leased.
create or replace function muster.extend_hold(p_key text, p_until_ms bigint, p_who text) returns jsonb language plpgsql
as $$
declare
  r muster.request := muster.lock_request_of(p_key);
  c muster.creation := muster.lock_creation(p_key);
  v_amount bigint;
  v_period text;
begin
  if c.state <> 'leased' then
    return muster.answer('not-leased', r, c);
  elsif c.lease_until_ms >= p_until_ms then
    return muster.answer('extended', r, c);
  end if;
  v_amount := muster.cost_micros(c.hourly_micros, c.lease_until_ms, p_until_ms);
  v_period := muster.hold(c.team, v_amount, p_key, 'next slice of a lease', p_who);
  if v_period is null then
    return muster.answer('budget-exceeded', r, c);
  end if;
  perform muster.add_slice(p_key, v_period, v_amount, p_until_ms);
  update muster.creation set hold_micros = hold_micros + v_amount, lease_until_ms = p_until_ms
  where key = p_key returning * into c;
  return muster.answer('extended', r, c);
end $$;

-- Lets the request of a released creation open another one, at most p_max times. The answer carries the request's latest
-- creation, which is another one when the request has gone on since. Outcomes: reprovisioned, not-released, too-often.
create or replace function muster.reprovision(p_key text, p_max integer) returns jsonb language plpgsql
as $$
declare
  r muster.request := muster.lock_request_of(p_key);
  c muster.creation := muster.lock_creation(p_key);
  n muster.creation;
begin
  select * into n from muster.creation where request_id = c.request_id order by number desc limit 1;
  if n.number > c.number or c.replaceable then
    return muster.answer('reprovisioned', r, n);
  elsif c.state <> 'released' then
    return muster.answer('not-released', r, c);
  elsif (select count(*) from muster.creation where request_id = c.request_id and replaceable) >= p_max then
    return muster.answer('too-often', r, c);
  end if;
  update muster.creation set replaceable = true where key = p_key returning * into c;
  return muster.answer('reprovisioned', r, c);
end $$;
