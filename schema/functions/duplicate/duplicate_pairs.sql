create or replace function api.duplicate_pairs(p_after_weight integer default null, p_after_id uuid default null, p_after_other_id uuid default null)
returns table (contact_id uuid, other_id uuid, weight integer, reasons text[])
language plpgsql stable security definer set search_path = ''
as $$
declare
    v_business uuid := internal.current_business();
begin
    perform internal.require('duplicate_pairs');
    return query
        -- What more than a handful have in common tells nobody apart: the number of an estate agent, a block of flats.
        with number as (
            select c.phone_key as key, c.id from crm.contact c
            where c.business_id = v_business and c.archived_at is null and length(c.phone_key) >= 7
            union all
            select c.other_key, c.id from crm.contact c
            where c.business_id = v_business and c.archived_at is null and length(c.other_key) >= 7
        ), shared (kind, ids) as materialized (
            select 'email', array_agg(c.id) from crm.contact c
            where c.business_id = v_business and c.email is not null and c.archived_at is null
            group by c.email having count(*) between 2 and 8
            union all
            select 'number', array_agg(n.id) from number n group by n.key having count(*) between 2 and 8
            union all
            select 'street', array_agg(a.contact_id) from crm.address a
            where a.business_id = v_business and a.archived_at is null
            group by a.street_key having count(*) between 2 and 12
        ), pair as materialized (
            select l.id as low, h.id as high, bool_or(s.kind = 'email') as email, bool_or(s.kind = 'number') as number, bool_or(s.kind = 'street') as street
            from shared s, unnest(s.ids) l(id), unnest(s.ids) h(id)
            where l.id < h.id
            group by l.id, h.id
        ), judged as materialized (
            select p.low, p.high, p.email, p.number, p.street, l.name_key = h.name_key as same, internal.names_are_near(l.name, h.name) as near
            from pair p
            join crm.contact l on l.business_id = v_business and l.id = p.low and l.archived_at is null
            join crm.contact h on h.business_id = v_business and h.id = p.high and h.archived_at is null
        ), likely as (
            select j.low, j.high, 3 * (j.email::integer + j.number::integer) + 2 * j.near::integer + j.street::integer as weight,
                array_remove(array[case when j.email then 'the same e-mail address' end, case when j.number then 'the same phone number' end,
                    case when j.same then 'the same name' when j.near then 'a similar name' end, case when j.street then 'the same street' end], null) as reasons
            from judged j
            where (j.email or j.number or j.near)
              and not exists (select from crm.not_duplicate n where n.business_id = v_business and n.contact_id = j.low and n.other_id = j.high)
        )
        select l.low, l.high, l.weight, l.reasons from likely l
        where p_after_weight is null or (-l.weight, l.low, l.high) > (-p_after_weight, p_after_id, p_after_other_id)
        order by l.weight desc, l.low, l.high limit 21;
end $$;
comment on function api.duplicate_pairs(integer, uuid, uuid) is
    'Contacts that may be one and the same, 21 pairs at a time, the likeliest first, each with its reasons: e-mail address, the last nine digits of a phone number, name, or a name one letter away at the same street. Neither archived ones nor those of whom somebody said that they are not the same. A page goes on after the weight and ids of a pair. Definer: keeps the plan its own.';
grant execute on function api.duplicate_pairs(integer, uuid, uuid) to crm_app, crm_support;
