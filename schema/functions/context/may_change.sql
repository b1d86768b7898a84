create or replace function internal.may_change(p_member_id uuid) returns boolean
language plpgsql stable parallel safe set search_path = ''
as $$ begin return internal.sees_everything() or coalesce(p_member_id = internal.current_member(), false); end $$;
comment on function internal.may_change(uuid) is
    'Whether the caller may change or remove what this member wrote or added: their own, or anybody''s for owner and office. Pages ask it before they offer it, functions before they do it.';
grant execute on function internal.may_change(uuid) to crm_app, crm_support;
