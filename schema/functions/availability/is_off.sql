create or replace function internal.is_off(p_business_id uuid, p_member_id uuid, p_starts_at timestamptz, p_ends_at timestamptz) returns boolean
language sql stable set search_path = ''
begin atomic
    select exists (
        select from crm.time_off o where o.business_id = p_business_id and (o.member_id = p_member_id or o.member_id is null)
          and o.starts_at < p_ends_at and o.ends_at > p_starts_at);
end;
comment on function internal.is_off(uuid, uuid, timestamptz, timestamptz) is
    'Whether somebody has time off, or the business is closed, at some time of a span.';
