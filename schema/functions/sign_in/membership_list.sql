create or replace function api.membership_list(p_account_id uuid)
returns table (business_id uuid, member_id uuid, role text)
language plpgsql stable security definer set search_path = ''
as $$
begin
    if (internal.context()).role <> 'visitor' then
        perform internal.require('membership_list');
    end if;
    return query
        select m.business_id, m.member_id, m.role from internal.membership m
        where m.account_id = p_account_id and m.active order by m.member_id desc;
end $$;
comment on function api.membership_list(uuid) is
    'The businesses an account may enter, newest first. Called between spending a link and making a session. Definer: the index of memberships stands outside the wall.';
grant execute on function api.membership_list(uuid) to crm_app;
