-- The ledger's own time. Claims, windows and periods are measured by it alone, so the clocks of workers may drift.

-- clock_timestamp and not now(): a call that waited for a lock must not act on the time before the wait.
create or replace function muster.now_ms() returns bigint language sql volatile
as $$ select floor(extract(epoch from clock_timestamp()) * 1000)::bigint $$;

-- The period in which a budget's money is held now: 'total', or a month in UTC such as '2026-11'.
create or replace function muster.current_period(p_period text) returns text language sql volatile
as $$
  select case p_period when 'total' then 'total'
    else to_char(to_timestamp(muster.now_ms() / 1000.0) at time zone 'UTC', 'YYYY-MM') end
$$;
