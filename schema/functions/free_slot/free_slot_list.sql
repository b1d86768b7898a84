create or replace function api.free_slot_list(p_member_ids uuid[], p_from timestamptz, p_minutes integer default null, p_service_ids uuid[] default '{}', p_days integer default 21,
    p_limit integer default 6, p_address_id uuid default null)
returns table (member_id uuid, name text, starts_at timestamptz, ends_at timestamptz)
language plpgsql stable security definer set search_path = ''
as $$
declare
    v_business uuid := internal.current_business();
    v_members uuid[];
begin
    perform internal.require('free_slot_list');
    select array_agg(m.id order by m.name, m.id) into v_members from crm.member m
    where m.business_id = v_business and m.disabled_at is null
      and case when cardinality(p_member_ids) > 0 then m.id = any (p_member_ids) else m.role = 'technician' end;
    return query
    select s.member_id, coalesce(m.name, 'Together'), s.starts_at, s.ends_at
    from internal.free_slots(v_business, v_members, greatest(p_from, internal.now()), least(p_days, 60),
        coalesce(p_minutes, internal.visit_minutes(v_business, p_service_ids)), least(p_limit, 50), null, cardinality(p_member_ids) > 1,
        (select d.postcode from crm.address d where d.business_id = v_business and d.id = p_address_id)) s
    left join crm.member m on m.business_id = v_business and m.id = s.member_id
    order by s.starts_at, m.name;
end $$;
comment on function api.free_slot_list(uuid[], timestamptz, integer, uuid[], integer, integer, uuid) is
    'The next times at which these members, or without any the technicians, have so many minutes free, or as many as these services take, soonest first; two and more of them together. With an address, with the way to it and from it. Definer: looks at everybody''s visits, tells only what is free.';
grant execute on function api.free_slot_list(uuid[], timestamptz, integer, uuid[], integer, integer, uuid) to crm_app, crm_support;
