create or replace function internal.tg_assignment__moved_by_hand() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    if not internal.series_is_writing() then
        update crm.ticket t set moved_by_hand = true
        where t.business_id = coalesce(new.business_id, old.business_id) and t.id = coalesce(new.ticket_id, old.ticket_id)
          and t.series_id is not null and not t.moved_by_hand and t.status = 'scheduled';
    end if;
    return null;
end $$;
comment on function internal.tg_assignment__moved_by_hand() is
    'A visit of a series to which somebody sends others is moved by hand. Definer: writes the visit.';
