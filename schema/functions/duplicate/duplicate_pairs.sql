create or replace function api.duplicate_pairs(p_after_weight integer default null, p_after_id uuid default null, p_after_other_id uuid default null)
returns table (contact_id uuid, other_id uuid, weight integer, reasons text[])
language plpgsql stable security definer set search_path = ''
as $$
declare
    v_business uuid := internal.current_business();
begin
    perform internal.require('duplicate_pairs');
    return query
        -- What more than a handful have in common tells nobody apart: the number of an estate agent, a block of flats. Of each
        -- kind a thousand groups, in the order of its index: where there are more, the next come up when these are dealt with.
        with shared (kind, ids) as materialized (
            (select 'email', array_agg(c.id) from crm.contact c
             where c.business_id = v_business and c.email is not null and c.archived_at is null
             group by c.email having count(*) between 2 and 8 order by c.email limit 1000)
            union all
            (select 'number', array_agg(c.id) from crm.contact c
             where c.business_id = v_business and c.archived_at is null and length(c.phone_key) >= 7
             group by c.phone_key having count(*) between 2 and 8 order by c.phone_key limit 1000)
            union all
            (select 'number', array_agg(distinct s.id) from crm.contact o cross join lateral (
                 select o.id union all
                 (select c.id from crm.contact c
                  where c.business_id = v_business and c.archived_at is null and length(c.phone_key) >= 7 and c.phone_key = o.other_key limit 9)) s
             where o.business_id = v_business and o.archived_at is null and length(o.other_key) >= 7
             group by o.other_key having count(distinct s.id) between 2 and 8 order by o.other_key limit 1000)
            union all
            (select 'street', array_agg(a.contact_id) from crm.address a
             where a.business_id = v_business and a.archived_at is null
             group by a.street_key having count(*) between 2 and 12 order by a.street_key limit 1000)
        ), pair as materialized (
            select l.id as low, h.id as high, bool_or(s.kind = 'email') as email, bool_or(s.kind = 'number') as number, bool_or(s.kind = 'street') as street
            from shared s, unnest(s.ids) l(id), unnest(s.ids) h(id)
            where l.id < h.id
            group by l.id, h.id
        ), known as materialized (
            select p.low, p.high, p.email, p.number, p.street, l.name, h.name as other, l.name_key = h.name_key as same,
                3 * (p.email::integer + p.number::integer) + 2 * (l.name_key = h.name_key)::integer + p.street::integer as weight
            from pair p
            join crm.contact l on l.business_id = v_business and l.id = p.low and l.archived_at is null
            join crm.contact h on h.business_id = v_business and h.id = p.high and h.archived_at is null
            where not exists (select from crm.not_duplicate n where n.business_id = v_business and n.contact_id = p.low and n.other_id = p.high)
        ), ranked as (
            -- In this order, so that names are compared letter by letter only until the page is full.
            select k.* from known k
            where p_after_weight is null or (-k.weight, k.low, k.high) > (-p_after_weight, p_after_id, p_after_other_id)
            order by k.weight desc, k.low, k.high offset 0
        ), page as materialized (
            select r.* from ranked r
            where r.email or r.number or r.same or internal.names_are_near(r.name, r.other)
            limit 21
        )
        select p.low, p.high, p.weight, array_remove(array[
                case when p.email then 'the same e-mail address' end, case when p.number then 'the same phone number' end,
                case when p.same then 'the same name' when internal.names_are_near(p.name, p.other) then 'a similar name' end,
                case when p.street then 'the same street' end], null)
        from page p order by p.weight desc, p.low, p.high;
end $$;
comment on function api.duplicate_pairs(integer, uuid, uuid) is
    'Contacts that may be one and the same, 21 pairs at a time, the likeliest first, each with its reasons: e-mail address, the last nine digits of a phone number, the same name at the same street, or one that is a letter off. Of very many the first thousand of each kind are looked at. Neither archived ones nor those of whom somebody said that they are not the same. A page goes on after the weight and ids of a pair. Definer: keeps the plan its own.';
grant execute on function api.duplicate_pairs(integer, uuid, uuid) to crm_app, crm_support;
