-- How a creation and an answer look as JSON.

-- Creation in contracts/creation.ts.
create or replace function muster.creation_json(c muster.creation) returns jsonb language sql stable
as $$
  select jsonb_build_object(
    'key', c.key, 'requestId', c.request_id, 'number', c.number, 'state', c.state, 'team', c.team,
    'placementIndex', c.placement_index, 'provider', c.provider, 'region', c.region,
    'hourlyMicros', c.hourly_micros, 'holdMicros', c.hold_micros, 'clusterId', c.cluster_id,
    'owner', c.owner, 'epoch', c.epoch, 'why', c.why, 'whyText', c.why_text,
    'readyTimeoutMs', c.ready_timeout_ms, 'openedAtMs', c.opened_at_ms, 'leasedAtMs', c.leased_at_ms,
    'leaseUntilMs', c.lease_until_ms, 'endedAtMs', c.ended_at_ms, 'costMicros', c.cost_micros,
    'terms', c.terms, 'condition', c.condition, 'conditionText', c.condition_text, 'conditionAtMs', c.condition_at_ms)
$$;

-- A creation without the request in its terms: lists leave it out, since many of them do not fit into one answer.
create or replace function muster.creation_json_without_request(c muster.creation) returns jsonb language sql stable
as $$ select jsonb_set(muster.creation_json(c), '{terms,request}', 'null') $$;

-- What happened, the creation at hand, the request's version, and whether a cancel is in force.
create or replace function muster.answer(p_outcome text, r muster.request, c muster.creation) returns jsonb language sql stable
as $$
  select jsonb_build_object('outcome', p_outcome, 'version', r.version, 'cancelled', r.cancelled_at_ms is not null,
    'creation', case when c.key is null then null else muster.creation_json(c) end)
$$;
