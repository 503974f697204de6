-- From nothing to an open creation. Here and in the other files r is a request, c its creation, n a new or changed one.

-- Registers the request. Then answers the creation that exists, or opens the next one with its hold.
-- Outcomes: opened, existing (open, leased, closing or released), cancelled, stale-version, budget-exceeded, conflict.
create or replace function muster.open_creation(
  p_request_id text, p_body_hash text, p_team text, p_owner text, p_version integer, p_placement jsonb) returns jsonb
language plpgsql
as $$
declare
  r muster.request;
  c muster.creation;
  n muster.creation;
begin
  insert into muster.request (id, registered_at_ms) values (p_request_id, muster.now_ms()) on conflict do nothing;
  r := muster.lock_request(p_request_id);
  if r.body_hash is null then
    update muster.request set body_hash = p_body_hash, team = p_team where id = p_request_id returning * into r;
  elsif r.body_hash <> p_body_hash then
    return muster.answer('conflict', r, null);
  end if;

  select * into c from muster.creation where request_id = p_request_id order by number desc limit 1 for update;
  if c.state = 'open' then
    update muster.creation set epoch = epoch + 1, owner = p_owner where key = c.key returning * into c;
  end if;
  if c.state in ('open', 'leased', 'closing') or (c.state = 'released' and not c.replaceable) then
    return muster.answer('existing', r, c);
  end if;
  if r.cancelled_at_ms is not null then
    return muster.answer('cancelled', r, null);
  end if;
  -- A late duplicate of an old call opens nothing.
  if p_version <> r.version then
    return muster.answer('stale-version', r, null);
  end if;

  n.request_id := p_request_id;
  n.number := coalesce(c.number, 0) + 1;
  n.key := muster.creation_key(p_request_id, n.number);
  n.hold_micros := (p_placement->>'holdMicros')::bigint;
  n.period := muster.hold(p_team, n.hold_micros, n.key, 'hold of a creation', p_owner);
  if n.period is null then
    return muster.answer('budget-exceeded', r, null);
  end if;

  insert into muster.creation (key, request_id, number, state, team, period, placement_index, provider, region, call,
    hourly_micros, hold_micros, claim_ms, late_cluster_window_ms, delete_reserve_ms, ready_timeout_ms, lease_ms, terms, owner,
    opened_at_ms)
  values (n.key, n.request_id, n.number, 'open', p_team, n.period, (p_placement->>'placementIndex')::integer,
    p_placement->>'provider', p_placement->>'region', muster.fill_call(p_placement->'call', n.key),
    (p_placement->>'hourlyMicros')::bigint, n.hold_micros, (p_placement->>'claimMs')::bigint,
    (p_placement->>'lateClusterWindowMs')::bigint, (p_placement->>'deleteReserveMs')::bigint,
    (p_placement->>'readyTimeoutMs')::bigint, (p_placement->>'leaseMs')::bigint,
    p_placement->'terms', p_owner, muster.now_ms())
  returning * into c;
  perform muster.add_slice(c.key, c.period, c.hold_micros, null);
  update muster.request set version = version + 1, outcome = null, ended_at_ms = null where id = p_request_id returning * into r;
  return muster.answer('opened', r, c);
end $$;
