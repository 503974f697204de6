-- What people ask the ledger: a request's whole record, every team's budget, a team's journal. All of it reads only.

-- A request as the ledger knows it, for ever; null for an id that it never heard of.
create function muster.request_report(p_id text) returns jsonb language sql stable
as $$
  select jsonb_build_object(
    'requestId', r.id, 'team', r.team, 'outcome', r.outcome, 'registeredAtMs', r.registered_at_ms, 'endedAtMs', r.ended_at_ms,
    'cancel', case when r.cancelled_at_ms is not null then jsonb_build_object(
      'atMs', r.cancelled_at_ms, 'who', r.cancelled_by, 'why', r.cancel_reason, 'orderIds', r.cancel_ids) end,
    'liftedCancelIds', r.lifted_cancel_ids,
    'creations', muster.creations_of(r.id),
    'clusters', coalesce((
      select jsonb_agg(jsonb_build_object('key', s.key, 'clusterId', s.cluster_id, 'createdAtMs', s.created_at_ms,
        'seenAtMs', s.seen_at_ms, 'bookedMicros', s.booked_micros) order by s.seen_at_ms, s.cluster_id)
      from muster.observed_cluster s join muster.creation c on c.key = s.key where c.request = r.id), '[]'),
    'heldMicros', (select coalesce(sum(c.hold_micros), 0)::bigint from muster.creation c
      where c.request = r.id and c.state in ('open', 'leased', 'closing')),
    'costMicros', (select coalesce(sum(c.cost_micros), 0)::bigint from muster.creation c where c.request = r.id))
  from muster.request r where r.id = p_id
$$;

-- The period that a budget's money is held in now.
create function muster.present_period(p_period text) returns text language sql volatile
as $$
  select case p_period when 'total' then 'total'
    else to_char(to_timestamp(muster.now_ms() / 1000.0) at time zone 'UTC', 'YYYY-MM') end
$$;

-- The first budgets by team, each with its present period's balance and those of others that still hold money.
create function muster.budgets(p_limit integer) returns jsonb language sql volatile
as $$
  select coalesce(jsonb_agg(jsonb_build_object('team', b.team, 'period', b.period, 'limitMicros', b.limit_micros,
    'balances', coalesce((
      select jsonb_agg(jsonb_build_object('period', l.period, 'heldMicros', l.held_micros, 'spentMicros', l.spent_micros)
        order by l.period desc)
      from muster.balance l
      where l.team = b.team and (l.held_micros > 0 or l.period = muster.present_period(b.period))), '[]'))
    order by b.team), '[]')
  from (select * from muster.budget order by team limit p_limit) b
$$;

-- Lines of a team's journal, newest first, that came before a line; null begins with the newest.
-- Null for a team without a budget.
create function muster.journal_of(p_team text, p_before bigint, p_limit integer) returns jsonb language sql stable
as $$
  select (
    select coalesce(jsonb_agg(jsonb_build_object('id', j.id, 'atMs', j.at_ms, 'period', j.period, 'kind', j.kind,
      'amountMicros', j.amount_micros, 'key', j.key, 'requestId', c.request, 'reason', j.reason, 'who', j.who)
      order by j.id desc), '[]')
    from (select * from muster.journal where team = p_team and id < coalesce(p_before, 9223372036854775807)
      order by id desc limit p_limit) j
    left join muster.creation c on c.key = j.key)
  from muster.budget b where b.team = p_team
$$;

revoke all on function muster.request_report, muster.present_period, muster.budgets, muster.journal_of from public;
grant execute on function muster.request_report, muster.present_period, muster.budgets, muster.journal_of to muster_ledger;
