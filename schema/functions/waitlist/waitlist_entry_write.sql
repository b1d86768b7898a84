create or replace function internal.waitlist_entry_write(
    p_entry crm.waitlist_entry, p_address_id uuid, p_member_id uuid, p_service_ids uuid[], p_minutes integer, p_from_on date, p_until_on date,
    p_weekdays smallint[], p_day_part text, p_note text)
returns crm.waitlist_entry
language plpgsql volatile set search_path = ''
as $$
declare
    v_entry crm.waitlist_entry;
    v_services uuid[] := case when p_entry.ticket_id is null then coalesce(p_service_ids, '{}') else '{}' end;
begin
    if p_member_id is not null then
        perform from crm.member m where m.business_id = p_entry.business_id and m.id = p_member_id and m.disabled_at is null;
        if not found then perform internal.not_found('member'); end if;
    end if;
    if exists (select from unnest(v_services) w(id) where not exists (
        select from crm.service s where s.business_id = p_entry.business_id and s.id = w.id and s.archived_at is null)) then
        perform internal.not_found('service');
    end if;
    delete from crm.waitlist_entry_service s where s.business_id = p_entry.business_id and s.waitlist_entry_id = p_entry.id and s.service_id <> all (v_services);
    insert into crm.waitlist_entry_service as s (waitlist_entry_id, service_id, position)
    select p_entry.id, w.id, row_number() over (order by min(w.place)) from unnest(v_services) with ordinality w(id, place) group by w.id
    on conflict on constraint waitlist_entry_service_is_there_once do update set position = excluded.position where s.position <> excluded.position;
    -- Last, so that what is offered just now is held against the whole of the new wish.
    update crm.waitlist_entry e set address_id = p_address_id, member_id = p_member_id, minutes = p_minutes, from_on = p_from_on, until_on = p_until_on,
        weekdays = nullif(p_weekdays, '{}'), day_part = coalesce(p_day_part, 'any'), note = p_note
    where e.business_id = p_entry.business_id and e.id = p_entry.id
    returning * into v_entry;
    return v_entry;
end $$;
comment on function internal.waitlist_entry_write(crm.waitlist_entry, uuid, uuid, uuid[], integer, date, date, smallint[], text, text) is
    'What both putting somebody on the waitlist and changing that write: the wish, and the services. No weekdays are any of them.';
