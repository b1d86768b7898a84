create or replace function api.freed_slot_list(p_ticket_id uuid default null)
returns table (id uuid, member_id uuid, name text, starts_at timestamptz, ends_at timestamptz, ticket_id uuid, offers_next boolean, live boolean)
language plpgsql stable security definer set search_path = ''
as $$
declare
    v_business uuid := internal.current_business();
begin
    perform internal.require('freed_slot_list');
    return query
        select f.id, f.member_id, m.name, f.starts_at, f.ends_at, f.ticket_id, f.offers_next, f.live
        from (
            select s.*, exists (select from crm.waitlist_offer o where o.business_id = s.business_id and o.freed_slot_id = s.id and o.status in ('planned', 'held')) as live,
                internal.freed_time(s) as free
            from crm.freed_slot s
            where s.business_id = v_business and s.ends_at > internal.now() and (p_ticket_id is null or s.ticket_id = p_ticket_id)
            order by s.ends_at limit 200
        ) f
        join crm.member m on m.business_id = v_business and m.id = f.member_id
        where f.live or exists (select from unnest(f.free) r where upper(r) - lower(r) >= interval '15 minutes') and (
            p_ticket_id is not null or exists (select from internal.waitlist_fits((select s from crm.freed_slot s where s.business_id = v_business and s.id = f.id))))
        order by f.starts_at, m.name, f.id limit 8;
end $$;
comment on function api.freed_slot_list(uuid) is
    'Freed times that are still to come and still free, or offered just now, soonest first: those that somebody on the waitlist fits, or all of one visit. Definer: looks at everybody''s visits.';
grant execute on function api.freed_slot_list(uuid) to crm_app, crm_support;
