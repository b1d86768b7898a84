create or replace function internal.refuse_double_booking(
    p_business_id uuid, p_member_id uuid, p_starts_at timestamptz, p_ends_at timestamptz)
returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_who text := (select m.name from crm.member m where m.business_id = p_business_id and m.id = p_member_id);
    v_business crm.business := (select b from crm.business b where b.business_id = p_business_id);
    v_other text;
begin
    select format('%s, %s', c.name, internal.time_words(v_business, 'en', t.starts_at, t.ends_at)) into v_other
    from crm.assignment a
    join crm.ticket t on t.business_id = a.business_id and t.id = a.ticket_id
    join crm.contact c on c.business_id = t.business_id and c.id = t.contact_id
    where a.business_id = p_business_id and a.member_id = p_member_id and a.blocks_time
      and a.starts_at < p_ends_at and a.busy_until > p_starts_at
    order by a.starts_at limit 1;
    perform internal.refuse('assignment_is_not_double_booked',
        format('%s already has a visit then%s.', coalesce(v_who, 'This technician'), coalesce(' (' || v_other || ')', '')),
        'Choose another time or another technician, or book anyway with a reason.');
end $$;
comment on function internal.refuse_double_booking(uuid, uuid, timestamptz, timestamptz) is
    'Say who is busy with what: the name of the other visit only if the caller may see it.';
