create or replace function internal.tg_ticket__completed_is_answered() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_close_out crm.close_out;
    v_step text;
    v_line text;
begin
    select * into v_close_out from crm.close_out c where c.business_id = new.business_id and c.ticket_id = new.id;
    v_step := internal.close_out_unanswered(new, v_close_out);
    if v_step is not null then
        perform internal.refuse('close_out_' || v_step || '_is_answered', case v_step
            when 'work' then 'Time and work are not filled in yet.'
            when 'note' then 'There is no note yet.'
            else 'What happens next is not chosen yet.' end, 'Answer that step, or say why you can''t.');
    end if;
    select l.name into v_line from crm.line_item l
    where l.business_id = new.business_id and l.ticket_id = new.id and not l.price_confirmed
      and not exists (select from crm.gap g where g.business_id = new.business_id and g.ticket_id = new.id and g.step = 'work')
    order by l.position limit 1;
    if v_line is not null then
        perform internal.refuse('line_item_estimate_is_confirmed', format('The price of %s is still an estimate.', v_line),
            'Correct it if need be and confirm it.');
    end if;
    return new;
end $$;
comment on function internal.tg_ticket__completed_is_answered() is
    'A visit is completed only with every step of its close-out answered, or a reason for the gap. Definer: reads the answers.';
