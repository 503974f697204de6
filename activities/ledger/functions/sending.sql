-- The right to send a create, and what came of it. A provider's worker may call these for its own provider only.

-- What a step reads of a creation before it acts, with the ledger's time; null for an unknown key, and for another provider's.
create or replace function muster.provider_creation(p_key text) returns jsonb language sql volatile
security definer set search_path = pg_catalog, pg_temp
as $$
  select muster.creation_json(c) || jsonb_build_object(
    'call', c.call, 'claims', c.claims, 'answered', c.answered, 'claimMs', c.claim_ms, 'sendUntilMs', c.send_until_ms,
    'lateClusterWindowMs', c.late_cluster_window_ms, 'deleteReserveMs', c.delete_reserve_ms,
    'cancelled', r.cancelled_at_ms is not null, 'nowMs', muster.now_ms())
  from muster.creation c join muster.request r on r.id = c.request_id
  where c.key = p_key and muster.acts_for(c.provider)
$$;

-- The right to send one create, once, until send_until_ms. Outcomes: claimed, closed, cancelled, busy, stale-claim.
create or replace function muster.claim_send(p_key text, p_attempt text, p_claims integer) returns jsonb language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
declare
  r muster.request := muster.lock_request_of(p_key);
  c muster.creation := muster.lock_own_creation(p_key);
begin
  if c.state <> 'open' then
    return muster.answer('closed', r, c);
  elsif r.cancelled_at_ms is not null then
    return muster.answer('cancelled', r, c);
  elsif c.claimed and c.send_until_ms > muster.now_ms() then
    -- The same attempt calls again when the answer to its claim was lost.
    return muster.answer(case when c.attempt = p_attempt then 'claimed' else 'busy' end, r, c);
  elsif c.claims <> p_claims then
    return muster.answer('stale-claim', r, c);
  end if;
  update muster.creation
  set claims = claims + 1, claimed = true, attempt = p_attempt, send_until_ms = muster.now_ms() + claim_ms
  where key = p_key returning * into c;
  return muster.answer('claimed', r, c);
end $$;

-- The call has returned. Frees the claim of this attempt and of no other, never changes send_until_ms, and sets the cluster
-- id once. p_answered: the provider said definitely what it did. A null attempt only records a cluster that was found.
create or replace function muster.release_send(
  p_key text, p_attempt text, p_answered boolean, p_cluster_id text, p_created_at_ms bigint) returns jsonb language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
declare
  r muster.request := muster.lock_request_of(p_key);
  c muster.creation := muster.lock_own_creation(p_key);
begin
  if c.claimed and c.attempt = p_attempt then
    update muster.creation set claimed = false, answered = answered + p_answered::integer where key = p_key returning * into c;
  end if;
  if p_cluster_id is not null then
    if c.cluster_id is null and c.state in ('open', 'closing') then
      update muster.creation set cluster_id = p_cluster_id where key = p_key returning * into c;
    end if;
    perform muster.add_observed_cluster(c, p_cluster_id, p_created_at_ms, session_user);
  end if;
  return muster.answer('released', r, c);
end $$;

-- Open to refused, without a proof of absence: only after one definite answer to the only claim that this key ever had, and
-- only where no cluster was seen. Outcomes: refused, not-refusable, not-open.
create or replace function muster.refuse(p_key text, p_attempt text, p_why text, p_text text, p_who text) returns jsonb
language plpgsql
as $$
declare
  r muster.request := muster.lock_request_of(p_key);
  c muster.creation := muster.lock_creation(p_key);
begin
  if c.state = 'refused' then
    return muster.answer('refused', r, c);
  elsif c.state <> 'open' then
    return muster.answer('not-open', r, c);
  elsif c.claims <> 1 or c.answered <> 1 or c.attempt <> p_attempt
    or exists (select 1 from muster.observed_cluster s where s.key = p_key) then
    return muster.answer('not-refusable', r, c);
  end if;
  perform muster.end_hold(c, 0, 'refused by the provider', p_who);
  update muster.creation set state = 'refused', why = p_why, why_text = p_text, ended_at_ms = muster.now_ms(), cost_micros = 0
  where key = p_key returning * into c;
  return muster.answer('refused', r, c);
end $$;
