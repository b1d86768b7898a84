create or replace function internal.series_make(p_series crm.series, p_on date) returns crm.ticket
language plpgsql volatile set search_path = ''
as $$
declare
    v_starts_at timestamptz := internal.wall_instant(p_on, p_series.starts_at_wall, p_series.time_zone);
    v_ends_at timestamptz := v_starts_at + make_interval(mins => p_series.minutes);
    v_ticket crm.ticket;
begin
    insert into crm.ticket (contact_id, address_id, starts_at, ends_at, busy_until, instructions, arrival_minutes, series_id, occurrence_on)
    values (p_series.contact_id, p_series.address_id, v_starts_at, v_ends_at, v_ends_at, p_series.instructions, p_series.arrival_minutes, p_series.id, p_on)
    on conflict (business_id, series_id, occurrence_on) where series_id is not null do nothing
    returning * into v_ticket;
    if v_ticket.id is not null then
        perform internal.series_assign(v_ticket, array(select m.member_id from crm.series_member m
            where m.business_id = p_series.business_id and m.series_id = p_series.id));
        perform internal.series_work(p_series, v_ticket.id);
    end if;
    return v_ticket;
end $$;
comment on function internal.series_make(crm.series, date) is 'Make the visit of this day, with technicians and work. A day that has had one gets none.';
