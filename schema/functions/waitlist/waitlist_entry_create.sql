create or replace function api.waitlist_entry_create(
    p_contact_id uuid, p_ticket_id uuid default null, p_address_id uuid default null, p_member_id uuid default null, p_service_ids uuid[] default '{}',
    p_minutes integer default null, p_from_on date default null, p_until_on date default null, p_weekdays smallint[] default null,
    p_day_part text default 'any', p_note text default null)
returns crm.waitlist_entry
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_business uuid := internal.current_business();
    v_entry crm.waitlist_entry;
begin
    perform internal.require('waitlist_entry_create');
    insert into crm.waitlist_entry (contact_id, ticket_id, from_on)
    values (internal.contact_concerned(p_contact_id, p_ticket_id), p_ticket_id, coalesce(p_from_on,
            internal.series_today((select b.time_zone from crm.business b where b.business_id = v_business))))
    returning * into v_entry;
    return internal.waitlist_entry_write(v_entry, p_address_id, p_member_id, p_service_ids, p_minutes, v_entry.from_on, p_until_on, p_weekdays, p_day_part, p_note);
end $$;
comment on function api.waitlist_entry_create(uuid, uuid, uuid, uuid, uuid[], integer, date, date, smallint[], text, text) is
    'Put somebody on the waitlist: for a visit of theirs that would come sooner, or for these services or so many minutes at an address; from which day on, until when, on which weekdays (1 Monday to 7 Sunday), in which part of the day (any, morning, afternoon), with whom or with anyone. Definer: writes.';
grant execute on function api.waitlist_entry_create(uuid, uuid, uuid, uuid, uuid[], integer, date, date, smallint[], text, text) to crm_app, crm_support;
