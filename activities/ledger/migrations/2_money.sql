-- Holds and bookings. Called by the functions of the other files inside their transactions; lock order is request, creation, budget.

create function muster.write_journal(
  p_team text, p_period text, p_kind text, p_amount bigint, p_key text, p_reason text, p_who text) returns void
language sql
as $$
  insert into muster.journal (at_ms, team, period, kind, amount_micros, key, reason, who)
  values (muster.now_ms(), p_team, p_period, p_kind, p_amount, p_key, p_reason, p_who)
$$;

-- Sets money aside in the team's present period. The period held in, or null where the limit does not allow it.
create function muster.hold(p_team text, p_amount bigint, p_key text, p_who text) returns text language plpgsql
as $$
declare
  b muster.budget;
  v_period text;
begin
  select * into b from muster.budget where team = p_team for share;
  if not found then
    return null;
  end if;
  v_period := case b.period when 'total' then 'total'
    else to_char(to_timestamp(muster.now_ms() / 1000.0) at time zone 'UTC', 'YYYY-MM') end;
  insert into muster.balance (team, period) values (p_team, v_period) on conflict do nothing;
  update muster.balance set held_micros = held_micros + p_amount
  where team = p_team and period = v_period and held_micros + spent_micros + p_amount <= b.limit_micros;
  if not found then
    return null;
  end if;
  perform muster.write_journal(p_team, v_period, 'hold', p_amount, p_key, 'hold of a creation', p_who);
  return v_period;
end $$;

-- Ends a creation's hold and books what it cost, in the period in which it was opened; cost above the hold is an overrun.
create function muster.end_hold(c muster.creation, p_cost bigint, p_reason text, p_who text) returns void language plpgsql
as $$
begin
  update muster.balance set held_micros = held_micros - c.hold_micros, spent_micros = spent_micros + p_cost
  where team = c.team and period = c.period;
  perform muster.write_journal(c.team, c.period, 'release', c.hold_micros, c.key, p_reason, p_who);
  if p_cost > 0 then
    perform muster.write_journal(c.team, c.period, 'spend', least(p_cost, c.hold_micros), c.key, p_reason, p_who);
  end if;
  if p_cost > c.hold_micros then
    perform muster.write_journal(c.team, c.period, 'overrun', p_cost - c.hold_micros, c.key, p_reason, p_who);
  end if;
end $$;

-- What a cluster costs from its birth up to a moment, rounded up.
create function muster.cost_micros(p_hourly bigint, p_from_ms bigint, p_to_ms bigint) returns bigint language sql immutable
as $$ select ceil(p_hourly::numeric * greatest(p_to_ms - p_from_ms, 0) / 3600000)::bigint $$;

-- Notes a cluster under a key. One that no settle will cover (the row has ended, or another cluster is leased)
-- is booked at once as an overrun, up to the worst time its deletion takes.
create function muster.record_cluster(c muster.creation, p_cluster_id text, p_created_at_ms bigint, p_who text)
returns void language plpgsql
as $$
declare
  v_cost bigint;
begin
  insert into muster.observed_cluster (key, cluster_id, created_at_ms, seen_at_ms)
  values (c.key, p_cluster_id, coalesce(p_created_at_ms, muster.now_ms()), muster.now_ms())
  on conflict do nothing;
  if c.state in ('refused', 'absent', 'released') or (c.state = 'leased' and c.cluster_id is distinct from p_cluster_id) then
    update muster.observed_cluster
    set booked_micros = muster.cost_micros(c.hourly_micros, created_at_ms, muster.now_ms() + c.delete_reserve_ms)
    where key = c.key and cluster_id = p_cluster_id and booked_micros is null
    returning booked_micros into v_cost;
    if found then
      update muster.balance set spent_micros = spent_micros + v_cost where team = c.team and period = c.period;
      perform muster.write_journal(c.team, c.period, 'overrun', v_cost, c.key, 'cluster ' || p_cluster_id || ' nobody held money for', p_who);
    end if;
  end if;
end $$;

create function muster.set_budget(p_team text, p_period text, p_limit bigint, p_who text) returns void language plpgsql
as $$
begin
  insert into muster.budget (team, period, limit_micros) values (p_team, p_period, p_limit)
  on conflict (team) do update set period = excluded.period, limit_micros = excluded.limit_micros;
  perform muster.write_journal(p_team, p_period, 'limit', p_limit, null, 'limit set', p_who);
end $$;

-- A team's budget in its present period, and what earlier periods still hold or spent.
create function muster.budget_of(p_team text) returns jsonb language sql stable
as $$
  select jsonb_build_object('team', b.team, 'period', b.period, 'limitMicros', b.limit_micros, 'balances', coalesce((
    select jsonb_agg(jsonb_build_object('period', l.period, 'heldMicros', l.held_micros, 'spentMicros', l.spent_micros)
      order by l.period desc)
    from muster.balance l where l.team = b.team), '[]'))
  from muster.budget b where b.team = p_team
$$;
