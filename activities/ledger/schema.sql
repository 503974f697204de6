-- The ledger as all files of schema/, functions/ and roles.sql make it, for people to read.
-- Times are milliseconds since the epoch, money is micro-dollars.
-- Written by `npm run dump-schema`: do not edit it, and do not run it.

-- One row.
create table muster.installation (
  only_row boolean not null default true,
  id text not null,   -- Six random letters, part of every key that this ledger makes.
  namespace_id text,  -- The Temporal namespace that the ledger belongs to, once a worker has used it.
  PRIMARY KEY (only_row),
  CHECK (id ~ '^[a-z2-7]{6}$'::text),
  CHECK (only_row)
);
-- insert, select, update to muster_ledger

-- The limit of each team.
create table muster.budget (
  team text not null,
  period text not null,
  limit_micros bigint not null,
  PRIMARY KEY (team),
  CHECK (limit_micros >= 0),
  CHECK (period = ANY (ARRAY['total'::text, 'month'::text]))
);
-- insert, select, update to muster_ledger

-- The money of a team in a period: sums of the journal.
create table muster.balance (
  team text not null,
  period text not null,  -- 'total', or a month in UTC such as '2026-11'.
  held_micros bigint not null default 0,
  spent_micros bigint not null default 0,
  PRIMARY KEY (team, period),
  CHECK (held_micros >= 0),
  CHECK (spent_micros >= 0)
);
-- insert, select, update to muster_ledger

-- Every request that was ever opened or cancelled.
create table muster.request (
  id text not null,
  body_hash text,                                          -- An id stands for one body for ever. Null while only a cancel has named the request, like team.
  team text,
  version integer not null default 0,                      -- Grows with each opening of a creation and each end of the request.
  cancel_ids text[] not null default '{}'::text[],         -- The cancel in force: every order that asked for it.
  cancelled_at_ms bigint,
  cancelled_by text,
  cancel_reason text,
  lifted_cancel_ids text[] not null default '{}'::text[],  -- Orders of cancels that were lifted; they are never recorded again.
  outcome text,                                            -- How it ended last; null while it goes on.
  registered_at_ms bigint not null,
  ended_at_ms bigint,
  PRIMARY KEY (id),
  CHECK (outcome = ANY (ARRAY['ready'::text, 'failed'::text, 'cancelled'::text]))
);
-- insert, select, update to muster_ledger

-- One try to make a cluster at one placement.
create table muster.creation (
  key text not null,
  request_id text not null,
  number integer not null,
  state text not null,
  team text not null,
  period text not null,                        -- The period of its first slice. What no slice covers is booked there.
  placement_index integer not null,
  provider text not null,
  region text not null,
  call jsonb not null,                         -- Every byte of the call that creates the cluster.
  hourly_micros bigint not null,
  hold_micros bigint not null,                 -- The sum of its slices.
  claim_ms bigint not null,                    -- This and the next four: the policy when the creation opened. A later change of configuration never shortens a proof.
  late_cluster_window_ms bigint not null,
  delete_reserve_ms bigint not null,
  ready_timeout_ms bigint not null,
  lease_ms bigint not null,
  terms jsonb not null,                        -- LeaseTerms in contracts/creation.ts.
  cluster_id text,                             -- Its own cluster. observed_cluster has all clusters under the key.
  owner text not null,                         -- Workflow id of the owner.
  epoch integer not null default 0,            -- Grows each time that a request takes up the open creation again.
  claims integer not null default 0,           -- Claims of the right to send the create.
  answered integer not null default 0,         -- Sends that the provider answered definitely.
  attempt text,                                -- The attempt that claimed last.
  claimed boolean not null default false,      -- Whether that claim is still held.
  send_until_ms bigint,                        -- When the last claim ends. No send leaves after it.
  why text,                                    -- Why it was closed or refused.
  why_text text,
  condition text,                              -- What the leased cluster was last confirmed to be.
  condition_text text,                         -- The provider's words for it.
  condition_at_ms bigint,                      -- Since when it is so.
  replaceable boolean not null default false,  -- A released creation whose request may open the next one.
  opened_at_ms bigint not null,
  leased_at_ms bigint,
  lease_until_ms bigint,                       -- The end of the lease's funded time.
  closing_at_ms bigint,
  ended_at_ms bigint,
  cost_micros bigint,                          -- What all clusters under the key cost, once settled.
  PRIMARY KEY (key),
  CHECK (answered <= claims),
  CHECK (condition = ANY (ARRAY['ready'::text, 'degraded'::text, 'failed'::text, 'gone'::text])),
  CHECK (hold_micros >= 0),
  CHECK (hourly_micros >= 0),
  CHECK (jsonb_typeof(terms) = 'object'::text),
  CHECK (key ~ '^mu-[a-z2-7]{6}-[a-z2-7]{26}$'::text),
  CHECK (number >= 1),
  CHECK (state = ANY (ARRAY['open'::text, 'refused'::text, 'leased'::text, 'closing'::text, 'absent'::text, 'released'::text])),
  FOREIGN KEY (request_id) REFERENCES muster.request(id),
  UNIQUE (request_id, number)
);
CREATE INDEX active_creation_by_location ON muster.creation USING btree (provider, region) WHERE state = ANY (ARRAY['open'::text, 'leased'::text, 'closing'::text]);
CREATE INDEX creation_by_location ON muster.creation USING btree (provider, region);
CREATE UNIQUE INDEX one_active_creation ON muster.creation USING btree (request_id) WHERE state = ANY (ARRAY['open'::text, 'leased'::text, 'closing'::text]);
-- insert, select, update to muster_ledger

