-- The shape of every answer: what happened, the creation at hand, the request's turn and whether it is cancelled.

create function muster.creation_json(c muster.creation) returns jsonb language sql stable
as $$
  select jsonb_build_object(
    'key', c.key, 'requestId', c.request, 'number', c.number, 'state', c.state, 'team', c.team,
    'placementIndex', c.placement_index, 'provider', c.provider, 'region', c.region,
    'hourlyMicros', c.hourly_micros, 'holdMicros', c.hold_micros, 'clusterId', c.cluster_id,
    'owner', c.owner, 'epoch', c.epoch, 'why', c.why, 'whyText', c.why_text,
    'readyTimeoutMs', c.ready_timeout_ms, 'openedAtMs', c.opened_at_ms, 'leasedAtMs', c.leased_at_ms,
    'leaseUntilMs', c.lease_until_ms, 'endedAtMs', c.ended_at_ms, 'costMicros', c.cost_micros)
$$;

create function muster.answer(p_outcome text, r muster.request, c muster.creation) returns jsonb language sql stable
as $$
  select jsonb_build_object('outcome', p_outcome, 'version', r.version, 'cancelled', r.cancelled_at_ms is not null,
    'creation', case when c.key is null then null else muster.creation_json(c) end)
$$;

-- Locks a request and returns it; all null where there is none.
create function muster.lock_request(p_request text) returns muster.request language sql
as $$ select * from muster.request where id = p_request for update $$;

-- Locks a creation and returns it; unknown keys are a caller's bug.
create function muster.lock_creation(p_key text) returns muster.creation language plpgsql
as $$
declare
  c muster.creation;
begin
  select * into c from muster.creation where key = p_key for update;
  if not found then
    raise exception 'no creation has the key %', p_key using errcode = 'no_data_found';
  end if;
  return c;
end $$;

create function muster.request_of(p_key text) returns text language sql stable
as $$ select request from muster.creation where key = p_key $$;

-- Every creation of a request, oldest first: the receipt.
create function muster.creations_of(p_request text) returns jsonb language sql stable
as $$
  select coalesce(jsonb_agg(muster.creation_json(c) order by c.number), '[]') from muster.creation c where c.request = p_request
$$;
