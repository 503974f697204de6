-- Rows that a ledger lost when it was restored from an older backup, written again from what Temporal remembers (Trace, in
-- contracts/reports.ts).

-- Repairs a row from before its lease: it is open, while its cluster is or was in use. It becomes leased, or goes on
-- closing. Outcomes: restored, other-cluster, exists.
create or replace function muster.restore_lease(
  r muster.request, c muster.creation, p_trace jsonb, p_lease_ms bigint, p_who text) returns jsonb language plpgsql
as $$
declare
  v_old jsonb := p_trace->'creation';
  n muster.creation := c;
  v_funded_ms bigint := (v_old->>'leasedAtMs')::bigint + c.lease_ms;
  v_extra bigint;
begin
  if c.state <> 'open' or v_old->>'leasedAtMs' is null then
    return muster.answer('exists', r, c);
  elsif c.cluster_id <> p_trace->>'clusterId' then
    return muster.answer('other-cluster', r, c);
  end if;
  n.state := case v_old->>'state' when 'leased' then 'leased' else 'closing' end;
  n.lease_until_ms := greatest(
    (v_old->>'leaseUntilMs')::bigint, case n.state when 'leased' then muster.now_ms() + p_lease_ms else 0 end);
  update muster.creation
  set state = n.state, cluster_id = p_trace->>'clusterId', leased_at_ms = (v_old->>'leasedAtMs')::bigint,
    lease_until_ms = n.lease_until_ms, owner = case n.state when 'leased' then v_old->>'owner' else 'cleanup/' || key end,
    why = v_old->>'why', why_text = v_old->>'whyText', closing_at_ms = case n.state when 'closing' then muster.now_ms() end,
    condition = 'ready', condition_at_ms = muster.now_ms()
  where key = c.key returning * into c;
  -- The time by which it was extended, and the time that it gets now.
  v_extra := muster.cost_micros(c.hourly_micros, v_funded_ms, c.lease_until_ms);
  if v_extra > 0 then
    perform muster.hold_beyond_limit(c.team, c.period, v_extra, c.key, 'restored', p_who);
    perform muster.add_slice(c.key, c.period, v_extra, c.lease_until_ms);
    update muster.creation set hold_micros = hold_micros + v_extra where key = c.key returning * into c;
  end if;
  perform muster.add_observed_cluster(c, c.cluster_id, c.opened_at_ms, p_who);
  update muster.request
  set outcome = case c.state when 'leased' then 'ready' end, ended_at_ms = case c.state when 'leased' then muster.now_ms() end
  where id = c.request_id returning * into r;
  return muster.answer('restored', r, c);
end $$;

-- Writes the lost row of a cluster that lives. A lease whose funded time is over goes on for p_lease_ms from now. The money
-- is held beyond any limit, since it is being spent.
-- Outcomes: restored, other-key, other-cluster, exists, conflict, taken.
create or replace function muster.restore_creation(p_trace jsonb, p_lease_ms bigint, p_who text) returns jsonb language plpgsql
as $$
declare
  v_old jsonb := p_trace->'creation';
  v_placement jsonb := p_trace->'placement';
  v_request_id text := v_old->>'requestId';
  v_number integer := (v_old->>'number')::integer;
  v_hourly bigint := (v_old->>'hourlyMicros')::bigint;
  r muster.request;
  c muster.creation;
  b muster.budget;
  n muster.creation;
