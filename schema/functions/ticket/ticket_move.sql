create or replace function api.ticket_move(
    p_ticket_id uuid, p_starts_at timestamptz, p_ends_at timestamptz, p_from_member_id uuid default null, p_to_member_id uuid default null,
    p_book_anyway_reason text default null)
returns crm.ticket
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_ticket crm.ticket;
    v_members uuid[];
begin
    perform internal.require('ticket_move');
    v_ticket := internal.ticket_open(p_ticket_id);
    -- Who is not named stays: of two who go together, one may be exchanged.
    v_members := array(
        select a.member_id from crm.assignment a
        where a.business_id = v_ticket.business_id and a.ticket_id = v_ticket.id and a.member_id is distinct from p_from_member_id
        union select p_to_member_id where p_to_member_id is not null);
    perform internal.change_set_begin('move');
    v_ticket := internal.ticket_put(v_ticket, v_ticket.address_id, p_starts_at, p_ends_at, v_members, v_ticket.instructions, p_book_anyway_reason,
        null);
    perform set_config('app.change_set', '', true);
    return v_ticket;
end $$;
comment on function api.ticket_move(uuid, timestamptz, timestamptz, uuid, uuid, text) is
    'Move a visit to another time, and from one technician to another: from nobody gives it to one more, to nobody takes one off. Everything else stays. It is one change set, which ticket_move_undo takes back. Definer: writes.';
grant execute on function api.ticket_move(uuid, timestamptz, timestamptz, uuid, uuid, text) to crm_app, crm_support;
