-- Tables, indexes and triggers. Times are milliseconds since the epoch, money is micro-dollars.
create schema muster;

-- The content of each file in functions/, and of roles.sql, as it was applied last.
create table muster_migrations.applied_file (
  name text primary key,
  hash text not null
);

create table muster.installation (
  only_row boolean primary key default true check (only_row),
  -- Six random letters: part of every key that this ledger makes.
  id text not null check (id ~ '^[a-z2-7]{6}$'),
  -- The Temporal namespace that this ledger belongs to, once a worker has used it.
  namespace_id text
);
insert into muster.installation (id)
select string_agg(substr('abcdefghijklmnopqrstuvwxyz234567', 1 + get_byte(bytes, i) % 32, 1), '' order by i)
from (select sha256(convert_to(gen_random_uuid()::text || clock_timestamp()::text, 'UTF8')) as bytes) random,
  generate_series(0, 5) i;

create table muster.budget (
  team text primary key,
  period text not null check (period in ('total', 'month')),
  limit_micros bigint not null check (limit_micros >= 0)
);

-- One row for each team and period: 'total', or a month in UTC such as '2026-11'.
create table muster.balance (
  team text not null,
  period text not null,
  held_micros bigint not null default 0 check (held_micros >= 0),
  spent_micros bigint not null default 0 check (spent_micros >= 0),
  primary key (team, period)
);

create table muster.request (
  id text primary key,
  -- Both are null while only a cancel has named the request.
  body_hash text,
  team text,
  -- Grows with each opening of a creation and each end of the request.
  version integer not null default 0,
  -- The cancel in force, with every order that asked for it.
  cancel_ids text[] not null default '{}',
  cancelled_at_ms bigint,
  cancelled_by text,
  cancel_reason text,
  lifted_cancel_ids text[] not null default '{}',
  outcome text check (outcome in ('ready', 'failed', 'cancelled')),
  registered_at_ms bigint not null,
  ended_at_ms bigint
);

-- One try to make a cluster at one placement.
create table muster.creation (
  key text primary key check (key ~ '^mu-[a-z2-7]{6}-[a-z2-7]{26}$'),
  request_id text not null references muster.request (id),
  number integer not null check (number >= 1),
  state text not null check (state in ('open', 'refused', 'leased', 'closing', 'absent', 'released')),
  team text not null,
  -- The period of its first slice; a cost that no slice covers is booked here too.
  period text not null,
  placement_index integer not null,
  provider text not null,
  region text not null,
  -- Every byte of the call that creates the cluster.
  call jsonb not null,
  hourly_micros bigint not null check (hourly_micros >= 0),
  -- The sum of its slices.
  hold_micros bigint not null check (hold_micros >= 0),
  -- The policy of the time when the creation opened. A later change of configuration never shortens a proof.
  claim_ms bigint not null,
  late_cluster_window_ms bigint not null,
  delete_reserve_ms bigint not null,
  ready_timeout_ms bigint not null,
  lease_ms bigint not null,
  -- LeaseTerms in contracts/creation.ts.
  terms jsonb not null,
  -- Its own cluster; observed_cluster has all clusters under the key.
  cluster_id text,
  -- Workflow id of the owner.
  owner text not null,
  -- Grows each time that a request takes up the open creation again.
  epoch integer not null default 0,
  -- Claims to send the create, and those that the provider answered definitely.
  claims integer not null default 0,
  answered integer not null default 0 check (answered <= claims),
  -- The attempt that claimed last, and whether its claim is still held.
  attempt text,
  claimed boolean not null default false,
  -- When the last claim ends; no send leaves after it.
  send_until_ms bigint,
  why text,
  why_text text,
  -- What the leased cluster was last confirmed to be, the provider's words, and since when.
  condition text check (condition in ('ready', 'degraded', 'failed', 'gone')),
  condition_text text,
  condition_at_ms bigint,
  -- A released creation whose request may open the next one.
  replaceable boolean not null default false,
  opened_at_ms bigint not null,
  leased_at_ms bigint,
  lease_until_ms bigint,
  closing_at_ms bigint,
  ended_at_ms bigint,
  cost_micros bigint,
  unique (request_id, number)
);

-- The first promise, kept by the database: a request has at most one creation that lives or may live.
create unique index one_active_creation on muster.creation (request_id) where state in ('open', 'leased', 'closing');
create index active_creation_by_location on muster.creation (provider, region) where state in ('open', 'leased', 'closing');
create index creation_by_location on muster.creation (provider, region);

-- A creation is paid for slice by slice. Each slice is held in the period in which it was added.
create table muster.slice (
  key text not null references muster.creation (key),
  -- 1 is the hold with which the creation opened. Each later one makes its lease longer.
  number integer not null check (number >= 1),
  period text not null,
  hold_micros bigint not null check (hold_micros >= 0),
  -- The end of the lease that it pays for; null for the first, whose time begins with the lease.
  until_ms bigint,
  at_ms bigint not null,
  primary key (key, number)
);

-- Every cluster that was ever seen under a key.
create table muster.observed_cluster (
  key text not null references muster.creation (key),
  cluster_id text not null,
  created_at_ms bigint not null,
  -- When it was first seen.
  seen_at_ms bigint not null,
  -- When it was seen gone; from then on it costs nothing.
  gone_at_ms bigint,
  -- What it cost, once that is in the journal.
  booked_micros bigint,
  primary key (key, cluster_id)
);

-- Every movement of money. Balances are sums of these lines.
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

-- A trigger needs its function, so this one is here and not in functions/.
create function muster.journal_is_append_only() returns trigger language plpgsql
as $$ begin raise exception 'the journal is append only'; end $$;
create trigger append_only before update or delete on muster.journal
for each statement execute function muster.journal_is_append_only();
