-- The key of a creation, and the call that carries it.

-- The first 5 * length bits of the input, five bits a letter.
create or replace function muster.base32(input bytea, length integer) returns text language sql immutable strict
as $$
  select string_agg(
    substr('abcdefghijklmnopqrstuvwxyz234567', 1
      + 16 * get_bit(input, 5 * i) + 8 * get_bit(input, 5 * i + 1) + 4 * get_bit(input, 5 * i + 2)
      + 2 * get_bit(input, 5 * i + 3) + get_bit(input, 5 * i + 4), 1), '' order by i)
  from generate_series(0, length - 1) as i
$$;

-- The six letters in every key of this ledger.
create or replace function muster.installation_id() returns text language sql stable
security definer set search_path = pg_catalog, pg_temp
as $$ select id from muster.installation $$;

-- The key of a request's creation. It is a hash, so a lost ledger's keys can be made again.
create or replace function muster.creation_key(p_request_id text, p_number integer) returns text language sql stable
as $$
  select 'mu-' || i.id || '-'
    || muster.base32(sha256(convert_to(i.id || '/' || p_request_id || '/' || p_number, 'UTF8')), 26)
  from muster.installation i
$$;

-- Fixes every byte of a call when its creation opens: the key replaces its placeholder in the template.
create or replace function muster.fill_call(p_template jsonb, p_key text) returns jsonb language sql immutable
as $$ select replace(p_template::text, '{{key}}', p_key)::jsonb $$;
