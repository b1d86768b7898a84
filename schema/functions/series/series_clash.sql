create or replace function internal.series_clash(
    p_business_id uuid, p_member_id uuid, p_starts_at timestamptz, p_busy_until timestamptz, p_but uuid[])
returns text
language sql stable set search_path = ''
as $$
    select format('%s has a visit at %s then.', m.name, c.name)
    from crm.assignment a
    join crm.member m on m.business_id = a.business_id and m.id = a.member_id
    join crm.contact c on c.business_id = a.business_id and c.id = a.contact_id
    where a.business_id = p_business_id and a.member_id = p_member_id and a.blocks_time and a.book_anyway_reason is null
      -- No visit keeps anybody for longer than 28 hours: so far back the index is read.
      and a.starts_at > p_starts_at - interval '28 hours' and a.starts_at < p_busy_until and a.busy_until > p_starts_at
      and a.ticket_id <> all (p_but)
    order by a.starts_at limit 1;
$$;
comment on function internal.series_clash(uuid, uuid, timestamptz, timestamptz, uuid[]) is
    'With whom this technician is at that time, other than for these visits; null when they are free.';
