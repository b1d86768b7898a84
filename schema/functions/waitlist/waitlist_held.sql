create or replace function internal.waitlist_held(p_business_id uuid, p_member_id uuid, p_starts_at timestamptz, p_busy_until timestamptz) returns text
language plpgsql volatile set search_path = ''
as $$
declare
    v_business crm.business;
    v_offer crm.waitlist_offer;
begin
    -- Whoever makes an offer locks the technician against this: either the offer is seen here, or the visit is seen there.
    perform from crm.member m where m.business_id = p_business_id and m.id = p_member_id for share;
    select * into v_offer from crm.waitlist_offer o
    where o.business_id = p_business_id and o.member_id = p_member_id and o.starts_at < p_busy_until and o.busy_until > p_starts_at
      and o.status in ('planned', 'held') and (o.status = 'planned' or o.held_until > internal.now())
    order by o.starts_at limit 1;
    if v_offer.status = 'planned' then
        return 'This time is about to be offered to somebody.';
    elsif v_offer.status = 'held' then
        select * into v_business from crm.business b where b.business_id = p_business_id;
        return format('This time is offered to somebody until %s.', internal.clock_words(v_business, 'en', v_offer.held_until));
    end if;
    return null;
end $$;
comment on function internal.waitlist_held(uuid, uuid, timestamptz, timestamptz) is
    'Whether a technician''s time is held for a customer of the waitlist, in a sentence; null when it is not. The transaction shares the technician from here on, so that no offer is made behind its back.';
