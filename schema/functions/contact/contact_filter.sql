create or replace function api.contact_filter(
    p_place text default null, p_facts text[] default null, p_quiet_months integer default null, p_visited_from date default null,
    p_visited_to date default null, p_service_id uuid default null, p_owes text default null, p_kind text default null,
    p_archived boolean default false, p_q text default null, p_after_key text default null, p_after_id uuid default null)
returns table (contact_id uuid)
language plpgsql stable security definer rows 21 set search_path = ''
as $$
begin
    perform internal.require('contact_filter');
    return query
        select h.id from internal.contact_filter_hits(p_place, p_facts, p_quiet_months, p_visited_from, p_visited_to, p_service_id,
            p_owes, p_kind, p_archived, p_q, p_after_key, p_after_id, 21) with ordinality h(id, place)
        order by h.place;
end $$;
comment on function api.contact_filter(text, text[], integer, date, date, uuid, text, text, boolean, text, text, uuid) is
    'A page of contacts that answer every filter given, by name, 21 from a key on: a city or the beginning of a postcode; facts such as "pet: dog" or "pet", at most five; no visit in the last months (1 to 60) and none ahead; the day of the last completed visit; a service they have had; owes (unpaid or overdue); person or organisation; archived ones instead of the others; words as api.contact_search compares them. Only who the caller may see. Definer: reads what is kept for searching.';
grant execute on function api.contact_filter(text, text[], integer, date, date, uuid, text, text, boolean, text, text, uuid) to crm_app, crm_support;
