-- For people: the clusters that live, where the ledger has been, workflows that own nothing, and a row that was lost.

-- Clusters that are leased, or being released, the longest leased first. The request in their terms is left out: nobody
-- reads it there, and many of them would not fit an answer.
create function muster.clusters(p_team text, p_provider text, p_limit integer) returns jsonb language sql stable
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'creation', case when (l.c).terms is null then muster.creation_json(l.c)
      else jsonb_set(muster.creation_json(l.c), '{terms,request}', 'null') end,
    'createdAtMs', s.created_at_ms) order by (l.c).leased_at_ms, (l.c).key), '[]')
  from (
    select c from muster.creation c
    where c.leased_at_ms is not null and c.state in ('leased', 'closing')
      and (p_team is null or c.team = p_team) and (p_provider is null or c.provider = p_provider)
    order by c.leased_at_ms, c.key limit p_limit) l
  left join muster.observed_cluster s on s.key = (l.c).key and s.cluster_id = (l.c).cluster_id
$$;

-- Providers and regions of all creations.
create function muster.places() returns jsonb language sql stable
as $$
  select coalesce(jsonb_agg(jsonb_build_object('provider', provider, 'region', region) order by provider, region), '[]')
  from (select distinct provider, region from muster.creation) places
$$;

-- Of workflows that run, [{"id", "startedAtMs"}], those that own nothing, a sentence each. One that may be on its way out
-- is given p_grace_ms: a lease after its release, a cleanup of a late cluster after its start.
create function muster.idle_owners(p_running jsonb, p_grace_ms bigint) returns jsonb language sql volatile
as $$
  with running as (
    select w->>'id' as id, (w->>'startedAtMs')::bigint as started_at_ms,
      regexp_match(w->>'id', '^cluster/(.+)/([0-9]{1,9})$') as lease, regexp_match(w->>'id', '^cleanup/([^/]+)') as cleanup
    from jsonb_array_elements(p_running) w
  ), owned as (
    select w.*, c.key, c.state, c.ended_at_ms < muster.now_ms() - p_grace_ms as ended_long_ago
    from running w left join muster.creation c
      on c.key = coalesce(w.cleanup[1], muster.key_of(w.lease[1], w.lease[2]::integer))
  )
  select coalesce(jsonb_agg(case
    when key is null then format('%s runs, and the ledger does not know its creation', id)
    else format('%s runs, and creation %s is %s', id, key, state) end order by id), '[]')
  from owned
  where key is null
    or (lease is not null and (state in ('open', 'absent', 'refused') or ended_long_ago))
    or (cleanup is not null and ended_long_ago and started_at_ms < muster.now_ms() - p_grace_ms)
$$;

-- A row that was set back to before its lease stands open, while its cluster is in use, or was: it becomes leased, or goes
-- on closing, as Temporal remembers it. Outcomes: restored, other-cluster, exists.
create function muster.restore_lease(r muster.request, c muster.creation, p_trace jsonb, p_lease_ms bigint, p_who text)
returns jsonb language plpgsql
as $$
declare
  o jsonb := p_trace->'creation';
  n muster.creation := c;
  v_funded_ms bigint := (o->>'leasedAtMs')::bigint + c.lease_ms;
  v_extra bigint;
begin
  if c.state <> 'open' or o->>'leasedAtMs' is null then
    return muster.answer('exists', r, c);
  elsif c.cluster_id <> p_trace->>'clusterId' then
    return muster.answer('other-cluster', r, c);
  end if;
  n.state := case o->>'state' when 'leased' then 'leased' else 'closing' end;
  n.lease_until_ms := greatest((o->>'leaseUntilMs')::bigint, case n.state when 'leased' then muster.now_ms() + p_lease_ms else 0 end);
  update muster.creation
  set state = n.state, cluster_id = p_trace->>'clusterId', leased_at_ms = (o->>'leasedAtMs')::bigint,
    lease_until_ms = n.lease_until_ms, owner = case n.state when 'leased' then o->>'owner' else 'cleanup/' || key end,
    why = o->>'why', why_text = o->>'whyText', closing_at_ms = case n.state when 'closing' then muster.now_ms() end,
    condition = 'ready', condition_at_ms = muster.now_ms()
  where key = c.key returning * into c;
  -- What it was extended by, and what it is given: held beyond any limit, since it is being spent.
  v_extra := muster.cost_micros(c.hourly_micros, v_funded_ms, c.lease_until_ms);
  if v_extra > 0 then
    update muster.balance set held_micros = held_micros + v_extra where team = c.team and period = c.period;
    perform muster.write_journal(c.team, c.period, 'hold', v_extra, c.key, 'restored', p_who);
    insert into muster.slice (key, number, period, hold_micros, until_ms, at_ms)
    select c.key, max(number) + 1, c.period, v_extra, c.lease_until_ms, muster.now_ms() from muster.slice where key = c.key;
    update muster.creation set hold_micros = hold_micros + v_extra where key = c.key returning * into c;
  end if;
  perform muster.record_cluster(c, c.cluster_id, c.opened_at_ms, p_who);
  update muster.request
  set outcome = case c.state when 'leased' then 'ready' end, ended_at_ms = case c.state when 'leased' then muster.now_ms() end
  where id = c.request returning * into r;
  return muster.answer('restored', r, c);
end $$;

