create or replace function api.close_out_next(p_ticket_id uuid, p_follow_up text, p_months integer default null, p_starts_at timestamptz default null,
    p_action_id uuid default null, p_happened_at timestamptz default null)
returns crm.close_out
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_ticket crm.ticket;
    v_close_out crm.close_out;
    v_at timestamptz;
begin
    perform internal.require('close_out_next');
    v_at := internal.action_begin(p_action_id, 'close_out_next', p_ticket_id, p_happened_at);
    if v_at is null then
        select * into v_close_out from crm.close_out c where c.business_id = internal.current_business() and c.ticket_id = p_ticket_id;
        return v_close_out;
    end if;
    v_ticket := internal.close_out_open(p_ticket_id);
    if p_follow_up is null then
        perform internal.refuse('close_out_follow_up_is_known', 'Choose what happens next: a visit, a message, or nothing.');
    elsif p_follow_up = 'message' then
        perform internal.refuse_unwelcome_outreach(v_ticket.business_id, v_ticket.contact_id);
    elsif p_follow_up = 'visit' then
        perform internal.refuse_archived_contact(v_ticket.business_id, v_ticket.contact_id);
        if p_starts_at <= internal.now() then
            perform internal.refuse('close_out_visit_is_ahead', 'The next visit must be in the future.');
        end if;
    end if;
    update crm.close_out c set next_answered_at = v_at, follow_up = p_follow_up,
        follow_up_months = case when p_follow_up = 'message' then p_months end,
        follow_up_starts_at = case when p_follow_up = 'visit' then p_starts_at end
    where c.business_id = v_ticket.business_id and c.ticket_id = v_ticket.id
    returning * into v_close_out;
    delete from crm.gap g where g.business_id = v_ticket.business_id and g.ticket_id = v_ticket.id and g.step = 'next';
    return v_close_out;
end $$;
comment on function api.close_out_next(uuid, text, integer, timestamptz, uuid, timestamptz) is
    'Close-out step 3, a choice that must be made: visit (at a time), message (in 1 to 36 months), or none. Carried out when the visit is completed. Definer: writes.';
grant execute on function api.close_out_next(uuid, text, integer, timestamptz, uuid, timestamptz) to crm_app, crm_support;
