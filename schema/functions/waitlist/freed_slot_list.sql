create or replace function api.freed_slot_list(p_ticket_id uuid default null)
returns table (
    id uuid, member_id uuid, technician text, starts_at timestamptz, ends_at timestamptz, offers_next boolean, live boolean,
    waitlist_entry_id uuid, contact_id uuid, name text, email text, fits_at timestamptz, fits_until timestamptz, reasons text[])
language plpgsql stable rows 20 security definer set search_path = ''
as $$
declare
    v_business uuid := internal.current_business();
    v_ahead record;
    v_shown integer := 0;
    v_alone integer := 0;
begin
    perform internal.require('freed_slot_list');
    -- One after the other, until there are enough: to ask all of them would take longer than anybody reads.
    for v_ahead in
        select s as slot, m.name, o.id is not null as live, t.tried from crm.freed_slot s
        join crm.member m on m.business_id = s.business_id and m.id = s.member_id
        left join crm.waitlist_offer o on o.business_id = s.business_id and o.freed_slot_id = s.id and o.status in ('planned', 'held')
        -- What was offered and not taken is not forgotten when nobody else fits.
        left join lateral (select true as tried from crm.waitlist_offer x where x.business_id = s.business_id and x.freed_slot_id = s.id
            and x.status in ('declined', 'run_out', 'withdrawn') limit 1) t on true
        where s.business_id = v_business and s.ends_at > internal.now() and (p_ticket_id is null or s.ticket_id = p_ticket_id)
          and (p_ticket_id is not null or o.id is not null or t.tried or exists (select from crm.waitlist_entry e where e.business_id = v_business and e.status = 'waiting'))
        order by o.id is null, s.starts_at, m.name, s.id limit 40
    loop
        continue when not v_ahead.live and internal.freed_time(v_ahead.slot) = '{}';
        return query
            select (v_ahead.slot).id, (v_ahead.slot).member_id, v_ahead.name, (v_ahead.slot).starts_at, (v_ahead.slot).ends_at, (v_ahead.slot).offers_next,
                v_ahead.live, f.waitlist_entry_id, c.id, c.name, c.email, f.starts_at, f.ends_at, f.reasons
            from (values (1)) one
            left join internal.waitlist_fits(v_ahead.slot) f on not v_ahead.live and f.place <= 3
            left join crm.waitlist_entry e on e.business_id = v_business and e.id = f.waitlist_entry_id
            left join crm.contact c on c.business_id = v_business and c.id = e.contact_id
            where f.place is not null or v_ahead.live or p_ticket_id is not null
            order by f.place;
        v_shown := v_shown + found::integer;
        -- A few of them: they must not stand before times that somebody would take.
        if not found and v_ahead.tried and v_alone < 8 then
            v_alone := v_alone + 1;
            return query select (v_ahead.slot).id, (v_ahead.slot).member_id, v_ahead.name, (v_ahead.slot).starts_at, (v_ahead.slot).ends_at,
                (v_ahead.slot).offers_next, false, null::uuid, null::uuid, null::text, null::text, null::timestamptz, null::timestamptz, null::text[];
        end if;
        exit when v_shown = 8;
    end loop;
end $$;
comment on function api.freed_slot_list(uuid) is
    'Freed times that are still to come: what is offered just now, then what is still free, soonest first, each with the three of the waitlist who fit best, the time they would have and why; and those that were offered, not taken, and that nobody else fits; of one visit all that nobody fits. A row a fit, one without a fit when there is none. Definer: looks at everybody''s visits.';
grant execute on function api.freed_slot_list(uuid) to crm_app, crm_support;
