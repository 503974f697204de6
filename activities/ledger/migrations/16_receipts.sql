-- Receipts of a bounded size: a request that waits for better times may have thousands of creations.

-- A creation in a list. Of one that has ended nobody reads the request in its terms, and many of them would not fit an answer.
create function muster.listed_json(c muster.creation) returns jsonb language sql stable
as $$
  select case when c.terms is null or c.state in ('open', 'leased', 'closing') then muster.creation_json(c)
    else jsonb_set(muster.creation_json(c), '{terms,request}', 'null') end
$$;

drop function muster.creations_of(text);

-- The newest creations of a request, oldest first. An active one is the newest of all: another opens only after its end.
-- Workers of before there was a bound name none.
create function muster.creations_of(p_request text, p_newest integer default 50) returns jsonb language sql stable
as $$
  select coalesce(jsonb_agg(muster.listed_json(n.c) order by (n.c).number), '[]')
  from (select c from muster.creation c where c.request = p_request order by c.number desc limit p_newest) n
$$;

-- The newest creations of a request, and what all of them come to.
create function muster.receipt_of(p_request text, p_newest integer) returns jsonb language sql stable
as $$
  select jsonb_build_object('creations', muster.creations_of(p_request, p_newest), 'totals', jsonb_build_object(
    'creations', count(*), 'costMicros', coalesce(sum(c.cost_micros), 0)::bigint))
  from muster.creation c where c.request = p_request
$$;

-- A creation by its key, with all that its terms hold; null for an unknown key.
create function muster.creation_by_key(p_key text) returns jsonb language sql stable
as $$ select muster.creation_json(c) from muster.creation c where c.key = p_key $$;

drop function muster.request_report(text);

-- As before; of its creations the newest, with how many there are, and the clusters seen under those. Workers of before
-- there was a bound name none, and read no field that they do not know.
create function muster.request_report(p_id text, p_newest integer default null) returns jsonb language sql stable
as $$
  select jsonb_build_object(
    'requestId', r.id, 'team', r.team, 'outcome', r.outcome, 'registeredAtMs', r.registered_at_ms, 'endedAtMs', r.ended_at_ms,
    'cancel', case when r.cancelled_at_ms is not null then jsonb_build_object(
      'atMs', r.cancelled_at_ms, 'who', r.cancelled_by, 'why', r.cancel_reason, 'orderIds', r.cancel_ids) end,
    'liftedCancelIds', r.lifted_cancel_ids,
    'creations', muster.creations_of(r.id, coalesce(p_newest, 50)),
    'clusters', coalesce((
      select jsonb_agg(jsonb_build_object('key', s.key, 'clusterId', s.cluster_id, 'createdAtMs', s.created_at_ms,
        'seenAtMs', s.seen_at_ms, 'bookedMicros', s.booked_micros) order by s.seen_at_ms, s.cluster_id)
      from (select key from muster.creation where request = r.id order by number desc limit coalesce(p_newest, 50)) n
      join muster.observed_cluster s on s.key = n.key), '[]'),
    'heldMicros', (select coalesce(sum(c.hold_micros), 0)::bigint from muster.creation c
      where c.request = r.id and c.state in ('open', 'leased', 'closing')),
    'costMicros', t.cost_micros)
    || case when p_newest is null then '{}' else jsonb_build_object('creationCount', t.creations) end
  from muster.request r
  cross join lateral (
    select count(*) as creations, coalesce(sum(c.cost_micros), 0)::bigint as cost_micros
    from muster.creation c where c.request = r.id) t
  where r.id = p_id
$$;

revoke all on function muster.listed_json, muster.creations_of, muster.receipt_of, muster.creation_by_key,
  muster.request_report from public;
grant execute on function muster.listed_json, muster.creations_of, muster.receipt_of, muster.creation_by_key,
  muster.request_report to muster_ledger;
