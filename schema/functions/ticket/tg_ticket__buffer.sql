create or replace function internal.tg_ticket__buffer() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    if tg_op = 'INSERT' then
        select b.prices_include_tax, coalesce(new.arrival_minutes, b.arrival_minutes) into new.prices_include_tax, new.arrival_minutes
        from crm.business b where b.business_id = new.business_id;
    end if;
    if tg_op = 'INSERT' or new.ends_at <> old.ends_at then
        new.busy_until := new.ends_at + make_interval(mins => (
            select b.travel_buffer_minutes from crm.business b where b.business_id = new.business_id));
    end if;
    return new;
end $$;
comment on function internal.tg_ticket__buffer() is
    'A visit keeps its technicians busy until the travel buffer after it is over, its prices mean what they meant when it was booked, and unless it says otherwise customers are told to expect the technician as the business does. Definer: reads the business.';
