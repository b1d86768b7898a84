create or replace function internal.is_busy(p_business_id uuid, p_member_id uuid, p_but_ticket_id uuid, p_starts_at timestamptz, p_ends_at timestamptz) returns boolean
language sql stable set search_path = ''
begin atomic
    select exists (
        select from crm.business b join crm.assignment a on a.business_id = b.business_id
        where b.business_id = p_business_id and a.member_id = p_member_id and a.ticket_id is distinct from p_but_ticket_id and a.blocks_time
          and a.starts_at < p_ends_at + make_interval(mins => b.travel_buffer_minutes) and a.busy_until > p_starts_at and a.starts_at > p_starts_at - interval '2 days');
end;
comment on function internal.is_busy(uuid, uuid, uuid, timestamptz, timestamptz) is
    'Whether somebody has another visit at a time, travel buffers included.';
