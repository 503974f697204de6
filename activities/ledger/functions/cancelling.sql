-- Cancels of a request.

-- A cancel stays in force after a reset of the workflow. It registers the request if nothing has yet, so that it also stops a
-- request that has not started yet. Outcomes: recorded, use-release, lifted.
create or replace function muster.record_cancel(p_request_id text, p_cancel_id text, p_who text, p_why text) returns jsonb
language plpgsql
as $$
declare
  r muster.request;
  c muster.creation;
begin
  insert into muster.request (id, registered_at_ms) values (p_request_id, muster.now_ms()) on conflict do nothing;
  r := muster.lock_request(p_request_id);
  select * into c from muster.creation where request_id = p_request_id and state in ('open', 'leased', 'closing') for update;
  if c.leased_at_ms is not null then
    return muster.answer('use-release', r, c);
  elsif p_cancel_id = any (r.lifted_cancel_ids) then
    return muster.answer('lifted', r, c);
  end if;
  if r.cancelled_at_ms is null then
    update muster.request
    set cancel_ids = array[p_cancel_id], cancelled_at_ms = muster.now_ms(), cancelled_by = p_who, cancel_reason = p_why
    where id = p_request_id returning * into r;
  elsif p_cancel_id <> all (r.cancel_ids) then
    -- Another order of the same cancel, such as a client's and Temporal's own: lifted together with it.
    update muster.request set cancel_ids = cancel_ids || p_cancel_id where id = p_request_id returning * into r;
  end if;
  return muster.answer('recorded', r, c);
end $$;

-- Lifts the cancel in force, for an operator's retry; its orders are never recorded again. Outcomes: lifted, not-cancelled.
create or replace function muster.lift_cancel(p_request_id text) returns jsonb language plpgsql
as $$
declare
  r muster.request := muster.lock_request(p_request_id);
begin
  if r.cancelled_at_ms is null then
    return muster.answer('not-cancelled', r, null);
  end if;
  update muster.request
  set lifted_cancel_ids = lifted_cancel_ids || cancel_ids, cancel_ids = '{}', cancelled_at_ms = null, cancelled_by = null,
    cancel_reason = null
  where id = p_request_id returning * into r;
  return muster.answer('lifted', r, null);
end $$;
