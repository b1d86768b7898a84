create or replace function internal.sign_context(
    p_business_id uuid, p_member_id uuid, p_role text, p_kind text, p_source text,
    p_seconds integer default 60, p_request_id text default '', p_grant_id uuid default null)
returns text
language plpgsql volatile set search_path = ''
as $$
declare
    v_key_id text := (select key_id from internal.context_key where valid_until is null order by made_at desc limit 1);
    v_message text := concat_ws('|', v_key_id, floor(extract(epoch from clock_timestamp()) + p_seconds)::bigint,
        p_business_id, coalesce(p_member_id::text, ''), p_role, p_kind, p_source, coalesce(p_grant_id::text, ''),
        regexp_replace(coalesce(p_request_id, ''), '[^A-Za-z0-9_.-]', '', 'g'));
begin
    return v_message || '|' || internal.context_mac(v_key_id, v_message);
end $$;
comment on function internal.sign_context(uuid, uuid, text, text, text, integer, text, uuid) is
    'A signed context, made inside the database. Only the owner and the administrator may call it: it is the key to every business.';
