create or replace function internal.ticket_seen(p_ticket_id uuid) returns crm.ticket
language plpgsql stable set search_path = ''
as $$
declare
    v_ticket crm.ticket;
begin
    select * into v_ticket from crm.ticket t where t.business_id = internal.current_business() and t.id = p_ticket_id;
    if v_ticket.id is null then perform internal.not_found('ticket'); end if;
    return v_ticket;
end $$;
comment on function internal.ticket_seen(uuid) is 'The visit as it is now, for an action that was done before. Not found when the member may not see it.';
