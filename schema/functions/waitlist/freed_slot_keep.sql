create or replace function internal.freed_slot_keep(p_ticket_id uuid, p_member_id uuid, p_starts_at timestamptz, p_ends_at timestamptz) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    -- Of a time that has begun, what is left of it from the next quarter of an hour on.
    v_from timestamptz := case when p_starts_at > internal.now() then p_starts_at
        else to_timestamp(ceil(extract(epoch from internal.now()) / 900) * 900) end;
begin
    if p_ends_at < v_from + interval '15 minutes' then return; end if;
    insert into crm.freed_slot as s (member_id, ticket_id, starts_at, ends_at) values (p_member_id, p_ticket_id, v_from, p_ends_at)
    on conflict on constraint freed_slot_is_kept_once do update set ticket_id = excluded.ticket_id
    where s.ticket_id is distinct from excluded.ticket_id;
end $$;
comment on function internal.freed_slot_keep(uuid, uuid, timestamptz, timestamptz) is
    'Remember that a technician''s time became free: a quarter of an hour and more, of what is still to come.';
