create or replace function api.membership_list(p_account_id uuid)
returns table (business_id uuid, member_id uuid, role text)
language plpgsql stable security definer set search_path = ''
as $$
begin
    perform internal.require('membership_list');
    if internal.current_member() is not null and not exists (
        select from crm.member m where m.business_id = internal.current_business() and m.id = internal.current_member()
            and m.account_id = p_account_id) then
        perform internal.not_found('account');
    elsif internal.current_member() is null and not exists (
        select from crm.sign_in_link l join crm.account a on a.email = l.email
        where a.account_id = p_account_id and l.used_at > internal.now() - interval '1 minute') then
        perform internal.not_found('account');
    end if;
    return query
        select m.business_id, m.member_id, m.role from internal.membership m
        where m.account_id = p_account_id and m.active order by m.joined desc, m.member_id desc;
end $$;
comment on function api.membership_list(uuid) is
    'The businesses an account may enter, newest first. Called between spending a link and making a session, and by members for their own account. Definer: the index of memberships stands outside the wall.';
grant execute on function api.membership_list(uuid) to crm_app;
