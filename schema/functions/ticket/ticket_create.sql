create or replace function api.ticket_create(
    p_contact_id uuid, p_address_id uuid, p_starts_at timestamptz, p_ends_at timestamptz, p_member_ids uuid[] default '{}',
    p_service_ids uuid[] default '{}', p_instructions text default null, p_book_anyway_reason text default null,
    p_arrival_minutes integer default null)
returns crm.ticket
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_ticket crm.ticket;
    v_service_id uuid;
begin
    perform internal.require('ticket_create');
    perform from crm.contact c where c.business_id = internal.current_business() and c.id = p_contact_id;
    if not found then perform internal.not_found('contact'); end if;
    p_ends_at := coalesce(p_ends_at, p_starts_at + make_interval(mins => internal.visit_minutes(internal.current_business(), p_service_ids)));
    insert into crm.ticket (contact_id, address_id, starts_at, ends_at, busy_until, instructions, arrival_minutes)
    values (p_contact_id, p_address_id, p_starts_at, p_ends_at, p_ends_at, p_instructions, p_arrival_minutes)
    returning * into v_ticket;
    perform internal.ticket_assign(v_ticket, p_member_ids, p_book_anyway_reason);
    foreach v_service_id in array coalesce(p_service_ids, '{}') loop
        perform internal.line_item_make(v_ticket.id, v_service_id, 1, null);
    end loop;
    return v_ticket;
end $$;
comment on function api.ticket_create(uuid, uuid, timestamptz, timestamptz, uuid[], uuid[], text, text, integer) is
    'Book a visit for a contact at one of their addresses, with technicians and services; without an end it lasts as long as the services take. A technician who already has a visit then is refused unless a reason to book anyway is given. Customers are told to expect the technician within so many minutes, or as the business does. Definer: writes.';
grant execute on function api.ticket_create(uuid, uuid, timestamptz, timestamptz, uuid[], uuid[], text, text, integer) to crm_app, crm_support;
