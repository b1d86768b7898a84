create or replace function internal.tg_part__closed_is_final() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_row record;
    v_ticket_ids uuid[];
begin
    v_ticket_ids := array_remove(array[
        case when tg_op <> 'INSERT' then (to_jsonb(old) ->> 'ticket_id')::uuid end,
        case when tg_op <> 'DELETE' then (to_jsonb(new) ->> 'ticket_id')::uuid end], null);
    for v_row in
        select t.status, t.contact_id from crm.ticket t
        where t.business_id = coalesce(new.business_id, old.business_id) and t.id = any (v_ticket_ids)
        for key share
    loop
        -- The cancellation itself passes through: its cascade reaches the assignments.
        if (v_row.status = 'completed' or (v_row.status = 'cancelled' and pg_trigger_depth() = 1))
           -- Erasing the contact takes the words of a visit away.
           and not ((tg_op = 'DELETE' and tg_table_name = 'proposal'
                     or tg_op = 'UPDATE' and internal.only_words_are_erased(to_jsonb(old), to_jsonb(new), array['reason', 'book_anyway_reason', 'out_of_hours_reason']))
                    and internal.is_erasing(v_row.contact_id)) then
            perform internal.refuse(tg_table_name || '_of_a_closed_ticket_is_final',
                format('This visit is %s: nothing on it changes any more.', v_row.status));
        end if;
    end loop;
    return case when tg_op = 'DELETE' then old else new end;
end $$;
comment on function internal.tg_part__closed_is_final() is
    'What belongs to a visit is final with it: its lines, technicians, answers, gaps and proposals. Definer: must see every visit.';
