-- Tables, indexes and triggers as of the first version. schema.sql shows what all files of this folder come to, with the
-- comments below.
create schema muster;

create table muster_migrations.applied_file (
  name text primary key,
  hash text not null
);
comment on table muster_migrations.applied_file is 'The content of each file in functions/, and of roles.sql, as it was applied last.';

create table muster.installation (
  only_row boolean primary key default true check (only_row),
  id text not null check (id ~ '^[a-z2-7]{6}$'),
  namespace_id text
);
comment on table muster.installation is 'One row.';
comment on column muster.installation.id is 'Six random letters, part of every key that this ledger makes.';
comment on column muster.installation.namespace_id is 'The Temporal namespace that the ledger belongs to, once a worker has used it.';
insert into muster.installation (id)
select string_agg(substr('abcdefghijklmnopqrstuvwxyz234567', 1 + get_byte(bytes, i) % 32, 1), '' order by i)
from (select sha256(convert_to(gen_random_uuid()::text || clock_timestamp()::text, 'UTF8')) as bytes) random,
  generate_series(0, 5) i;

create table muster.budget (
  team text primary key,
  period text not null check (period in ('total', 'month')),
  limit_micros bigint not null check (limit_micros >= 0)
);
comment on table muster.budget is 'The limit of each team.';

create table muster.balance (
  team text not null,
  period text not null,
  held_micros bigint not null default 0 check (held_micros >= 0),
  spent_micros bigint not null default 0 check (spent_micros >= 0),
  primary key (team, period)
);
comment on table muster.balance is 'The money of a team in a period: sums of the journal.';
comment on column muster.balance.period is '''total'', or a month in UTC such as ''2026-11''.';

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
comment on table muster.request is 'Every request that was ever opened or cancelled.';
comment on column muster.request.body_hash is 'An id stands for one body for ever. Null while only a cancel has named the request, like team.';
comment on column muster.request.version is 'Grows with each opening of a creation and each end of the request.';
comment on column muster.request.cancel_ids is 'The cancel in force: every order that asked for it.';
comment on column muster.request.lifted_cancel_ids is 'Orders of cancels that were lifted; they are never recorded again.';
comment on column muster.request.outcome is 'How it ended last; null while it goes on.';

create table muster.creation (
  key text primary key check (key ~ '^mu-[a-z2-7]{6}-[a-z2-7]{26}$'),
  request_id text not null references muster.request (id),
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
  claim_ms bigint not null,
  late_cluster_window_ms bigint not null,
  delete_reserve_ms bigint not null,
  ready_timeout_ms bigint not null,
  lease_ms bigint not null,
  terms jsonb not null check (jsonb_typeof(terms) = 'object'),
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
  condition text check (condition in ('ready', 'degraded', 'failed', 'gone')),
  condition_text text,
  condition_at_ms bigint,
  replaceable boolean not null default false,
  opened_at_ms bigint not null,
  leased_at_ms bigint,
  lease_until_ms bigint,
  closing_at_ms bigint,
  ended_at_ms bigint,
  cost_micros bigint,
  unique (request_id, number)
);
comment on table muster.creation is 'One try to make a cluster at one placement.';
comment on column muster.creation.period is 'The period of its first slice. What no slice covers is booked there.';
comment on column muster.creation.call is 'Every byte of the call that creates the cluster.';
comment on column muster.creation.hold_micros is 'The sum of its slices.';
comment on column muster.creation.claim_ms is 'This and the next four: the policy when the creation opened. A later change of configuration never shortens a proof.';
comment on column muster.creation.terms is 'LeaseTerms in contracts/creation.ts.';
comment on column muster.creation.cluster_id is 'Its own cluster. observed_cluster has all clusters under the key.';
comment on column muster.creation.owner is 'Workflow id of the owner.';
comment on column muster.creation.epoch is 'Grows each time that a request takes up the open creation again.';
comment on column muster.creation.claims is 'Claims of the right to send the create.';
comment on column muster.creation.answered is 'Sends that the provider answered definitely.';
comment on column muster.creation.attempt is 'The attempt that claimed last.';
comment on column muster.creation.claimed is 'Whether that claim is still held.';
comment on column muster.creation.send_until_ms is 'When the last claim ends. No send leaves after it.';
comment on column muster.creation.why is 'Why it was closed or refused.';
comment on column muster.creation.condition is 'What the leased cluster was last confirmed to be.';
comment on column muster.creation.condition_text is 'The provider''s words for it.';
comment on column muster.creation.condition_at_ms is 'Since when it is so.';
comment on column muster.creation.replaceable is 'A released creation whose request may open the next one.';
comment on column muster.creation.lease_until_ms is 'The end of the lease''s funded time.';
comment on column muster.creation.cost_micros is 'What all clusters under the key cost, once settled.';

-- The first promise, kept by the database: a request has at most one creation that lives or may live.
create unique index one_active_creation on muster.creation (request_id) where state in ('open', 'leased', 'closing');
create index active_creation_by_location on muster.creation (provider, region) where state in ('open', 'leased', 'closing');
create index creation_by_location on muster.creation (provider, region);

create table muster.slice (
  key text not null references muster.creation (key),
  number integer not null check (number >= 1),
  period text not null,
  hold_micros bigint not null check (hold_micros >= 0),
  until_ms bigint,
  at_ms bigint not null,
  primary key (key, number)
);
comment on table muster.slice is 'A creation is paid for slice by slice. Each slice is held in the period in which it was added.';
comment on column muster.slice.number is '1 is the hold with which the creation opened. Each later one makes its lease longer.';
comment on column muster.slice.until_ms is 'The end of the lease that it pays for. Null for the first, whose time begins with the lease.';

create table muster.observed_cluster (
  key text not null references muster.creation (key),
  cluster_id text not null,
  created_at_ms bigint not null,
  seen_at_ms bigint not null,
  gone_at_ms bigint,
  booked_micros bigint,
  primary key (key, cluster_id)
);
comment on table muster.observed_cluster is 'Every cluster that was ever seen under a key.';
comment on column muster.observed_cluster.created_at_ms is 'By its provider, or when it was first seen.';
comment on column muster.observed_cluster.seen_at_ms is 'When it was first seen.';
comment on column muster.observed_cluster.gone_at_ms is 'When it was seen gone. From then on it costs nothing.';
comment on column muster.observed_cluster.booked_micros is 'What it cost, once that is in the journal.';

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
comment on table muster.journal is 'Every movement of money. No line is ever changed.';
create index journal_by_team on muster.journal (team, id);

-- A trigger needs its function, so this one is here and not in functions/.
create function muster.journal_is_append_only() returns trigger language plpgsql
as $$ begin raise exception 'the journal is append only'; end $$;
create trigger append_only before update or delete on muster.journal
for each statement execute function muster.journal_is_append_only();
