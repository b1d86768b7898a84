create or replace function internal.ticket_open(p_ticket_id uuid) returns crm.ticket
language plpgsql volatile set search_path = ''
as $$
declare
    v_ticket crm.ticket;
begin
    select * into v_ticket from crm.ticket t
    where t.business_id = internal.current_business() and t.id = p_ticket_id
    for no key update;
    if v_ticket.id is null then perform internal.not_found('ticket'); end if;
    if v_ticket.status in ('completed', 'cancelled') then
        perform internal.refuse('ticket_closed_is_final', format('This visit is %s: nothing on it changes any more.', v_ticket.status));
    end if;
    return v_ticket;
end $$;
comment on function internal.ticket_open(uuid) is
    'The visit, locked, for an action that needs it open. Not found when the member may not see it; refused when it is closed.';
