-- Leases with a life: the terms they were opened under, what their cluster has become, and provisioning again.

alter table muster.creation
  -- How its lease is to live; null for creations of before there were terms.
  add column terms jsonb,
  -- What its leased cluster was last confirmed to be, what the provider said, and since when.
  add column condition text check (condition in ('ready', 'degraded', 'failed', 'gone')),
  add column condition_text text,
  add column condition_at_ms bigint,
  -- A released creation that stands no longer: its request may open the next one.
  add column replaceable boolean not null default false;

update muster.creation set condition = 'ready', condition_at_ms = leased_at_ms where leased_at_ms is not null;

create or replace function muster.creation_json(c muster.creation) returns jsonb language sql stable
as $$
  select jsonb_build_object(
    'key', c.key, 'requestId', c.request, 'number', c.number, 'state', c.state, 'team', c.team,
    'placementIndex', c.placement_index, 'provider', c.provider, 'region', c.region,
    'hourlyMicros', c.hourly_micros, 'holdMicros', c.hold_micros, 'clusterId', c.cluster_id,
    'owner', c.owner, 'epoch', c.epoch, 'why', c.why, 'whyText', c.why_text,
    'readyTimeoutMs', c.ready_timeout_ms, 'openedAtMs', c.opened_at_ms, 'leasedAtMs', c.leased_at_ms,
    'leaseUntilMs', c.lease_until_ms, 'endedAtMs', c.ended_at_ms, 'costMicros', c.cost_micros,
    'terms', c.terms, 'condition', c.condition, 'conditionText', c.condition_text, 'conditionAtMs', c.condition_at_ms)
$$;

create function muster.key_of(p_request text, p_number integer) returns text language sql stable
as $$
  select 'mu-' || i.id || '-'
    || muster.base32(sha256(convert_to(i.id || '/' || p_request || '/' || p_number, 'UTF8')), 26)
  from muster.installation i
$$;

create function muster.body_hash_of(p_request text) returns text language sql stable
as $$ select body_hash from muster.request where id = p_request $$;

-- Every byte of a call is fixed when its creation opens: the key takes its place in the template.
create function muster.call_of(p_call jsonb, p_key text) returns jsonb language sql immutable
as $$ select replace(p_call::text, '{{key}}', p_key)::jsonb $$;

-- As before, with the terms of the lease; and a released creation that may be replaced stands no longer.
create or replace function muster.open_creation(
  p_request text, p_body_hash text, p_team text, p_owner text, p_version integer, p_new jsonb) returns jsonb
language plpgsql
as $$
declare
  r muster.request;
  c muster.creation;
  n muster.creation;
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

  n.request := p_request;
  n.number := coalesce(c.number, 0) + 1;
  n.key := muster.key_of(p_request, n.number);
  n.hold_micros := (p_new->>'holdMicros')::bigint;
  n.period := muster.hold(p_team, n.hold_micros, n.key, 'hold of a creation', p_owner);
  if n.period is null then
    return muster.answer('budget-exceeded', r, null);
  end if;

  insert into muster.creation (key, request, number, state, team, period, placement_index, provider, region, call,
    hourly_micros, hold_micros, claim_ms, late_cluster_window_ms, delete_reserve_ms, ready_timeout_ms, lease_ms, terms, owner,
    opened_at_ms)
  values (n.key, n.request, n.number, 'open', p_team, n.period, (p_new->>'placementIndex')::integer,
    p_new->>'provider', p_new->>'region', muster.call_of(p_new->'call', n.key),
    (p_new->>'hourlyMicros')::bigint, n.hold_micros, (p_new->>'claimMs')::bigint, (p_new->>'lateClusterWindowMs')::bigint,
    (p_new->>'deleteReserveMs')::bigint, (p_new->>'readyTimeoutMs')::bigint, (p_new->>'leaseMs')::bigint,
    nullif(p_new->'terms', 'null'), p_owner, muster.now_ms())
  returning * into c;
  update muster.request set version = version + 1, outcome = null, ended_at_ms = null where id = p_request returning * into r;
  return muster.answer('opened', r, c);
end $$;

-- Replaced by the one that says why.
drop function muster.hold(text, bigint, text, text);

-- As before; what is leased was ready a moment ago.
create or replace function muster.lease(p_key text, p_lease text, p_cluster_id text) returns jsonb language plpgsql
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
  set state = 'leased', owner = p_lease, leased_at_ms = muster.now_ms(), lease_until_ms = muster.now_ms() + lease_ms,
    condition = 'ready', condition_at_ms = muster.now_ms()
  where key = p_key returning * into c;
  update muster.request set outcome = 'ready', ended_at_ms = muster.now_ms() where id = c.request returning * into r;
  return muster.answer('leased', r, c);
end $$;

-- Lets the request of a released creation open another, p_max times at the most. The answer carries the latest creation:
-- another than the released one where the request has gone on since. Outcomes: reprovisioned, not-released, too-often.
create function muster.reprovision(p_key text, p_max integer) returns jsonb language plpgsql
as $$
declare
  r muster.request := muster.lock_request(muster.request_of(p_key));
  c muster.creation := muster.lock_creation(p_key);
  n muster.creation;
begin
  select * into n from muster.creation where request = c.request order by number desc limit 1;
  if n.number > c.number or c.replaceable then
    return muster.answer('reprovisioned', r, n);
  elsif c.state <> 'released' then
    return muster.answer('not-released', r, c);
  elsif (select count(*) from muster.creation where request = c.request and replaceable) >= p_max then
    return muster.answer('too-often', r, c);
  end if;
  update muster.creation set replaceable = true where key = p_key returning * into c;
  return muster.answer('reprovisioned', r, c);
end $$;

revoke all on function muster.key_of, muster.body_hash_of, muster.call_of, muster.reprovision from public;
grant execute on function muster.key_of, muster.body_hash_of, muster.call_of, muster.reprovision to muster_ledger;
