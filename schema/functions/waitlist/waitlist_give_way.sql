create or replace function internal.waitlist_give_way(p_business_id uuid, p_member_id uuid, p_starts_at timestamptz, p_busy_until timestamptz) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_id uuid;
begin
    perform from crm.member m where m.business_id = p_business_id and m.id = p_member_id for share;
    for v_id in
        select o.id from crm.waitlist_offer o
        where o.business_id = p_business_id and o.member_id = p_member_id and o.starts_at < p_busy_until and o.busy_until > p_starts_at
          and o.status in ('planned', 'held')
        order by o.id
    loop
        perform internal.waitlist_offer_finish(v_id, 'withdrawn', 'The time was booked.');
    end loop;
end $$;
comment on function internal.waitlist_give_way(uuid, uuid, timestamptz, timestamptz) is
    'Withdraw what is offered of a technician''s time, because somebody books it anyway.';
