create or replace function internal.close_out_unanswered(p_ticket crm.ticket, p_close_out crm.close_out) returns text
language sql stable set search_path = ''
as $$
    select s.step
    from (values (1, 'work', p_close_out.work_answered_at), (2, 'note', p_close_out.note_answered_at),
                 (3, 'next', p_close_out.next_answered_at)) s(position, step, answered_at)
    where s.answered_at is null
      and not exists (select from crm.gap g where g.business_id = p_ticket.business_id and g.ticket_id = p_ticket.id and g.step = s.step)
    order by s.position
    limit 1;
$$;
comment on function internal.close_out_unanswered(crm.ticket, crm.close_out) is
    'The first required step that has neither an answer nor a reason for a gap; null when the visit can be completed.';
