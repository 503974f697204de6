-- The right to send a create, and what became of it. A provider's worker may call these for its own provider only.

-- Whether the connected role works for a provider: the ledger's role for all, muster_provider_<name> for its own.
-- Names are qualified: a session's temporary tables come first in its search path.
create function muster.acts_for(p_provider text) returns boolean language sql stable
as $$
  select exists (
    select 1 from pg_catalog.pg_roles
    where rolname in ('muster_ledger', 'muster_provider_' || translate(p_provider, '-', '_'))
      and pg_has_role(session_user, oid, 'member'))
$$;

create function muster.lock_own_creation(p_key text) returns muster.creation language plpgsql
as $$
declare
  c muster.creation := muster.lock_creation(p_key);
begin
  if not muster.acts_for(c.provider) then
    raise exception 'role % may not act for provider %', session_user, c.provider using errcode = 'insufficient_privilege';
  end if;
  return c;
end $$;

-- The right to send one create, once, until send_until. Outcomes: claimed, closed, cancelled, busy, stale-claim.
create function muster.claim_send(p_key text, p_attempt text, p_claims integer) returns jsonb language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
declare
  r muster.request := muster.lock_request(muster.request_of(p_key));
  c muster.creation := muster.lock_own_creation(p_key);
begin
  if c.state <> 'open' then
    return muster.answer('closed', r, c);
  elsif r.cancelled_at_ms is not null then
    return muster.answer('cancelled', r, c);
  elsif c.claimed and c.send_until_ms > muster.now_ms() then
    -- The same attempt asks again when the answer to its claim was lost.
    return muster.answer(case when c.attempt = p_attempt then 'claimed' else 'busy' end, r, c);
  elsif c.claims <> p_claims then
    return muster.answer('stale-claim', r, c);
  end if;
  update muster.creation
  set claims = claims + 1, claimed = true, attempt = p_attempt, send_until_ms = muster.now_ms() + claim_ms
  where key = p_key returning * into c;
  return muster.answer('claimed', r, c);
end $$;

-- The call has returned: frees this attempt's claim and no other, never touches send_until, sets the cluster id once.
-- answered: the provider said definitely what it did. A null attempt only records a cluster that was found.
create function muster.release_send(
  p_key text, p_attempt text, p_answered boolean, p_cluster_id text, p_created_at_ms bigint) returns jsonb language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
declare
  r muster.request := muster.lock_request(muster.request_of(p_key));
  c muster.creation := muster.lock_own_creation(p_key);
begin
  if c.claimed and c.attempt = p_attempt then
    update muster.creation set claimed = false, answered = answered + p_answered::integer where key = p_key returning * into c;
  end if;
  if p_cluster_id is not null then
    if c.cluster_id is null and c.state in ('open', 'closing') then
      update muster.creation set cluster_id = p_cluster_id where key = p_key returning * into c;
    end if;
    perform muster.record_cluster(c, p_cluster_id, p_created_at_ms, session_user);
  end if;
  return muster.answer('released', r, c);
end $$;

-- Before any delete, by every actor.
create function muster.record_observed(p_key text, p_cluster_id text, p_created_at_ms bigint) returns jsonb language plpgsql
security definer set search_path = pg_catalog, pg_temp
as $$
declare
  r muster.request := muster.lock_request(muster.request_of(p_key));
  c muster.creation := muster.lock_own_creation(p_key);
begin
  perform muster.record_cluster(c, p_cluster_id, p_created_at_ms, session_user);
  return muster.answer('sighted', r, c);
end $$;

-- Open to refused, without a proof: only after one definite answer to the only claim this key ever had, and nothing seen.
-- Outcomes: refused, not-refusable, not-open.
create function muster.refuse(p_key text, p_attempt text, p_why text, p_text text, p_who text) returns jsonb language plpgsql
as $$
declare
  r muster.request := muster.lock_request(muster.request_of(p_key));
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

-- What a provider's worker may read: its own provider's creations, with the ledger's time. A barrier: no condition of a
-- session's own is tried on rows that are not its provider's.
create view muster.provider_creation with (security_barrier) as
select c.key, c.request, c.number, c.state, c.provider, c.region, c.call, c.cluster_id, c.owner, c.epoch, c.claims, c.answered,
  c.claimed, c.claim_ms, c.send_until_ms, c.late_cluster_window_ms, c.hourly_micros, c.opened_at_ms, c.leased_at_ms, c.lease_until_ms,
  r.cancelled_at_ms is not null as cancelled, muster.now_ms() as now_ms
from muster.creation c join muster.request r on r.id = c.request
where muster.acts_for(c.provider);
