create or replace function internal.waitlist_entry_suits(p_entry crm.waitlist_entry, p_member_id uuid, p_starts_at timestamptz, p_zone text) returns boolean
language sql immutable parallel safe set search_path = ''
return (p_starts_at at time zone p_zone)::date >= p_entry.from_on
    and (p_entry.until_on is null or (p_starts_at at time zone p_zone)::date <= p_entry.until_on)
    and (p_entry.weekdays is null or extract(isodow from p_starts_at at time zone p_zone)::smallint = any (p_entry.weekdays))
    and (p_entry.member_id is null or p_entry.member_id = p_member_id)
    and case p_entry.day_part when 'morning' then (p_starts_at at time zone p_zone)::time < time '12:00'
        when 'afternoon' then (p_starts_at at time zone p_zone)::time >= time '12:00' else true end;
comment on function internal.waitlist_entry_suits(crm.waitlist_entry, uuid, timestamptz, text) is
    'Whether somebody on the waitlist would like to be visited at that time by that technician, by the clock of that zone.';
