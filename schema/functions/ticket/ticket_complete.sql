create or replace function api.ticket_complete(p_ticket_id uuid, p_decisions jsonb default '[]', p_action_id uuid default null, p_happened_at timestamptz default null)
returns crm.ticket
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_ticket crm.ticket;
    v_close_out crm.close_out;
    v_at timestamptz;
begin
    perform internal.require('ticket_complete');
    v_at := internal.action_begin(p_action_id, 'ticket_complete', p_ticket_id, p_happened_at);
    if v_at is null then return internal.ticket_seen(p_ticket_id); end if;
    select * into v_ticket from crm.ticket t
    where t.business_id = internal.current_business() and t.id = p_ticket_id for no key update;
    if v_ticket.id is null then perform internal.not_found('ticket'); end if;
    if v_ticket.status = 'completed' then
        return v_ticket;  -- a double tap, a replay, a second phone
    end if;
    v_ticket := internal.close_out_open(p_ticket_id);
    select * into v_close_out from crm.close_out c where c.business_id = v_ticket.business_id and c.ticket_id = v_ticket.id;
    perform internal.proposal_decide(v_ticket, p_decisions);
    perform internal.follow_up_make(v_ticket, v_close_out);
    insert into crm.task (title, detail, ticket_id, contact_id)
    select 'A visit was closed with a gap',
           left(string_agg(format('%s: %s', case g.step when 'work' then 'Time and work' when 'note' then 'Note' else 'Next' end, g.reason),
                           '; ' order by g.created_at, g.step), 1000), v_ticket.id, v_ticket.contact_id
    from crm.gap g where g.business_id = v_ticket.business_id and g.ticket_id = v_ticket.id
    having count(*) > 0;
    update crm.ticket t set status = 'completed', completed_at = v_at, completed_by = internal.current_member(),
        clocked_out_at = coalesce(t.clocked_out_at, greatest(v_at, t.clocked_in_at + interval '1 second')),
        clock_reason = coalesce(t.clock_reason, internal.sent_later(v_at))
    where t.business_id = v_ticket.business_id and t.id = v_ticket.id
    returning * into v_ticket;
    return v_ticket;
end $$;
comment on function api.ticket_complete(uuid, jsonb, uuid, timestamptz) is
    'Close-out step 5: complete the visit. In one transaction the decisions on proposals, the follow-up, a task for the owner if there are gaps, and the freezing; twice is once. Decisions: [{id, decision, value}]. Definer: writes.';
grant execute on function api.ticket_complete(uuid, jsonb, uuid, timestamptz) to crm_app, crm_support;
