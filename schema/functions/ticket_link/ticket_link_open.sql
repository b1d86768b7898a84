create or replace function api.ticket_link_open(p_token_hash bytea)
returns table (
    business text, phone text, email text, time_zone text, currency text, ticket_id uuid, status text, confirmation text,
    starts_at timestamptz, ends_at timestamptz, told_starts_at timestamptz, name text, street text, city text, postcode text,
    services text, who text, updated_at timestamptz, changes integer, now timestamptz)
language plpgsql stable security definer set search_path = ''
as $$
declare
    v_link crm.ticket_link;
begin
    perform internal.require('ticket_link_open');
    v_link := internal.link_enter(p_token_hash);
    if v_link.ticket_id is null then return; end if;
    return query
        select b.name, b.phone, b.email, b.time_zone, b.currency, t.id, t.status, t.confirmation,
               t.starts_at, t.ends_at, v_link.told_starts_at, c.name, a.street, a.city, a.postcode,
               (select string_agg(l.name, ', ' order by l.position, l.id) from crm.line_item l
                where l.business_id = t.business_id and l.ticket_id = t.id),
               (select string_agg(m.name, ', ' order by m.name) from crm.assignment s
                join crm.member m on m.business_id = s.business_id and m.id = s.member_id
                where s.business_id = t.business_id and s.ticket_id = t.id),
               t.updated_at, greatest(extract(epoch from t.updated_at - t.created_at), 0)::integer, internal.now()
        from crm.ticket t
        join crm.business b on b.business_id = t.business_id
        join crm.contact c on c.business_id = t.business_id and c.id = t.contact_id
        left join crm.address a on a.business_id = t.business_id and a.id = t.address_id
        where t.business_id = v_link.business_id and t.id = v_link.ticket_id;
end $$;
comment on function api.ticket_link_open(bytea) is
    'The visit that a customer''s link leads to, as it is now, by the hash of the link. No row when the link is not known, withdrawn, too old or about no visit. Changes nothing. Definer: goes on in the business of the link, with the rights of that visit.';
grant execute on function api.ticket_link_open(bytea) to crm_app;