begin
  n.key := muster.creation_key(v_request_id, v_number);
  n.cluster_id := p_trace->>'clusterId';
  if n.key <> p_trace->>'key' then
    return muster.answer('other-key', null, null);
  elsif v_old->>'clusterId' <> n.cluster_id then
    return muster.answer('other-cluster', null, null);
  end if;
  insert into muster.request (id, registered_at_ms) values (v_request_id, muster.now_ms()) on conflict do nothing;
  r := muster.lock_request(v_request_id);
  if r.body_hash is null then
    update muster.request set body_hash = p_trace->>'bodyHash', team = v_old->>'team' where id = v_request_id returning * into r;
  elsif r.body_hash <> p_trace->>'bodyHash' then
    return muster.answer('conflict', r, null);
  end if;
  select * into c from muster.creation where key = n.key for update;
  if found then
    return muster.restore_lease(r, c, p_trace, p_lease_ms, p_who);
  end if;
  select * into c from muster.creation
  where request_id = v_request_id and (state in ('open', 'leased', 'closing') or number > v_number) order by number desc limit 1;
  if found then
    return muster.answer('taken', r, c);
  end if;

  -- A key that was closing or had ended never creates again and is never adopted: it goes on closing.
  n.state := case when v_old->>'state' in ('open', 'leased') then v_old->>'state' else 'closing' end;
  n.lease_until_ms := (v_old->>'leaseUntilMs')::bigint;
  n.hold_micros := (v_old->>'holdMicros')::bigint;
  if n.state = 'leased' and n.lease_until_ms < muster.now_ms() + p_lease_ms then
    n.hold_micros := n.hold_micros + muster.cost_micros(v_hourly, n.lease_until_ms, muster.now_ms() + p_lease_ms);
    n.lease_until_ms := muster.now_ms() + p_lease_ms;
  end if;
  insert into muster.budget (team, period, limit_micros) values (v_old->>'team', 'total', 0)
  on conflict do nothing returning * into b;
  if found then
    perform muster.write_journal(b.team, b.period, 'limit', 0, null, 'restored', p_who);
  end if;
  select * into b from muster.budget where team = v_old->>'team' for share;
  n.period := muster.current_period(b.period);
  perform muster.hold_beyond_limit(b.team, n.period, n.hold_micros, n.key, 'restored', p_who);

  insert into muster.creation (key, request_id, number, state, team, period, placement_index, provider, region, call,
    hourly_micros, hold_micros, claim_ms, late_cluster_window_ms, delete_reserve_ms, ready_timeout_ms, lease_ms, terms,
    cluster_id, owner,
    -- The answers to its sends are unknown: a proof of absence waits for the whole window, counted from now.
    claims, answered, send_until_ms,
    why, why_text, opened_at_ms, leased_at_ms, lease_until_ms, closing_at_ms, condition, condition_at_ms)
  values (n.key, v_request_id, v_number, n.state, b.team, n.period, (v_old->>'placementIndex')::integer,
    v_old->>'provider', v_old->>'region', muster.fill_call(v_placement->'call', n.key),
    v_hourly, n.hold_micros, (v_placement->>'claimMs')::bigint, (v_placement->>'lateClusterWindowMs')::bigint,
    (v_placement->>'deleteReserveMs')::bigint, (v_old->>'readyTimeoutMs')::bigint, (v_placement->>'leaseMs')::bigint,
    v_old->'terms', n.cluster_id,
    case n.state when 'leased' then v_old->>'owner' when 'open' then 'provision/' || v_request_id else 'cleanup/' || n.key end,
    1, 0, muster.now_ms(),
    v_old->>'why', v_old->>'whyText', (v_old->>'openedAtMs')::bigint, (v_old->>'leasedAtMs')::bigint, n.lease_until_ms,
    case n.state when 'closing' then muster.now_ms() end,
    case when v_old->>'leasedAtMs' is not null then 'ready' end,
    case when v_old->>'leasedAtMs' is not null then muster.now_ms() end)
  returning * into c;
  perform muster.add_slice(c.key, c.period, c.hold_micros, null);
  -- It has cost money since its creation opened, at most.
  perform muster.add_observed_cluster(c, n.cluster_id, c.opened_at_ms, p_who);
  update muster.request
  set version = greatest(version, v_number), outcome = case n.state when 'leased' then 'ready' end,
    ended_at_ms = case n.state when 'leased' then muster.now_ms() end
  where id = v_request_id returning * into r;
  return muster.answer('restored', r, c);
end $$;