-- Writes the row of a cluster that lives and that this ledger has lost, by what Temporal remembers of it (Trace, in
-- contracts/reports.ts). A lease funded up to the past goes on for p_lease_ms from now. The money is held beyond any limit:
-- it is being spent. Outcomes: restored, other-key, other-cluster, exists, conflict, taken.
create function muster.restore_creation(p_trace jsonb, p_lease_ms bigint, p_who text) returns jsonb language plpgsql
as $$
declare
  o jsonb := p_trace->'creation';
  w jsonb := p_trace->'placement';
  v_request text := o->>'requestId';
  v_number integer := (o->>'number')::integer;
  v_hourly bigint := (o->>'hourlyMicros')::bigint;
  r muster.request;
  c muster.creation;
  b muster.budget;
  n muster.creation;
begin
  n.key := muster.key_of(v_request, v_number);
  n.cluster_id := p_trace->>'clusterId';
  if n.key <> p_trace->>'key' then
    return muster.answer('other-key', null, null);
  elsif o->>'clusterId' <> n.cluster_id then
    return muster.answer('other-cluster', null, null);
  end if;
  insert into muster.request (id, registered_at_ms) values (v_request, muster.now_ms()) on conflict do nothing;
  r := muster.lock_request(v_request);
  if r.body_hash is null then
    update muster.request set body_hash = p_trace->>'bodyHash', team = o->>'team' where id = v_request returning * into r;
  elsif r.body_hash <> p_trace->>'bodyHash' then
    return muster.answer('conflict', r, null);
  end if;
  select * into c from muster.creation where key = n.key for update;
  if found then
    return muster.restore_lease(r, c, p_trace, p_lease_ms, p_who);
  end if;
  select * into c from muster.creation
  where request = v_request and (state in ('open', 'leased', 'closing') or number > v_number) order by number desc limit 1;
  if found then
    return muster.answer('taken', r, c);
  end if;

  -- A key that was closing, or had ended, never creates again and is never adopted: it goes on closing.
  n.state := case when o->>'state' in ('open', 'leased') then o->>'state' else 'closing' end;
  n.lease_until_ms := (o->>'leaseUntilMs')::bigint;
  n.hold_micros := (o->>'holdMicros')::bigint;
  if n.state = 'leased' and n.lease_until_ms < muster.now_ms() + p_lease_ms then
    n.hold_micros := n.hold_micros + muster.cost_micros(v_hourly, n.lease_until_ms, muster.now_ms() + p_lease_ms);
    n.lease_until_ms := muster.now_ms() + p_lease_ms;
  end if;
  insert into muster.budget (team, period, limit_micros) values (o->>'team', 'total', 0) on conflict do nothing returning * into b;
  if found then
    perform muster.write_journal(b.team, b.period, 'limit', 0, null, 'restored', p_who);
  end if;
  select * into b from muster.budget where team = o->>'team' for share;
  n.period := muster.present_period(b.period);
  insert into muster.balance as l (team, period, held_micros) values (b.team, n.period, n.hold_micros)
  on conflict (team, period) do update set held_micros = l.held_micros + excluded.held_micros;
  perform muster.write_journal(b.team, n.period, 'hold', n.hold_micros, n.key, 'restored', p_who);

  insert into muster.creation (key, request, number, state, team, period, placement_index, provider, region, call,
    hourly_micros, hold_micros, claim_ms, late_cluster_window_ms, delete_reserve_ms, ready_timeout_ms, lease_ms, terms,
    cluster_id, owner,
    -- Nobody knows how its sends were answered: a proof of absence waits for the window, counted from now.
    claims, answered, send_until_ms,
    why, why_text, opened_at_ms, leased_at_ms, lease_until_ms, closing_at_ms, condition, condition_at_ms)
  values (n.key, v_request, v_number, n.state, b.team, n.period, (o->>'placementIndex')::integer,
    o->>'provider', o->>'region', muster.call_of(w->'call', n.key),
    v_hourly, n.hold_micros, (w->>'claimMs')::bigint, (w->>'lateClusterWindowMs')::bigint,
    (w->>'deleteReserveMs')::bigint, (o->>'readyTimeoutMs')::bigint, (w->>'leaseMs')::bigint, nullif(o->'terms', 'null'),
    n.cluster_id,
    case n.state when 'leased' then o->>'owner' when 'open' then 'provision/' || v_request else 'cleanup/' || n.key end,
    1, 0, muster.now_ms(),
    o->>'why', o->>'whyText', (o->>'openedAtMs')::bigint, (o->>'leasedAtMs')::bigint, n.lease_until_ms,
    case n.state when 'closing' then muster.now_ms() end,
    case when o->>'leasedAtMs' is not null then 'ready' end, case when o->>'leasedAtMs' is not null then muster.now_ms() end)
  returning * into c;
  -- It has cost since its creation opened, at the most.
  perform muster.record_cluster(c, n.cluster_id, c.opened_at_ms, p_who);
  update muster.request
  set version = greatest(version, v_number), outcome = case n.state when 'leased' then 'ready' end,
    ended_at_ms = case n.state when 'leased' then muster.now_ms() end
  where id = v_request returning * into r;
  return muster.answer('restored', r, c);
end $$;

revoke all on function muster.clusters, muster.places, muster.idle_owners, muster.restore_lease, muster.restore_creation from public;
grant execute on function muster.clusters, muster.places, muster.idle_owners, muster.restore_lease, muster.restore_creation to muster_ledger;
