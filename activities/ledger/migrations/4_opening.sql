-- From nothing to an open creation, and from an open creation to a lease.

-- Registers the request, then returns what stands, or opens the next creation with its hold.
-- Outcomes: opened, existing (open, leased, closing or released), cancelled, stale-version, budget-exceeded, conflict.
create function muster.open_creation(
  p_request text, p_body_hash text, p_team text, p_owner text, p_version integer, p_new jsonb) returns jsonb
language plpgsql
as $$
declare
  r muster.request;
  c muster.creation;
  n muster.creation;
  v_installation text;
begin
  insert into muster.request (id, registered_at_ms) values (p_request, muster.now_ms()) on conflict do nothing;
  r := muster.lock_request(p_request);
  if r.body_hash is null then
    update muster.request set body_hash = p_body_hash, team = p_team where id = p_request returning * into r;
  elsif r.body_hash <> p_body_hash then
    return muster.answer('conflict', r, null);
  end if;

  select * into c from muster.creation where request = p_request order by number desc limit 1 for update;
  if c.state = 'open' then
    update muster.creation set epoch = epoch + 1, owner = p_owner where key = c.key returning * into c;
  end if;
  if c.state in ('open', 'leased', 'closing', 'released') then
    return muster.answer('existing', r, c);
  end if;
  if r.cancelled_at_ms is not null then
    return muster.answer('cancelled', r, null);
  end if;
  -- A late duplicate of an old call opens nothing.
  if p_version <> r.version then
    return muster.answer('stale-version', r, null);
  end if;

  select id into v_installation from muster.installation;
  n.request := p_request;
  n.number := coalesce(c.number, 0) + 1;
  n.key := 'mu-' || v_installation || '-'
    || muster.base32(sha256(convert_to(v_installation || '/' || p_request || '/' || n.number, 'UTF8')), 26);
  n.hold_micros := (p_new->>'holdMicros')::bigint;
  n.period := muster.hold(p_team, n.hold_micros, n.key, p_owner);
  if n.period is null then
    return muster.answer('budget-exceeded', r, null);
  end if;

  insert into muster.creation (key, request, number, state, team, period, placement_index, provider, region, call,
    hourly_micros, hold_micros, claim_ms, late_cluster_window_ms, delete_reserve_ms, ready_timeout_ms, lease_ms, owner, opened_at_ms)
  values (n.key, n.request, n.number, 'open', p_team, n.period, (p_new->>'placementIndex')::integer,
    p_new->>'provider', p_new->>'region',
    -- Every byte of the call is fixed here: the key takes its place in the template.
    replace((p_new->'call')::text, '{{key}}', n.key)::jsonb,
    (p_new->>'hourlyMicros')::bigint, n.hold_micros, (p_new->>'claimMs')::bigint, (p_new->>'lateClusterWindowMs')::bigint,
    (p_new->>'deleteReserveMs')::bigint, (p_new->>'readyTimeoutMs')::bigint, (p_new->>'leaseMs')::bigint, p_owner, muster.now_ms())
  returning * into c;
  update muster.request set version = version + 1, outcome = null, ended_at_ms = null where id = p_request returning * into r;
  return muster.answer('opened', r, c);
end $$;

-- The point of no return. Outcomes: leased, cancelled, other-cluster, not-open.
create function muster.lease(p_key text, p_lease text, p_cluster_id text) returns jsonb language plpgsql
as $$
declare
  r muster.request := muster.lock_request(muster.request_of(p_key));
  c muster.creation := muster.lock_creation(p_key);
begin
  if c.state = 'leased' and c.owner = p_lease and c.cluster_id = p_cluster_id then
    return muster.answer('leased', r, c);
  elsif c.state <> 'open' then
    return muster.answer('not-open', r, c);
  elsif r.cancelled_at_ms is not null then
    return muster.answer('cancelled', r, c);
  elsif c.cluster_id is distinct from p_cluster_id then
    return muster.answer('other-cluster', r, c);
  end if;
  update muster.creation
  set state = 'leased', owner = p_lease, leased_at_ms = muster.now_ms(), lease_until_ms = muster.now_ms() + lease_ms
  where key = p_key returning * into c;
  update muster.request set outcome = 'ready', ended_at_ms = muster.now_ms() where id = c.request returning * into r;
  return muster.answer('leased', r, c);
end $$;

-- The next funded slice of a lease. Outcomes: extended, budget-exceeded, not-leased.
create function muster.extend_hold(p_key text, p_amount bigint, p_until_ms bigint, p_who text) returns jsonb language plpgsql
as $$
declare
  r muster.request := muster.lock_request(muster.request_of(p_key));
  c muster.creation := muster.lock_creation(p_key);
  b muster.budget;
begin
  if c.state <> 'leased' then
    return muster.answer('not-leased', r, c);
  elsif c.lease_until_ms >= p_until_ms then
    return muster.answer('extended', r, c);
  end if;
  select * into b from muster.budget where team = c.team for share;
  update muster.balance set held_micros = held_micros + p_amount
  where team = c.team and period = c.period and held_micros + spent_micros + p_amount <= b.limit_micros;
  if not found then
    return muster.answer('budget-exceeded', r, c);
  end if;
  perform muster.write_journal(c.team, c.period, 'hold', p_amount, p_key, 'next slice of a lease', p_who);
  update muster.creation set hold_micros = hold_micros + p_amount, lease_until_ms = p_until_ms where key = p_key returning * into c;
  return muster.answer('extended', r, c);
end $$;

-- Compare and set of the owner. Outcomes: owner, not-owner.
create function muster.claim_owner(p_key text, p_new text, p_expected text) returns jsonb language plpgsql
as $$
declare
  r muster.request := muster.lock_request(muster.request_of(p_key));
  c muster.creation := muster.lock_creation(p_key);
begin
  if c.owner not in (p_expected, p_new) then
    return muster.answer('not-owner', r, c);
  end if;
  update muster.creation set owner = p_new where key = p_key returning * into c;
  return muster.answer('owner', r, c);
end $$;
