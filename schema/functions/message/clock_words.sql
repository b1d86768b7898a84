create or replace function internal.clock_words(p_business crm.business, p_at timestamptz) returns text
language sql stable set search_path = ''
as $$
    select to_char(p_at at time zone p_business.time_zone, case when p_business.currency in ('USD', 'CAD') then 'FMHH12:MI am' else 'HH24:MI' end);
$$;
comment on function internal.clock_words(crm.business, timestamptz) is
    'A time of day as customers of this business read it: 9:00 am, or 09:00.';
