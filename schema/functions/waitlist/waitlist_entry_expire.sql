create or replace function api.waitlist_entry_expire(p_waitlist_entry_id uuid) returns text
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_business uuid := internal.current_business();
    v_status text;
begin
    perform internal.require('waitlist_entry_expire');
    update crm.waitlist_entry e set status = 'ended', ended_at = internal.now(), end_reason = 'Its last day is past.'
    where e.business_id = v_business and e.id = p_waitlist_entry_id and e.status = 'waiting'
      and e.until_on < internal.series_today((select b.time_zone from crm.business b where b.business_id = v_business));
    select e.status into v_status from crm.waitlist_entry e where e.business_id = v_business and e.id = p_waitlist_entry_id;
    return v_status;
end $$;
comment on function api.waitlist_entry_expire(uuid) is
    'End an entry whose last day is past; one that was given another day goes on. Returns what it is now. Definer: writes.';
grant execute on function api.waitlist_entry_expire(uuid) to crm_app;
