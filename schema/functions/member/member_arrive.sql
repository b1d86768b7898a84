create or replace function api.member_arrive() returns crm.member
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_member crm.member;
begin
    perform internal.require('member_arrive');
    update crm.member m set joined_at = internal.now()
    where m.business_id = internal.current_business() and m.id = internal.current_member() and m.joined_at is null;
    select * into v_member from crm.member m
    where m.business_id = internal.current_business() and m.id = internal.current_member();
    perform internal.security_event_record('session_started');
    return v_member;
end $$;
comment on function api.member_arrive() is 'Note that the member has signed in; the first time they join. Returns their own row. Definer: writes.';
grant execute on function api.member_arrive() to crm_app;
