create or replace function api.ticket_link_revoke(p_ticket_id uuid) returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_count integer;
begin
    perform internal.require('ticket_link_revoke');
    perform from crm.ticket t where t.business_id = internal.current_business() and t.id = p_ticket_id;
    if not found then perform internal.not_found('ticket'); end if;
    update crm.ticket_link l set revoked_at = internal.now()
    where l.business_id = internal.current_business() and l.ticket_id = p_ticket_id and l.revoked_at is null;
    get diagnostics v_count = row_count;
    return v_count;
end $$;
comment on function api.ticket_link_revoke(uuid) is
    'Withdraw the customer''s links to a visit, as when a mail went to the wrong person. Returns how many there were. The next mail brings a new one. Definer: writes.';
grant execute on function api.ticket_link_revoke(uuid) to crm_app, crm_support;
