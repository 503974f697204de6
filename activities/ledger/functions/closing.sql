-- From closing to settled, and the end of a request.

-- One-way: a closing key never creates again and is never adopted.
-- Outcomes: closing, leased (a lease owns it), not-owner, ended.
create or replace function muster.begin_closing(
  p_key text, p_caller text, p_epoch integer, p_why text, p_text text) returns jsonb language plpgsql
as $$
declare
  r muster.request := muster.lock_request_of(p_key);
  c muster.creation := muster.lock_creation(p_key);
begin
  if c.state in ('refused', 'absent', 'released') then
    return muster.answer('ended', r, c);
  elsif c.state = 'closing' then
    return muster.answer('closing', r, c);
  elsif c.state = 'leased' and p_caller <> c.owner then
    return muster.answer('leased', r, c);
  elsif c.state = 'open' and p_caller <> 'provision/' || c.request_id
    -- A cleanup acts on what its sweep read. A request that has adopted the row since then has moved the epoch.
    and not (p_caller = 'cleanup/' || c.key and p_epoch = c.epoch) then
    return muster.answer('not-owner', r, c);
  end if;
  update muster.creation
  set state = 'closing', owner = p_caller, why = p_why, why_text = p_text, closing_at_ms = muster.now_ms()
  where key = p_key returning * into c;
  return muster.answer('closing', r, c);
end $$;

-- Closing to absent (never leased) or released (was leased), by a proof of absence that is based on p_claims sends.
-- The cost covers every cluster that was seen under the key. Outcomes: settled, stale-proof, not-closing.
create or replace function muster.settle(p_key text, p_claims integer, p_gone_at_ms bigint, p_who text) returns jsonb
language plpgsql
as $$
declare
  r muster.request := muster.lock_request_of(p_key);
  c muster.creation := muster.lock_creation(p_key);
  v_cost bigint;
begin
  if c.state in ('absent', 'released', 'refused') then
    return muster.answer('settled', r, c);
  elsif c.state <> 'closing' then
    return muster.answer('not-closing', r, c);
  elsif p_claims <> c.claims
    -- A send without a definite answer may still make a cluster until its window has passed.
    or (c.answered < c.claims and muster.now_ms() <= c.send_until_ms + c.late_cluster_window_ms)
    -- A cluster that was first seen after the proof disproves it. Settled now, it would cost nothing.
    or exists (select 1 from muster.observed_cluster s where s.key = p_key and s.seen_at_ms > p_gone_at_ms) then
    return muster.answer('stale-proof', r, c);
  end if;
  update muster.observed_cluster
  set booked_micros = muster.cost_micros(c.hourly_micros, created_at_ms, least(coalesce(gone_at_ms, p_gone_at_ms), p_gone_at_ms))
  where key = p_key and booked_micros is null;
  select coalesce(sum(booked_micros), 0) into v_cost from muster.observed_cluster where key = p_key;
  -- Clusters that were booked as overruns while another one was leased are paid for already.
  v_cost := v_cost - coalesce((
    select sum(amount_micros) from muster.journal where key = p_key and kind = 'overrun'), 0);
  perform muster.end_hold(c, v_cost, case when c.leased_at_ms is null then 'proven absent' else 'released' end, p_who);
  update muster.creation
  set state = case when leased_at_ms is null then 'absent' else 'released' end, cost_micros = v_cost,
    ended_at_ms = muster.now_ms()
  where key = p_key returning * into c;
  return muster.answer('settled', r, c);
end $$;

-- The last step of a request that has failed or is cancelled. Outcomes: ended, active.
create or replace function muster.end_request(p_request_id text, p_outcome text) returns jsonb language plpgsql
as $$
declare
  r muster.request;
  c muster.creation;
begin
  insert into muster.request (id, registered_at_ms) values (p_request_id, muster.now_ms()) on conflict do nothing;
  r := muster.lock_request(p_request_id);
  select * into c from muster.creation where request_id = p_request_id and state in ('open', 'leased', 'closing') for update;
  if found then
    return muster.answer('active', r, c);
  end if;
  update muster.request set outcome = p_outcome, ended_at_ms = muster.now_ms(), version = version + 1
  where id = p_request_id returning * into r;
  return muster.answer('ended', r, null);
end $$;
