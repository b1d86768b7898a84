create or replace function internal.tg_assignment__at_work() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_why text;
begin
    select internal.away_because(new.business_id, new.member_id, t.starts_at, t.ends_at) into v_why
    from crm.ticket t where t.business_id = new.business_id and t.id = new.ticket_id;
    if v_why is not null then
        perform internal.refuse('assignment_out_of_hours_reason_is_given', v_why, 'Choose another time, or book anyway with a reason.');
    end if;
    return new;
end $$;
comment on function internal.tg_assignment__at_work() is
    'Who is not at work is booked with a reason only: a warning, no wall. Definer: reads hours and time off, whoever books.';