-- A creation is paid for slice by slice. Each slice is held in the period in which it was added.
create table muster.slice (
  key text not null,
  number integer not null,  -- 1 is the hold with which the creation opened. Each later one makes its lease longer.
  period text not null,
  hold_micros bigint not null,
  until_ms bigint,          -- The end of the lease that it pays for. Null for the first, whose time begins with the lease.
  at_ms bigint not null,
  PRIMARY KEY (key, number),
  CHECK (hold_micros >= 0),
  CHECK (number >= 1),
  FOREIGN KEY (key) REFERENCES muster.creation(key)
);
-- insert, select to muster_ledger

-- Every cluster that was ever seen under a key.
create table muster.observed_cluster (
  key text not null,
  cluster_id text not null,
  created_at_ms bigint not null,  -- By its provider, or when it was first seen.
  seen_at_ms bigint not null,     -- When it was first seen.
  gone_at_ms bigint,              -- When it was seen gone. From then on it costs nothing.
  booked_micros bigint,           -- What it cost, once that is in the journal.
  PRIMARY KEY (key, cluster_id),
  FOREIGN KEY (key) REFERENCES muster.creation(key)
);
-- insert, select, update to muster_ledger

-- Every movement of money. No line is ever changed.
create table muster.journal (
  id bigint not null generated always as identity,
  at_ms bigint not null,
  team text not null,
  period text not null,
  kind text not null,
  amount_micros bigint not null,
  key text,
  reason text not null,
  who text not null,
  PRIMARY KEY (id),
  CHECK (amount_micros >= 0),
  CHECK (kind = ANY (ARRAY['limit'::text, 'hold'::text, 'release'::text, 'spend'::text, 'overrun'::text]))
);
CREATE INDEX journal_by_team ON muster.journal USING btree (team, id);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON muster.journal FOR EACH STATEMENT EXECUTE FUNCTION muster.journal_is_append_only();
-- insert, select to muster_ledger

-- schema/1_baseline.sql
function journal_is_append_only() returns trigger;  -- muster_ledger

-- functions/clock.sql
function now_ms() returns bigint;  -- muster_ledger
function current_period(p_period text) returns text;  -- muster_ledger

-- functions/keys.sql
function base32(input bytea, length integer) returns text;  -- muster_ledger
function installation_id() returns text security definer;  -- muster_ledger, muster_provider_*
function creation_key(p_request_id text, p_number integer) returns text;  -- muster_ledger
function fill_call(p_template jsonb, p_key text) returns jsonb;  -- muster_ledger

-- functions/answers.sql
function creation_json(c muster.creation) returns jsonb;  -- muster_ledger
function creation_json_without_request(c muster.creation) returns jsonb;  -- muster_ledger
function answer(p_outcome text, r muster.request, c muster.creation) returns jsonb;  -- muster_ledger

-- functions/locks.sql
function lock_request(p_request_id text) returns muster.request;  -- muster_ledger
function lock_request_of(p_key text) returns muster.request;  -- muster_ledger
function lock_creation(p_key text) returns muster.creation;  -- muster_ledger
function acts_for(p_provider text) returns boolean;  -- muster_ledger
function assert_acts_for(p_provider text) returns void;  -- muster_ledger
function lock_own_creation(p_key text) returns muster.creation;  -- muster_ledger

-- functions/money.sql
function write_journal(p_team text, p_period text, p_kind text, p_amount bigint, p_key text, p_reason text, p_who text) returns void;  -- muster_ledger
function cost_micros(p_hourly_micros bigint, p_from_ms bigint, p_to_ms bigint) returns bigint;  -- muster_ledger
function hold(p_team text, p_amount bigint, p_key text, p_reason text, p_who text) returns text;  -- muster_ledger
function hold_beyond_limit(p_team text, p_period text, p_amount bigint, p_key text, p_reason text, p_who text) returns void;  -- muster_ledger
function add_slice(p_key text, p_period text, p_amount bigint, p_until_ms bigint) returns void;  -- muster_ledger
function end_hold(c muster.creation, p_cost bigint, p_reason text, p_who text) returns void;  -- muster_ledger
function set_budget(p_team text, p_period text, p_limit bigint, p_who text) returns void;  -- muster_ledger

