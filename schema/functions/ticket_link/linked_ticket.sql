create or replace function internal.linked_ticket() returns uuid
language plpgsql stable parallel safe security definer set search_path = ''
as $$
declare
    v_part text[] := internal.context_parts();
begin
    if v_part[5] <> 'customer' or v_part[6] <> 'link' then return null; end if;
    return (select l.ticket_id from crm.ticket_link l
            where l.business_id = v_part[3]::uuid and l.id = nullif(v_part[8], '')::uuid and l.revoked_at is null);
end $$;
comment on function internal.linked_ticket() is
    'The visit of the link that the signed context was made for; null in every other context. Definer: reads the context keys and the links.';
