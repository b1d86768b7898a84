create or replace function api.waitlist_entry_end(p_waitlist_entry_id uuid, p_reason text) returns crm.waitlist_entry
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_entry crm.waitlist_entry;
begin
    perform internal.require('waitlist_entry_end');
    v_entry := internal.waitlist_entry_open(p_waitlist_entry_id);
    if p_reason is null then
        perform internal.refuse('waitlist_entry_end_reason_is_given', 'Say why they wait no longer, in at most 300 characters.');
    end if;
    update crm.waitlist_entry e set status = 'ended', ended_at = internal.now(), ended_by = internal.current_member(), end_reason = p_reason
    where e.business_id = v_entry.business_id and e.id = v_entry.id
    returning * into v_entry;
    return v_entry;
end $$;
comment on function api.waitlist_entry_end(uuid, text) is
    'Somebody waits no longer, with the reason. What they are offered just now is withdrawn. Definer: writes.';
grant execute on function api.waitlist_entry_end(uuid, text) to crm_app, crm_support;
