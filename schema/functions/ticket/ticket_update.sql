create or replace function api.ticket_update(
    p_ticket_id uuid, p_address_id uuid, p_starts_at timestamptz, p_ends_at timestamptz, p_member_ids uuid[],
    p_instructions text, p_book_anyway_reason text default null, p_arrival_minutes integer default null)
returns crm.ticket
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require('ticket_update');
    return internal.ticket_put(internal.ticket_open(p_ticket_id), p_address_id, p_starts_at, p_ends_at, p_member_ids, p_instructions,
        p_book_anyway_reason, p_arrival_minutes);
end $$;
comment on function api.ticket_update(uuid, uuid, timestamptz, timestamptz, uuid[], text, text, integer) is
    'Change when, where and by whom a visit is done. A new time asks for confirmation again; a busy technician is refused unless a reason to book anyway is given. Without minutes to arrive in, those stay. Definer: writes.';
grant execute on function api.ticket_update(uuid, uuid, timestamptz, timestamptz, uuid[], text, text, integer) to crm_app, crm_support;
