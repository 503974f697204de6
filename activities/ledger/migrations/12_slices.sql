-- A lease is paid for slice by slice: what is held later is held in the month in which it is held.

create table muster.slice (
  key text not null references muster.creation (key),
  -- 1 is the creation's own hold; each later one makes the lease longer.
  number integer not null check (number >= 1),
  period text not null,
  hold_micros bigint not null check (hold_micros >= 0),
  -- Up to when it funds the lease; null for the first, whose time begins with the lease.
  until_ms bigint,
  at_ms bigint not null,
  primary key (key, number)
);

-- A trigger, so that no row is without its first slice, not even one that a worker was writing while this was applied.
create function muster.first_slice() returns trigger language plpgsql
as $$
begin
  insert into muster.slice (key, number, period, hold_micros, at_ms)
  values (new.key, 1, new.period, new.hold_micros, new.opened_at_ms);
  return null;
end $$;
create trigger first_slice after insert on muster.creation for each row execute function muster.first_slice();

insert into muster.slice (key, number, period, hold_micros, at_ms)
select key, 1, period, hold_micros, opened_at_ms from muster.creation where state in ('open', 'leased', 'closing');

-- Sets money aside in the team's present period, and says in the journal why. The period held in, or null where the limit
-- does not allow it.
create function muster.hold(p_team text, p_amount bigint, p_key text, p_reason text, p_who text) returns text language plpgsql
as $$
declare
  b muster.budget;
  v_period text;
begin
  select * into b from muster.budget where team = p_team for share;
  if not found then
    return null;
  end if;
  v_period := muster.present_period(b.period);
  insert into muster.balance (team, period) values (p_team, v_period) on conflict do nothing;
  update muster.balance set held_micros = held_micros + p_amount
  where team = p_team and period = v_period and held_micros + spent_micros + p_amount <= b.limit_micros;
  if not found then
    return null;
  end if;
  perform muster.write_journal(p_team, v_period, 'hold', p_amount, p_key, p_reason, p_who);
  return v_period;
end $$;

drop function muster.extend_hold(text, bigint, bigint, text);

-- The next funded slice of a lease, by its present price. Outcomes: extended, budget-exceeded, not-leased.
create function muster.extend_hold(p_key text, p_until_ms bigint, p_who text) returns jsonb language plpgsql
as $$
declare
  r muster.request := muster.lock_request(muster.request_of(p_key));
  c muster.creation := muster.lock_creation(p_key);
  v_amount bigint;
  v_period text;
begin
  if c.state <> 'leased' then
    return muster.answer('not-leased', r, c);
  elsif c.lease_until_ms >= p_until_ms then
    return muster.answer('extended', r, c);
  end if;
  v_amount := muster.cost_micros(c.hourly_micros, c.lease_until_ms, p_until_ms);
  v_period := muster.hold(c.team, v_amount, p_key, 'next slice of a lease', p_who);
  if v_period is null then
    return muster.answer('budget-exceeded', r, c);
  end if;
  insert into muster.slice (key, number, period, hold_micros, until_ms, at_ms)
  select p_key, max(number) + 1, v_period, v_amount, p_until_ms, muster.now_ms() from muster.slice where key = p_key;
  update muster.creation set hold_micros = hold_micros + v_amount, lease_until_ms = p_until_ms where key = p_key returning * into c;
  return muster.answer('extended', r, c);
end $$;

-- Ends a creation's hold, each slice in its own period, and books what it cost over them, oldest first. What is beyond
-- them all is an overrun of the last.
create or replace function muster.end_hold(c muster.creation, p_cost bigint, p_reason text, p_who text) returns void language plpgsql
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

-- As before; holds are compared slice by slice, and what was spent over all of a team's periods: a cluster's cost may
-- lie in several.
create or replace function muster.audit() returns jsonb language sql stable
as $$
  with sums as (
    select team, period,
      sum(case kind when 'hold' then amount_micros when 'release' then -amount_micros else 0 end) as held,
      sum(case when kind in ('spend', 'overrun') then amount_micros else 0 end) as spent
    from muster.journal where kind <> 'limit' group by team, period
  ), active as (
    select c.key, c.team, c.hold_micros, s.period, s.hold_micros as slice_micros
    from muster.creation c left join muster.slice s on s.key = c.key where c.state in ('open', 'leased', 'closing')
  ), holds as (
    select team, period, sum(slice_micros) as held from active group by team, period
  ), spent as (
    select team, sum(spent_micros) as spent from muster.balance group by team
  ), booked as (
    select c.team, sum(s.booked_micros) as spent
    from muster.observed_cluster s join muster.creation c on c.key = s.key group by c.team
  ), faults as (
    select format('balance of %s in %s holds %s, its journal says %s', b.team, b.period, b.held_micros, coalesce(s.held, 0)) as fault
    from muster.balance b left join sums s using (team, period) where b.held_micros <> coalesce(s.held, 0)
    union all
    select format('balance of %s in %s spent %s, its journal says %s', b.team, b.period, b.spent_micros, coalesce(s.spent, 0))
    from muster.balance b left join sums s using (team, period) where b.spent_micros <> coalesce(s.spent, 0)
    union all
    select format('balance of %s in %s holds %s, its creations hold %s', b.team, b.period, b.held_micros, coalesce(h.held, 0))
    from muster.balance b left join holds h using (team, period) where b.held_micros <> coalesce(h.held, 0)
    union all
    select format('creation %s holds %s, its slices %s', key, hold_micros, coalesce(sum(slice_micros), 0))
    from active group by key, hold_micros having hold_micros <> coalesce(sum(slice_micros), 0)
    union all
    select format('team %s spent %s, its clusters cost %s', t.team, t.spent, coalesce(k.spent, 0))
    from spent t left join booked k using (team) where t.spent <> coalesce(k.spent, 0)
    union all
    select format('journal of %s in %s has no balance', s.team, s.period)
    from sums s where not exists (select 1 from muster.balance b where b.team = s.team and b.period = s.period)
    union all
    select format('request %s has %s active creations', request, count(*))
    from muster.creation where state in ('open', 'leased', 'closing') group by request having count(*) > 1
    union all
    select format('request %s ended %s and still has creation %s %s', r.id, r.outcome, c.number, c.state)
    from muster.request r join muster.creation c on c.request = r.id
    where r.outcome in ('failed', 'cancelled') and c.state in ('open', 'leased', 'closing')
    union all
    select format('creation %s ended %s and cluster %s was never booked', c.key, c.state, s.cluster_id)
    from muster.creation c join muster.observed_cluster s on s.key = c.key
    where c.state in ('refused', 'absent', 'released') and s.booked_micros is null
  )
  select coalesce(jsonb_agg(fault order by fault), '[]') from faults
$$;

grant select, insert on muster.slice to muster_ledger;
revoke all on function muster.first_slice, muster.hold(text, bigint, text, text, text), muster.extend_hold from public;
grant execute on function muster.hold(text, bigint, text, text, text), muster.extend_hold to muster_ledger;
