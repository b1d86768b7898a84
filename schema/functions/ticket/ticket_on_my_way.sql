create or replace function api.ticket_on_my_way(p_ticket_id uuid) returns crm.message
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_ticket crm.ticket;
    v_message crm.message;
    v_zone text;
begin
    perform internal.require('ticket_on_my_way');
    v_ticket := internal.ticket_open(p_ticket_id);
    v_zone := (select b.time_zone from crm.business b where b.business_id = v_ticket.business_id);
    if v_ticket.status <> 'scheduled' then
        perform internal.refuse('ticket_on_my_way_is_before', 'This visit has been started.');
    elsif (v_ticket.starts_at at time zone v_zone)::date <> (internal.now() at time zone v_zone)::date then
        perform internal.refuse('ticket_on_my_way_is_today', 'This visit is not today.', 'Tell them on the day.');
    elsif not exists (select from crm.contact c where c.business_id = v_ticket.business_id and c.id = v_ticket.contact_id and c.email is not null) then
        perform internal.refuse('message_has_an_address', 'They have no e-mail address, so no mail can be sent.', 'Call them.');
    end if;
    insert into crm.message (contact_id, ticket_id, ticket_starts_at, kind, send_at, reason)
    select v_ticket.contact_id, v_ticket.id, v_ticket.starts_at, 'on_my_way', internal.now(), m.name || ' is on the way.'
    from crm.member m where m.business_id = v_ticket.business_id and m.id = internal.current_member()
    on conflict (business_id, ticket_id, kind, ticket_starts_at, asked) where status <> 'cancelled' do nothing;
    select * into v_message from crm.message m
    where m.business_id = v_ticket.business_id and m.ticket_id = v_ticket.id and m.kind = 'on_my_way'
      and m.ticket_starts_at = v_ticket.starts_at and m.status <> 'cancelled';
    return v_message;
end $$;
comment on function api.ticket_on_my_way(uuid) is
    'Tell the customer at once that somebody is on the way to today''s visit, by night too; twice is once. Definer: writes.';
grant execute on function api.ticket_on_my_way(uuid) to crm_app, crm_support;
