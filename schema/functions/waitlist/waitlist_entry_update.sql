create or replace function api.waitlist_entry_update(
    p_waitlist_entry_id uuid, p_address_id uuid, p_member_id uuid, p_service_ids uuid[], p_minutes integer, p_from_on date, p_until_on date,
    p_weekdays smallint[], p_day_part text, p_note text)
returns crm.waitlist_entry
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_entry crm.waitlist_entry;
begin
    perform internal.require('waitlist_entry_update');
    v_entry := internal.waitlist_entry_open(p_waitlist_entry_id);
    return internal.waitlist_entry_write(v_entry, p_address_id, p_member_id, p_service_ids, p_minutes, coalesce(p_from_on, v_entry.from_on), p_until_on,
        p_weekdays, p_day_part, p_note);
end $$;
comment on function api.waitlist_entry_update(uuid, uuid, uuid, uuid[], integer, date, date, smallint[], text, text) is
    'Change what somebody on the waitlist waits for. Definer: writes.';
grant execute on function api.waitlist_entry_update(uuid, uuid, uuid, uuid[], integer, date, date, smallint[], text, text) to crm_app, crm_support;
