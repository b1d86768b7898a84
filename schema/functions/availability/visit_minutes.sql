create or replace function internal.visit_minutes(p_business_id uuid, p_service_ids uuid[]) returns integer
language sql stable set search_path = ''
begin atomic
    select coalesce(nullif(least(coalesce(sum(s.duration_minutes), 0), 1440), 0), 60)::integer
    from unnest(p_service_ids) w(id) join crm.service s on s.business_id = p_business_id and s.id = w.id;
end;
comment on function internal.visit_minutes(uuid, uuid[]) is 'How long a visit for these services takes: their durations together; an hour when they say nothing.';
