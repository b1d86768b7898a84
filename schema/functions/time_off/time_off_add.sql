create or replace function api.time_off_add(p_member_id uuid, p_starts_at timestamptz, p_ends_at timestamptz, p_reason text default null) returns crm.time_off
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_off crm.time_off;
begin
    perform internal.require('time_off_add');
    if p_member_id is not null then
        perform from crm.member m where m.business_id = internal.current_business() and m.id = p_member_id;
        if not found then perform internal.not_found('member'); end if;
    end if;
    insert into crm.time_off (member_id, starts_at, ends_at, reason) values (p_member_id, p_starts_at, p_ends_at, p_reason)
    returning * into v_off;
    return v_off;
end $$;
comment on function api.time_off_add(uuid, timestamptz, timestamptz, text) is
    'Note when somebody is away; without a member, when the whole business is closed. Visits that are booked then stay: look them over. Definer: writes.';
grant execute on function api.time_off_add(uuid, timestamptz, timestamptz, text) to crm_app, crm_support;
