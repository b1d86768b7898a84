create or replace function internal.waitlist_offer_suits(p_offer crm.waitlist_offer) returns boolean
language sql stable set search_path = ''
as $$
    select exists (
        select from crm.waitlist_entry e
        join crm.business b on b.business_id = e.business_id
        left join crm.ticket t on t.business_id = e.business_id and t.id = e.ticket_id
        where e.business_id = p_offer.business_id and e.id = p_offer.waitlist_entry_id
          and internal.waitlist_entry_suits(e, p_offer.member_id, p_offer.starts_at, b.time_zone)
          and p_offer.ends_at - p_offer.starts_at = make_interval(mins => internal.waitlist_minutes(e, t))
          -- A visit that comes sooner by now, or takes two by now, would only lose by it.
          and (t.id is null or t.starts_at > p_offer.starts_at and (
              select count(*) from crm.assignment a where a.business_id = t.business_id and a.ticket_id = t.id) < 2));
$$;
comment on function internal.waitlist_offer_suits(crm.waitlist_offer) is
    'Whether what is offered is still what they wait for: when, with whom and how long; of a visit that would come sooner also that it would, and is one technician''s.';
