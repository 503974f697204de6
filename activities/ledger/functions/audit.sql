-- Disagreements, a sentence each. An empty list is a clean ledger.

-- Between the journal, the balances, the slices and the creations. Spent money is compared over all periods of a team,
-- because the cost of one cluster may lie in several.
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
    select format('request %s has %s active creations', request_id, count(*))
    from muster.creation where state in ('open', 'leased', 'closing') group by request_id having count(*) > 1
    union all
    select format('request %s ended %s and still has creation %s %s', r.id, r.outcome, c.number, c.state)
    from muster.request r join muster.creation c on c.request_id = r.id
    where r.outcome in ('failed', 'cancelled') and c.state in ('open', 'leased', 'closing')
    union all
    select format('creation %s ended %s and cluster %s was never booked', c.key, c.state, s.cluster_id)
    from muster.creation c join muster.observed_cluster s on s.key = c.key
    where c.state in ('refused', 'absent', 'released') and s.booked_micros is null
  )
  select coalesce(jsonb_agg(fault order by fault), '[]') from faults
$$;

-- Between running workflows, [{"id", "startedAtMs"}], and the ledger: those that own nothing. A workflow that may be about to
-- end gets p_grace_ms: a lease after its release, a cleanup of a late cluster after its start.
create or replace function muster.idle_owners(p_running jsonb, p_grace_ms bigint) returns jsonb language sql volatile
as $$
  with running as (
    select w->>'id' as id, (w->>'startedAtMs')::bigint as started_at_ms,
      regexp_match(w->>'id', '^cluster/(.+)/([0-9]{1,9})$') as lease, regexp_match(w->>'id', '^cleanup/([^/]+)') as cleanup
    from jsonb_array_elements(p_running) w
  ), owned as (
    select w.*, c.key, c.state, c.ended_at_ms < muster.now_ms() - p_grace_ms as ended_long_ago
    from running w left join muster.creation c
      on c.key = coalesce(w.cleanup[1], muster.creation_key(w.lease[1], w.lease[2]::integer))
  )
  select coalesce(jsonb_agg(case
    when key is null then format('%s runs, and the ledger does not know its creation', id)
    else format('%s runs, and creation %s is %s', id, key, state) end order by id), '[]')
  from owned
  where key is null
    or (lease is not null and (state in ('open', 'absent', 'refused') or ended_long_ago))
    or (cleanup is not null and ended_long_ago and started_at_ms < muster.now_ms() - p_grace_ms)
$$;
