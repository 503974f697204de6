-- Every disagreement between the journal, the balances and the creations, a sentence each; an empty list is a clean ledger.
create function muster.audit() returns jsonb language sql stable
as $$
  with sums as (
    select team, period,
      sum(case kind when 'hold' then amount_micros when 'release' then -amount_micros else 0 end) as held,
      sum(case when kind in ('spend', 'overrun') then amount_micros else 0 end) as spent
    from muster.journal where kind <> 'limit' group by team, period
  ), holds as (
    select team, period, sum(hold_micros) as held
    from muster.creation where state in ('open', 'leased', 'closing') group by team, period
  ), booked as (
    select c.team, c.period, sum(s.booked_micros) as spent
    from muster.observed_cluster s join muster.creation c on c.key = s.key group by c.team, c.period
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
    select format('balance of %s in %s spent %s, its clusters cost %s', b.team, b.period, b.spent_micros, coalesce(k.spent, 0))
    from muster.balance b left join booked k using (team, period) where b.spent_micros <> coalesce(k.spent, 0)
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
