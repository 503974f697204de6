-- Holds and bookings. The other files call these inside their transactions.

create or replace function muster.write_journal(
  p_team text, p_period text, p_kind text, p_amount bigint, p_key text, p_reason text, p_who text) returns void
language sql
as $$
  insert into muster.journal (at_ms, team, period, kind, amount_micros, key, reason, who)
  values (muster.now_ms(), p_team, p_period, p_kind, p_amount, p_key, p_reason, p_who)
$$;

-- What a cluster costs from one moment to another, rounded up.
create or replace function muster.cost_micros(p_hourly_micros bigint, p_from_ms bigint, p_to_ms bigint) returns bigint
language sql immutable
as $$ select ceil(p_hourly_micros::numeric * greatest(p_to_ms - p_from_ms, 0) / 3600000)::bigint $$;

-- Sets money aside in the team's current period, and writes the reason into the journal. Returns the period, or null where
-- the limit does not allow it.
create or replace function muster.hold(p_team text, p_amount bigint, p_key text, p_reason text, p_who text) returns text
language plpgsql
as $$
declare
  b muster.budget;
  v_period text;
begin
  select * into b from muster.budget where team = p_team for share;
  if not found then
    return null;
  end if;
  v_period := muster.current_period(b.period);
  insert into muster.balance (team, period) values (p_team, v_period) on conflict do nothing;
  update muster.balance set held_micros = held_micros + p_amount
  where team = p_team and period = v_period and held_micros + spent_micros + p_amount <= b.limit_micros;
  if not found then
    return null;
  end if;
  perform muster.write_journal(p_team, v_period, 'hold', p_amount, p_key, p_reason, p_who);
  return v_period;
end $$;

-- The same without a limit, for money that is being spent already.
create or replace function muster.hold_beyond_limit(
  p_team text, p_period text, p_amount bigint, p_key text, p_reason text, p_who text) returns void language plpgsql
as $$
begin
  insert into muster.balance as l (team, period, held_micros) values (p_team, p_period, p_amount)
  on conflict (team, period) do update set held_micros = l.held_micros + excluded.held_micros;
  perform muster.write_journal(p_team, p_period, 'hold', p_amount, p_key, p_reason, p_who);
end $$;

-- Adds a slice to a creation. p_until_ms: the end of the lease that it pays for; null for the first.
create or replace function muster.add_slice(p_key text, p_period text, p_amount bigint, p_until_ms bigint) returns void
language sql
as $$
  insert into muster.slice (key, number, period, hold_micros, until_ms, at_ms)
  select p_key, coalesce(max(number), 0) + 1, p_period, p_amount, p_until_ms, muster.now_ms()
  from muster.slice where key = p_key
$$;

-- Ends a creation's hold, each slice in its own period, and books the cost over the slices, oldest first. Cost beyond all
-- of them is an overrun in the period of the last.
create or replace function muster.end_hold(c muster.creation, p_cost bigint, p_reason text, p_who text) returns void
language plpgsql
as $$
declare
  s record;
  v_left bigint := p_cost;
  v_spend bigint;
  v_over bigint;
begin
  for s in
    select period, sum(hold_micros)::bigint as held, max(number) = max(max(number)) over () as is_last
    from muster.slice where key = c.key group by period order by max(number)
  loop
    v_spend := least(v_left, s.held);
    v_over := case when s.is_last then v_left - v_spend else 0 end;
    v_left := v_left - v_spend;
    update muster.balance set held_micros = held_micros - s.held, spent_micros = spent_micros + v_spend + v_over
    where team = c.team and period = s.period;
    perform muster.write_journal(c.team, s.period, 'release', s.held, c.key, p_reason, p_who);
    if v_spend > 0 then
      perform muster.write_journal(c.team, s.period, 'spend', v_spend, c.key, p_reason, p_who);
    end if;
    if v_over > 0 then
      perform muster.write_journal(c.team, s.period, 'overrun', v_over, c.key, p_reason, p_who);
    end if;
  end loop;
end $$;

create or replace function muster.set_budget(p_team text, p_period text, p_limit bigint, p_who text) returns void language plpgsql
as $$
begin
  insert into muster.budget (team, period, limit_micros) values (p_team, p_period, p_limit)
  on conflict (team) do update set period = excluded.period, limit_micros = excluded.limit_micros;
  perform muster.write_journal(p_team, p_period, 'limit', p_limit, null, 'limit set', p_who);
end $$;
