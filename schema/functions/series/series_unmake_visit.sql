create or replace function internal.series_unmake_visit(p_ticket_id uuid) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_business uuid := internal.current_business();
begin
    -- Somebody may have read of it: then it is cancelled, and they are told.
    if exists (select from crm.ticket_link l where l.business_id = v_business and l.ticket_id = p_ticket_id)
        or exists (select from crm.message m where m.business_id = v_business and m.ticket_id = p_ticket_id and m.status not in ('pending', 'cancelled'))
    then
        update crm.ticket t set status = 'cancelled', cancelled_at = internal.now(), cancelled_by = internal.current_member(),
            cancel_reason = 'The change was undone.', series_id = null, occurrence_on = null, moved_by_hand = false
        where t.business_id = v_business and t.id = p_ticket_id;
        return;
    end if;
    delete from crm.message m where m.business_id = v_business and m.ticket_id = p_ticket_id;
    delete from crm.task k where k.business_id = v_business and k.ticket_id = p_ticket_id;
    delete from crm.line_item l where l.business_id = v_business and l.ticket_id = p_ticket_id;
    delete from crm.assignment a where a.business_id = v_business and a.ticket_id = p_ticket_id;
    delete from crm.done_action d where d.business_id = v_business and d.ticket_id = p_ticket_id;
    delete from crm.ticket t where t.business_id = v_business and t.id = p_ticket_id;
end $$;
comment on function internal.series_unmake_visit(uuid) is
    'A visit that came of a change of a series which is undone: it has never been, unless its customer was written to about it.';
