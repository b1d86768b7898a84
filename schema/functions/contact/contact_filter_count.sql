create or replace function api.contact_filter_count(
    p_place text default null, p_facts text[] default null, p_quiet_months integer default null, p_visited_from date default null,
    p_visited_to date default null, p_service_id uuid default null, p_owes text default null, p_kind text default null,
    p_archived boolean default false, p_q text default null)
returns integer
language plpgsql stable security definer set search_path = ''
as $$
begin
    perform internal.require('contact_filter_count');
    return (select count(*) from internal.contact_filter_hits(p_place, p_facts, p_quiet_months, p_visited_from, p_visited_to,
        p_service_id, p_owes, p_kind, p_archived, p_q, null, null, 1001));
end $$;
comment on function api.contact_filter_count(text, text[], integer, date, date, uuid, text, text, boolean, text) is
    'How many contacts answer the filters of api.contact_filter; 1,001 stands for more than a thousand. Definer: reads what is kept for searching.';
grant execute on function api.contact_filter_count(text, text[], integer, date, date, uuid, text, text, boolean, text) to crm_app, crm_support;