-- functions/observing.sql
function add_observed_cluster(c muster.creation, p_cluster_id text, p_created_at_ms bigint, p_who text) returns void;  -- muster_ledger
function record_observed(p_key text, p_cluster_id text, p_created_at_ms bigint) returns jsonb security definer;  -- muster_ledger, muster_provider_*
function record_condition(p_key text, p_condition text, p_text text) returns jsonb security definer;  -- muster_ledger, muster_provider_*
function record_price(p_key text, p_hourly_micros bigint) returns jsonb security definer;  -- muster_ledger, muster_provider_*
function record_duplicates_gone(p_key text) returns jsonb security definer;  -- muster_ledger, muster_provider_*

-- functions/opening.sql
function open_creation(p_request_id text, p_body_hash text, p_team text, p_owner text, p_version integer, p_placement jsonb) returns jsonb;  -- muster_ledger

-- functions/sending.sql
function provider_creation(p_key text) returns jsonb security definer;  -- muster_ledger, muster_provider_*
function claim_send(p_key text, p_attempt text, p_claims integer) returns jsonb security definer;  -- muster_ledger, muster_provider_*
function release_send(p_key text, p_attempt text, p_answered boolean, p_cluster_id text, p_created_at_ms bigint) returns jsonb security definer;  -- muster_ledger, muster_provider_*
function refuse(p_key text, p_attempt text, p_why text, p_text text, p_who text) returns jsonb;  -- muster_ledger

-- functions/leases.sql
function lease(p_key text, p_owner text, p_cluster_id text) returns jsonb;  -- muster_ledger
function extend_hold(p_key text, p_until_ms bigint, p_who text) returns jsonb;  -- muster_ledger
function reprovision(p_key text, p_max integer) returns jsonb;  -- muster_ledger

-- functions/closing.sql
function begin_closing(p_key text, p_caller text, p_epoch integer, p_why text, p_text text) returns jsonb;  -- muster_ledger
function settle(p_key text, p_claims integer, p_gone_at_ms bigint, p_who text) returns jsonb;  -- muster_ledger
function end_request(p_request_id text, p_outcome text) returns jsonb;  -- muster_ledger

-- functions/cancelling.sql
function record_cancel(p_request_id text, p_cancel_id text, p_who text, p_why text) returns jsonb;  -- muster_ledger
function lift_cancel(p_request_id text) returns jsonb;  -- muster_ledger

-- functions/monitoring.sql
function monitored_json(c muster.creation) returns jsonb;  -- muster_ledger
function monitored_rows(p_provider text, p_region text) returns jsonb security definer;  -- muster_ledger, muster_provider_*
function monitored_counts(p_provider text, p_region text) returns jsonb security definer;  -- muster_ledger, muster_provider_*
function monitored_known(p_provider text, p_keys text[]) returns jsonb security definer;  -- muster_ledger, muster_provider_*
function monitored_creation(p_provider text, p_key text) returns jsonb security definer;  -- muster_ledger, muster_provider_*
function monitored_regions(p_provider text) returns jsonb security definer;  -- muster_ledger, muster_provider_*

-- functions/reports.sql
function read_request(p_request_id text) returns jsonb;  -- muster_ledger
function body_hash(p_request_id text) returns text;  -- muster_ledger
function creation_by_key(p_key text) returns jsonb;  -- muster_ledger
function newest_creations(p_request_id text, p_limit integer) returns jsonb;  -- muster_ledger
function receipt(p_request_id text, p_limit integer) returns jsonb;  -- muster_ledger
function request_record(p_request_id text, p_limit integer) returns jsonb;  -- muster_ledger
function budget_of(p_team text) returns jsonb;  -- muster_ledger
function budgets(p_limit integer) returns jsonb;  -- muster_ledger
function journal_lines(p_team text, p_before_id bigint, p_limit integer) returns jsonb;  -- muster_ledger
function clusters(p_team text, p_provider text, p_limit integer) returns jsonb;  -- muster_ledger
function locations() returns jsonb;  -- muster_ledger

-- functions/restore.sql
function restore_lease(r muster.request, c muster.creation, p_trace jsonb, p_lease_ms bigint, p_who text) returns jsonb;  -- muster_ledger
function restore_creation(p_trace jsonb, p_lease_ms bigint, p_who text) returns jsonb;  -- muster_ledger

-- functions/audit.sql
function audit() returns jsonb;  -- muster_ledger
function idle_owners(p_running jsonb, p_grace_ms bigint) returns jsonb;  -- muster_ledger

-- functions/health.sql
function applied_files() returns jsonb security definer;  -- muster_ledger

-- roles.sql
function ensure_role(p_role text) returns void;
function ensure_provider_role(p_provider text) returns void;
