-- The facts that nothing may undo. Times are milliseconds since the epoch, money is micro-dollars.
create schema muster;

-- The ledger's own clock: claims, windows and periods are measured by it alone, so workers' clocks may drift.
-- clock_timestamp, not now(): a call that waited for a lock must not act on the time before the wait.
create function muster.now_ms() returns bigint language sql volatile
as $$ select floor(extract(epoch from clock_timestamp()) * 1000)::bigint $$;

-- The first 5 * length bits of input, five a letter.
create function muster.base32(input bytea, length integer) returns text language sql immutable strict
as $$
  select string_agg(
    substr('abcdefghijklmnopqrstuvwxyz234567', 1
      + 16 * get_bit(input, 5 * i) + 8 * get_bit(input, 5 * i + 1) + 4 * get_bit(input, 5 * i + 2)
      + 2 * get_bit(input, 5 * i + 3) + get_bit(input, 5 * i + 4), 1), '' order by i)
  from generate_series(0, length - 1) as i
$$;

create table muster.installation (
  only_row boolean primary key default true check (only_row),
  id text not null check (id ~ '^[a-z2-7]{6}$'),
  namespace_id text
);
insert into muster.installation (id)
values (muster.base32(sha256(convert_to(gen_random_uuid()::text || clock_timestamp()::text, 'UTF8')), 6));

create table muster.budget (
  team text primary key,
  period text not null check (period in ('total', 'month')),
  limit_micros bigint not null check (limit_micros >= 0)
);

-- One row a team and period: 'total', or a month in UTC such as '2026-11'.
create table muster.balance (
  team text not null,
  period text not null,
  held_micros bigint not null default 0 check (held_micros >= 0),
  spent_micros bigint not null default 0 check (spent_micros >= 0),
  primary key (team, period)
);

create table muster.request (
  id text primary key,
  body_hash text,
  team text,
  version integer not null default 0,
  cancel_ids text[] not null default '{}',
  cancelled_at_ms bigint,
  cancelled_by text,
  cancel_reason text,
  lifted_cancel_ids text[] not null default '{}',
  outcome text check (outcome in ('ready', 'failed', 'cancelled')),
  registered_at_ms bigint not null,
  ended_at_ms bigint
);

create table muster.creation (
  key text primary key check (key ~ '^mu-[a-z2-7]{6}-[a-z2-7]{26}$'),
  request text not null references muster.request (id),
  number integer not null check (number >= 1),
  state text not null check (state in ('open', 'refused', 'leased', 'closing', 'absent', 'released')),
  team text not null,
  period text not null,
  placement_index integer not null,
  provider text not null,
  region text not null,
  call jsonb not null,
  hourly_micros bigint not null check (hourly_micros >= 0),
  hold_micros bigint not null check (hold_micros >= 0),
  -- Policy in force when the creation opened: later changes of configuration never shorten a proof.
  claim_ms bigint not null,
  late_cluster_window_ms bigint not null,
  delete_reserve_ms bigint not null,
  ready_timeout_ms bigint not null,
  lease_ms bigint not null,
  cluster_id text,
  owner text not null,
  epoch integer not null default 0,
  claims integer not null default 0,
  answered integer not null default 0 check (answered <= claims),
  attempt text,
  claimed boolean not null default false,
  send_until_ms bigint,
  why text,
  why_text text,
  opened_at_ms bigint not null,
  leased_at_ms bigint,
  lease_until_ms bigint,
  closing_at_ms bigint,
  ended_at_ms bigint,
  cost_micros bigint,
  unique (request, number)
);

-- The first promise, kept by the database: at most one live-or-unknown creation a request.
create unique index one_active_creation on muster.creation (request) where state in ('open', 'leased', 'closing');
create index active_by_provider on muster.creation (provider, region) where state in ('open', 'leased', 'closing');

-- Every cluster ever seen under a key.
create table muster.observed_cluster (
  key text not null references muster.creation (key),
  cluster_id text not null,
  created_at_ms bigint not null,
  seen_at_ms bigint not null,
  booked_micros bigint,
  primary key (key, cluster_id)
);

-- Every movement of money, append only: balances are sums of these lines.
create table muster.journal (
  id bigint generated always as identity primary key,
  at_ms bigint not null,
  team text not null,
  period text not null,
  kind text not null check (kind in ('limit', 'hold', 'release', 'spend', 'overrun')),
  amount_micros bigint not null check (amount_micros >= 0),
  key text,
  reason text not null,
  who text not null
);
create index journal_by_team on muster.journal (team, id);

create function muster.journal_is_append_only() returns trigger language plpgsql
as $$ begin raise exception 'the journal is append only'; end $$;
create trigger append_only before update or delete on muster.journal
for each statement execute function muster.journal_is_append_only();
