create or replace function api.waitlist_fit_list(p_ticket_id uuid default null)
returns table (freed_slot_id uuid, member_id uuid, waitlist_entry_id uuid, contact_id uuid, name text, email text, starts_at timestamptz, ends_at timestamptz, reasons text[])
language plpgsql stable security definer set search_path = ''
as $$
declare
    v_business uuid := internal.current_business();
begin
    perform internal.require('waitlist_fit_list');
    return query
        select s.id, s.member_id, f.waitlist_entry_id, c.id, c.name, c.email, f.starts_at, f.ends_at, f.reasons
        from api.freed_slot_list(p_ticket_id) l
        join crm.freed_slot s on s.business_id = v_business and s.id = l.id
        cross join lateral internal.waitlist_fits(s) f
        join crm.waitlist_entry e on e.business_id = v_business and e.id = f.waitlist_entry_id
        join crm.contact c on c.business_id = v_business and c.id = e.contact_id
        where not l.live and f.place <= 4
        order by s.starts_at, l.name, s.id, f.place;
end $$;
comment on function api.waitlist_fit_list(uuid) is
    'For each of those freed times that nobody is offered now, the four of the waitlist who fit best, each with the time they would have and why. Definer: looks at everybody''s visits.';
grant execute on function api.waitlist_fit_list(uuid) to crm_app, crm_support;
