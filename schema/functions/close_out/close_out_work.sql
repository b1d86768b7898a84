create or replace function api.close_out_work(
    p_ticket_id uuid, p_clocked_in_at timestamptz, p_clocked_out_at timestamptz, p_reason text, p_lines jsonb default '[]',
    p_action_id uuid default null, p_happened_at timestamptz default null)
returns crm.ticket
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_ticket crm.ticket;
    v_line record;
    v_unconfirmed record;
    v_rule text;
    v_hint text;
    v_at timestamptz;
begin
    perform internal.require('close_out_work');
    v_at := internal.action_begin(p_action_id, 'close_out_work', p_ticket_id, p_happened_at);
    if v_at is null then return internal.ticket_seen(p_ticket_id); end if;
    v_ticket := internal.close_out_open(p_ticket_id);
    for v_line in select * from jsonb_to_recordset(coalesce(p_lines, '[]'))
        as l(id uuid, quantity numeric, unit_price_minor bigint, price_confirmed boolean)
    loop
        begin
            if v_line.quantity is null then
                perform internal.refuse('line_item_quantity_is_given', 'Enter how many.');
            elsif v_line.unit_price_minor is null then
                perform internal.refuse('line_item_price_is_given', 'Enter the price.');
            end if;
            update crm.line_item l set quantity = v_line.quantity, unit_price_minor = v_line.unit_price_minor,
                price_confirmed = l.pricing <> 'flexible' or coalesce(v_line.price_confirmed, false)
            where l.business_id = v_ticket.business_id and l.ticket_id = v_ticket.id and l.id = v_line.id;
            if not found then perform internal.not_found('line_item'); end if;
        exception when check_violation then
            -- The same refusal, and which of the lines it is about.
            get stacked diagnostics v_rule = constraint_name, v_hint = pg_exception_hint;
            perform internal.refuse(v_rule, format('%s: %s',
                (select l.name from crm.line_item l where l.business_id = v_ticket.business_id and l.id = v_line.id),
                coalesce((select obj_description(k.oid, 'pg_constraint') from pg_catalog.pg_constraint k
                          where k.connamespace = 'crm'::regnamespace and k.conname = v_rule), sqlerrm)), v_hint, v_line.id);
        end;
    end loop;
    select l.id, l.name into v_unconfirmed from crm.line_item l
    where l.business_id = v_ticket.business_id and l.ticket_id = v_ticket.id and not l.price_confirmed
    order by l.position limit 1;
    if v_unconfirmed.id is not null then
        perform internal.refuse('line_item_estimate_is_confirmed', format('The price of %s is still an estimate.', v_unconfirmed.name),
            'Correct it if need be and confirm it.', v_unconfirmed.id);
    end if;
    if p_clocked_in_at is null or p_clocked_out_at is null then
        perform internal.refuse('ticket_clock_times_are_given', 'Say when the work started and finished.');
    end if;
    -- Pressing the button now needs no reason; typing another time does. Minutes are what a form shows.
    if (date_trunc('minute', p_clocked_in_at) <> date_trunc('minute', v_ticket.clocked_in_at)
        or abs(extract(epoch from p_clocked_out_at - coalesce(v_ticket.clocked_out_at, v_at)))
           > case when v_ticket.clocked_out_at is null then 3600 else 60 end)
       and p_reason is null then
        perform internal.refuse('ticket_clock_edit_has_a_reason', 'These are not the times of the clock: say why.');
    end if;
    update crm.ticket t set
        clocked_in_at = case when date_trunc('minute', p_clocked_in_at) = date_trunc('minute', t.clocked_in_at) then t.clocked_in_at else p_clocked_in_at end,
        clocked_out_at = case when date_trunc('minute', p_clocked_out_at) = date_trunc('minute', p_clocked_in_at)
                              then greatest(p_clocked_out_at, t.clocked_in_at + interval '1 second') else p_clocked_out_at end,
        clock_reason = coalesce(p_reason, t.clock_reason, internal.sent_later(v_at))
    where t.business_id = v_ticket.business_id and t.id = v_ticket.id
    returning * into v_ticket;
    -- Who was there alone was there as long as the visit took.
    update crm.assignment a set clocked_in_at = v_ticket.clocked_in_at, clocked_out_at = v_ticket.clocked_out_at
    where a.business_id = v_ticket.business_id and a.ticket_id = v_ticket.id and not exists (
        select from crm.assignment o where o.business_id = a.business_id and o.ticket_id = a.ticket_id and o.member_id <> a.member_id);
    update crm.close_out c set work_answered_at = v_at where c.business_id = v_ticket.business_id and c.ticket_id = v_ticket.id;
    delete from crm.gap g where g.business_id = v_ticket.business_id and g.ticket_id = v_ticket.id and g.step = 'work';
    return v_ticket;
end $$;
comment on function api.close_out_work(uuid, timestamptz, timestamptz, text, jsonb, uuid, timestamptz) is
    'Close-out step 1: when the work started and finished, and what was done. Lines: [{id, quantity, unit_price_minor, price_confirmed}]. Times other than the clock''s need a reason; estimates must be confirmed. Definer: writes.';
grant execute on function api.close_out_work(uuid, timestamptz, timestamptz, text, jsonb, uuid, timestamptz) to crm_app, crm_support;
