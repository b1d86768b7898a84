create or replace function internal.ticket_link_task(
    p_link crm.ticket_link, p_ticket crm.ticket, p_answer text, p_words text, p_wished_at timestamptz)
returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_business crm.business;
    v_task_id uuid;
    v_title text := case p_answer when 'declined' then 'A visit was declined' when 'reschedule_requested' then 'Another time is asked for'
        else 'A visit is accepted after all' end;
    v_detail text;
begin
    select * into v_business from crm.business b where b.business_id = p_link.business_id;
    v_detail := concat_ws(E'\n', 'The visit of ' || internal.time_words(v_business, 'en', p_ticket.starts_at) || '.',
        'They would like ' || internal.time_words(v_business, 'en', p_wished_at) || '.', p_words);
    select k.id into v_task_id from crm.ticket_link l join crm.task k on k.business_id = l.business_id and k.id = l.task_id
    where l.business_id = p_link.business_id and l.ticket_id = p_ticket.id and k.done_at is null
    order by k.id desc limit 1 for no key update of k;
    if v_task_id is not null then
        update crm.task k set title = v_title, detail = v_detail where k.business_id = p_link.business_id and k.id = v_task_id;
    elsif p_answer <> 'confirmed' then
        insert into crm.task (title, detail, ticket_id, contact_id) values (v_title, v_detail, p_ticket.id, p_ticket.contact_id)
        returning id into v_task_id;
    end if;
    update crm.ticket_link l set task_id = v_task_id
    where l.business_id = p_link.business_id and l.id = p_link.id and v_task_id is not null and l.task_id is distinct from v_task_id;
end $$;
comment on function internal.ticket_link_task(crm.ticket_link, crm.ticket, text, text, timestamptz) is
    'Give the office a no, or a wish, to look at: one task for a visit, which says what the newest answer is. A plain yes needs nobody.';
