create or replace function internal.act_as(p_business_id uuid, p_member_id uuid, p_role text, p_source text default null, p_grant_id uuid default null)
returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_now text := nullif(current_setting('app.context', true), '');
    v_request text := '';
    v_source text := p_source;
begin
    if v_now is not null then
        v_request := (internal.context()).request_id;
        v_source := coalesce(p_source, (internal.context()).source);
    end if;
    perform set_config('app.context', internal.sign_context(
        p_business_id, p_member_id, p_role, case when p_grant_id is not null then 'link' when p_member_id is null then 'system' else 'person' end,
        coalesce(v_source, 'psql'), 60, v_request, p_grant_id), true);
end $$;
comment on function internal.act_as(uuid, uuid, text, text, uuid) is
    'Go on in this transaction as somebody else. For functions that make a business or cross into one (sign-up, seeds, customers'' links) and for the administrator; never granted.';
