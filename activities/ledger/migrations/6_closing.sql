-- The way out: closing, settling, cancelling, ending.

-- One-way: a closing key never creates again and is never adopted.
-- Outcomes: closing, leased (a lease owns it), not-owner, ended.
create function muster.begin_closing(p_key text, p_caller text, p_epoch integer, p_why text, p_text text) returns jsonb
language plpgsql
as $$
declare
  r muster.request := muster.lock_request(muster.request_of(p_key));
  c muster.creation := muster.lock_creation(p_key);
begin
  if c.state in ('refused', 'absent', 'released') then
    return muster.answer('ended', r, c);
  elsif c.state = 'closing' then
    return muster.answer('closing', r, c);
  elsif c.state = 'leased' and p_caller <> c.owner then
    return muster.answer('leased', r, c);
  elsif c.state = 'open' and p_caller <> 'provision/' || c.request
    -- A cleanup acts on what its sweep read: a request that adopted the row since then has moved the epoch.
    and not (p_caller = 'cleanup/' || c.key and p_epoch = c.epoch) then
    return muster.answer('not-owner', r, c);
  end if;
  update muster.creation
  set state = 'closing', owner = p_caller, why = p_why, why_text = p_text, closing_at_ms = muster.now_ms()
  where key = p_key returning * into c;
  return muster.answer('closing', r, c);
end $$;

-- Closing to absent (never leased) or released (was leased), on a proof of absence that rests on `claims` sends.
-- The cost covers every cluster seen under the key. Outcomes: settled, stale-proof, not-closing.
create function muster.settle(p_key text, p_claims integer, p_gone_at_ms bigint, p_who text) returns jsonb language plpgsql
as $$
declare
  r muster.request := muster.lock_request(muster.request_of(p_key));
  c muster.creation := muster.lock_creation(p_key);
  v_cost bigint;
begin
  if c.state in ('absent', 'released', 'refused') then
    return muster.answer('settled', r, c);
  elsif c.state <> 'closing' then
    return muster.answer('not-closing', r, c);
  elsif p_claims <> c.claims
    -- A send without a definite answer may still be born until its window has passed.
    or (c.answered < c.claims and muster.now_ms() <= c.send_until_ms + c.late_cluster_window_ms)
    -- A cluster first seen since then disproves it; settled now, it would be booked as having cost nothing.
    or exists (select 1 from muster.observed_cluster s where s.key = p_key and s.seen_at_ms > p_gone_at_ms) then
    return muster.answer('stale-proof', r, c);
  end if;
  update muster.observed_cluster set booked_micros = muster.cost_micros(c.hourly_micros, created_at_ms, p_gone_at_ms)
  where key = p_key and booked_micros is null;
  select coalesce(sum(booked_micros), 0) into v_cost from muster.observed_cluster where key = p_key;
  -- Clusters booked as overruns while another was leased are paid for already.
  v_cost := v_cost - coalesce((
    select sum(amount_micros) from muster.journal where key = p_key and kind = 'overrun'), 0);
  perform muster.end_hold(c, v_cost, case when c.leased_at_ms is null then 'proven absent' else 'released' end, p_who);
  update muster.creation
  set state = case when leased_at_ms is null then 'absent' else 'released' end, ended_at_ms = muster.now_ms(), cost_micros = v_cost
  where key = p_key returning * into c;
  return muster.answer('settled', r, c);
end $$;

-- The last step before failed or cancelled. Outcomes: ended, active.
create function muster.end_request(p_request text, p_outcome text) returns jsonb language plpgsql
as $$
declare
  r muster.request;
  c muster.creation;
begin
  insert into muster.request (id, registered_at_ms) values (p_request, muster.now_ms()) on conflict do nothing;
  r := muster.lock_request(p_request);
  select * into c from muster.creation where request = p_request and state in ('open', 'leased', 'closing') for update;
  if found then
    return muster.answer('active', r, c);
  end if;
  update muster.request set outcome = p_outcome, ended_at_ms = muster.now_ms(), version = version + 1 where id = p_request returning * into r;
  return muster.answer('ended', r, null);
end $$;

-- A cancel outlives resets; registers the request if nothing has yet, so that it also stops one that has not begun.
-- Outcomes: recorded, use-release, lifted.
create function muster.record_cancel(p_request text, p_cancel_id text, p_who text, p_why text) returns jsonb language plpgsql
as $$
declare
  r muster.request;
  c muster.creation;
begin
  insert into muster.request (id, registered_at_ms) values (p_request, muster.now_ms()) on conflict do nothing;
  r := muster.lock_request(p_request);
  select * into c from muster.creation where request = p_request and state in ('open', 'leased', 'closing') for update;
  if c.leased_at_ms is not null then
    return muster.answer('use-release', r, c);
  elsif p_cancel_id = any (r.lifted_cancel_ids) then
    return muster.answer('lifted', r, c);
  end if;
  if r.cancelled_at_ms is null then
    update muster.request
    set cancel_ids = array[p_cancel_id], cancelled_at_ms = muster.now_ms(), cancelled_by = p_who, cancel_reason = p_why
    where id = p_request returning * into r;
  elsif p_cancel_id <> all (r.cancel_ids) then
    -- Another order of the cancel that stands (a client's, and Temporal's own): lifted together with it.
    update muster.request set cancel_ids = cancel_ids || p_cancel_id where id = p_request returning * into r;
  end if;
  return muster.answer('recorded', r, c);
end $$;

-- Only an operator's retry lifts a cancel; the same cancel is never recorded again. Outcomes: lifted, not-cancelled.
create function muster.lift_cancel(p_request text) returns jsonb language plpgsql
as $$
declare
  r muster.request := muster.lock_request(p_request);
begin
  if r.cancelled_at_ms is null then
    return muster.answer('not-cancelled', r, null);
  end if;
  update muster.request
  set lifted_cancel_ids = lifted_cancel_ids || cancel_ids, cancel_ids = '{}', cancelled_at_ms = null, cancelled_by = null,
    cancel_reason = null
  where id = p_request returning * into r;
  return muster.answer('lifted', r, null);
end $$;

-- The current state of a request. Changes nothing. Outcomes: found, unknown.
create function muster.read_request(p_request text) returns jsonb language plpgsql stable
as $$
declare
  r muster.request;
  c muster.creation;
begin
  select * into r from muster.request where id = p_request;
  if not found then
    return muster.answer('unknown', r, null);
  end if;
  select * into c from muster.creation where request = p_request order by number desc limit 1;
  return muster.answer('found', r, c);
end $$;
