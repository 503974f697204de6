-- What people and workflows read. Nothing here changes a row.

-- A request with its latest creation. Outcomes: found, unknown.
create or replace function muster.read_request(p_request_id text) returns jsonb language plpgsql stable
as $$
declare
  r muster.request;
  c muster.creation;
begin
  select * into r from muster.request where id = p_request_id;
  if not found then
    return muster.answer('unknown', r, null);
  end if;
  select * into c from muster.creation where request_id = p_request_id order by number desc limit 1;
  return muster.answer('found', r, c);
end $$;

-- Null for a request that was never opened.
create or replace function muster.body_hash(p_request_id text) returns text language sql stable
as $$ select body_hash from muster.request where id = p_request_id $$;

-- Null for an unknown key.
create or replace function muster.creation_by_key(p_key text) returns jsonb language sql stable
as $$ select muster.creation_json(c) from muster.creation c where c.key = p_key $$;

-- The newest creations of a request, oldest first. A request that waits for capacity may have thousands. An active creation
-- is always the newest; the others are listed without the request in their terms.
create or replace function muster.newest_creations(p_request_id text, p_limit integer) returns jsonb language sql stable
as $$
  select coalesce(jsonb_agg(
    case when (n.c).state in ('open', 'leased', 'closing') then muster.creation_json(n.c)
      else muster.creation_json_without_request(n.c) end order by (n.c).number), '[]')
  from (select c from muster.creation c where c.request_id = p_request_id order by c.number desc limit p_limit) n
$$;

-- The newest creations of a request, and the totals of all.
create or replace function muster.receipt(p_request_id text, p_limit integer) returns jsonb language sql stable
as $$
  select jsonb_build_object('creations', muster.newest_creations(p_request_id, p_limit), 'totals', jsonb_build_object(
    'creations', count(*), 'costMicros', coalesce(sum(c.cost_micros), 0)::bigint))
  from muster.creation c where c.request_id = p_request_id
$$;

-- All that the ledger knows of a request; null for an unknown id. Lists the newest creations, and the clusters seen under them.
create or replace function muster.request_record(p_request_id text, p_limit integer) returns jsonb language sql stable
as $$
  select jsonb_build_object(
    'requestId', r.id, 'team', r.team, 'outcome', r.outcome, 'registeredAtMs', r.registered_at_ms, 'endedAtMs', r.ended_at_ms,
    'cancel', case when r.cancelled_at_ms is not null then jsonb_build_object(
      'atMs', r.cancelled_at_ms, 'who', r.cancelled_by, 'why', r.cancel_reason, 'orderIds', r.cancel_ids) end,
    'liftedCancelIds', r.lifted_cancel_ids,
    'creations', muster.newest_creations(r.id, p_limit),
    'creationCount', t.creations,
    'clusters', coalesce((
      select jsonb_agg(jsonb_build_object('key', s.key, 'clusterId', s.cluster_id, 'createdAtMs', s.created_at_ms,
        'seenAtMs', s.seen_at_ms, 'bookedMicros', s.booked_micros) order by s.seen_at_ms, s.cluster_id)
      from (select key from muster.creation where request_id = r.id order by number desc limit p_limit) n
      join muster.observed_cluster s on s.key = n.key), '[]'),
    'heldMicros', t.held_micros,
    'costMicros', t.cost_micros)
  from muster.request r
  cross join lateral (
    select count(*) as creations, coalesce(sum(c.cost_micros), 0)::bigint as cost_micros,
      coalesce(sum(c.hold_micros) filter (where c.state in ('open', 'leased', 'closing')), 0)::bigint as held_micros
    from muster.creation c where c.request_id = r.id) t
  where r.id = p_request_id
$$;

-- A team's budget with the balances of all its periods, newest first; null for a team without a budget.
create or replace function muster.budget_of(p_team text) returns jsonb language sql stable
as $$
  select jsonb_build_object('team', b.team, 'period', b.period, 'limitMicros', b.limit_micros, 'balances', coalesce((
    select jsonb_agg(jsonb_build_object('period', l.period, 'heldMicros', l.held_micros, 'spentMicros', l.spent_micros)
      order by l.period desc)
    from muster.balance l where l.team = b.team), '[]'))
  from muster.budget b where b.team = p_team
$$;

-- The first budgets by team. Each has the balance of its current period, and those of other periods that still hold money.
create or replace function muster.budgets(p_limit integer) returns jsonb language sql volatile
as $$
  select coalesce(jsonb_agg(jsonb_build_object('team', b.team, 'period', b.period, 'limitMicros', b.limit_micros,
    'balances', coalesce((
      select jsonb_agg(jsonb_build_object('period', l.period, 'heldMicros', l.held_micros, 'spentMicros', l.spent_micros)
        order by l.period desc)
      from muster.balance l
      where l.team = b.team and (l.held_micros > 0 or l.period = muster.current_period(b.period))), '[]'))
    order by b.team), '[]')
  from (select * from muster.budget order by team limit p_limit) b
$$;

-- Lines of a team's journal, newest first, that are older than line p_before_id; null begins with the newest.
-- Null for a team without a budget.
create or replace function muster.journal_lines(p_team text, p_before_id bigint, p_limit integer) returns jsonb
language sql stable
as $$
  select (
    select coalesce(jsonb_agg(jsonb_build_object('id', j.id, 'atMs', j.at_ms, 'period', j.period, 'kind', j.kind,
      'amountMicros', j.amount_micros, 'key', j.key, 'requestId', c.request_id, 'reason', j.reason, 'who', j.who)
      order by j.id desc), '[]')
    from (select * from muster.journal where team = p_team and id < coalesce(p_before_id, 9223372036854775807)
      order by id desc limit p_limit) j
    left join muster.creation c on c.key = j.key)
  from muster.budget b where b.team = p_team
$$;

-- Clusters that are leased or being released, the longest leased first. A null team or provider means all.
create or replace function muster.clusters(p_team text, p_provider text, p_limit integer) returns jsonb language sql stable
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'creation', muster.creation_json_without_request(l.c), 'createdAtMs', s.created_at_ms)
    order by (l.c).leased_at_ms, (l.c).key), '[]')
  from (
    select c from muster.creation c
    where c.leased_at_ms is not null and c.state in ('leased', 'closing')
      and (p_team is null or c.team = p_team) and (p_provider is null or c.provider = p_provider)
    order by c.leased_at_ms, c.key limit p_limit) l
  left join muster.observed_cluster s on s.key = (l.c).key and s.cluster_id = (l.c).cluster_id
$$;

-- Providers and regions of all creations.
create or replace function muster.locations() returns jsonb language sql stable
as $$
  select coalesce(jsonb_agg(jsonb_build_object('provider', provider, 'region', region) order by provider, region), '[]')
  from (select distinct provider, region from muster.creation) locations
$$;
