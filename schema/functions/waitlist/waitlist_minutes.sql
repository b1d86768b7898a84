create or replace function internal.waitlist_minutes(p_entry crm.waitlist_entry, p_ticket crm.ticket) returns integer
language sql stable set search_path = ''
as $$
    select coalesce(p_entry.minutes, (extract(epoch from p_ticket.ends_at - p_ticket.starts_at) / 60)::integer, internal.visit_minutes(p_entry.business_id, array(
        select s.service_id from crm.waitlist_entry_service s where s.business_id = p_entry.business_id and s.waitlist_entry_id = p_entry.id)));
$$;
comment on function internal.waitlist_minutes(crm.waitlist_entry, crm.ticket) is
    'How long what somebody waits for takes: as long as they said, as their visit that would come sooner, or as the services.';
