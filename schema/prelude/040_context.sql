-- The signed context says for whom this transaction acts. The application signs it, PostgreSQL
-- checks it, and SQL injected into one business's request cannot make one for another business.
--
--   key id | expiry (epoch seconds) | business | member | role | kind | source | grant | request | hmac
--
-- business   uuid; the nil uuid is the house: visitors before sign-in, and work of no one business
-- member     uuid or empty
-- role       owner office technician | visitor customer worker
-- kind       person model link system | feed: a calendar that reads as its member, and does nothing
-- source     web api mcp psql worker
-- grant      uuid of the token or link that let the caller in, or empty

create or replace function internal.context_mac(p_key_id text, p_message text) returns text
language plpgsql stable parallel safe security definer set search_path = ''
as $$
declare
    v_key internal.context_key;
begin
    select * into v_key from internal.context_key
    where key_id = p_key_id and (valid_until is null or valid_until > clock_timestamp());
    return encode(sha256(v_key.outer_pad || sha256(v_key.inner_pad || convert_to(p_message, 'UTF8'))), 'hex');
end $$;
comment on function internal.context_mac(text, text) is
    'HMAC-SHA256 in hex of a message under one of the context keys; null when the key is unknown or no longer valid. Definer: only it reads the keys.';

create or replace function internal.context_parts() returns text[]
language plpgsql stable parallel safe security definer set search_path = ''
as $$
declare
    v_context text := current_setting('app.context', true);
    v_part text[];
    v_inner bytea;
    v_outer bytea;
begin
    if v_context is null or v_context = '' then
        raise insufficient_privilege using message = 'No context: this session has not said for whom it acts.',
            hint = 'Use `crm db psql --as EMAIL --reason "…"`.', constraint = 'context_is_missing';
    end if;
    v_part := string_to_array(v_context, '|');
    select k.inner_pad, k.outer_pad into v_inner, v_outer from internal.context_key k
    where k.key_id = v_part[1] and (k.valid_until is null or k.valid_until > clock_timestamp());
    -- An unknown key gives null, from which every tenth part is distinct.
    if cardinality(v_part) <> 10 or v_part[10] is distinct from encode(sha256(v_outer || sha256(v_inner || convert_to(left(v_context, -65), 'UTF8'))), 'hex') then
        raise insufficient_privilege using message = 'The context is not one that this database signed for.',
            constraint = 'context_is_forged';
    end if;
    -- Behind the signature everything is of our own making, so no cast of a part can fail.
    if to_timestamp(v_part[2]::double precision) < clock_timestamp() then
        raise insufficient_privilege using message = 'The context has expired.', constraint = 'context_is_expired';
    end if;
    return v_part;
end $$;
comment on function internal.context_parts() is
    'The checked context of this transaction, in its ten parts as text. Raises 42501 when it is missing, forged or expired. Every row policy asks for a part of it once a statement, so this is kept short and fast. Definer: reads the keys.';

create or replace function internal.context(
    out business_id uuid, out member_id uuid, out role text, out kind text, out source text,
    out grant_id uuid, out request_id text)
language plpgsql stable parallel safe security definer set search_path = ''
as $$
declare
    v_part text[] := internal.context_parts();
begin
    business_id := v_part[3]::uuid;
    member_id := nullif(v_part[4], '')::uuid;
    role := v_part[5];
    kind := v_part[6];
    source := v_part[7];
    grant_id := nullif(v_part[8], '')::uuid;
    request_id := v_part[9];
end $$;
comment on function internal.context() is
    'The checked context of this transaction. Raises 42501 when it is missing, forged or expired, never returns nulls for it. Definer: reads the context keys.';

create or replace function internal.current_business() returns uuid
language plpgsql stable parallel safe security definer set search_path = ''
as $$ begin return (internal.context_parts())[3]::uuid; end $$;
comment on function internal.current_business() is 'The business this transaction acts for. The wall is made of it. Definer: reads the context keys.';

create or replace function internal.current_member() returns uuid
language plpgsql stable parallel safe security definer set search_path = ''
as $$ begin return nullif((internal.context_parts())[4], '')::uuid; end $$;
comment on function internal.current_member() is 'The member this transaction acts as, or null. Definer: reads the context keys.';

create or replace function internal.current_role() returns text
language plpgsql stable parallel safe security definer set search_path = ''
as $$ begin return (internal.context_parts())[5]; end $$;
comment on function internal.current_role() is 'The signed role of this transaction. Definer: reads the context keys.';

grant execute on function internal.context(), internal.current_business(), internal.current_member(), internal.current_role()
    to crm_app, crm_support;

create or replace function internal.house() returns uuid
language sql immutable parallel safe
return '00000000-0000-0000-0000-000000000000'::uuid;
comment on function internal.house() is 'The house: the business of visitors who have not signed in and of work that belongs to no one business.';
grant execute on function internal.house() to crm_app, crm_support;
