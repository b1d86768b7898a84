create or replace function api.close_out_gap(p_ticket_id uuid, p_step text, p_reason text) returns crm.gap
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_ticket crm.ticket;
    v_gap crm.gap;
begin
    perform internal.require('close_out_gap');
    v_ticket := internal.close_out_open(p_ticket_id);
    if coalesce(btrim(p_reason), '') = '' then
        perform internal.refuse('gap_reason_is_given', 'Say why this can''t be done, in at most 300 characters.');
    end if;
    insert into crm.gap (ticket_id, step, reason) values (p_ticket_id, p_step, regexp_replace(btrim(p_reason), '\s+', ' ', 'g'))
    on conflict on constraint gap_pkey do update set reason = excluded.reason, member_id = excluded.member_id
    returning * into v_gap;
    return v_gap;
end $$;
comment on function api.close_out_gap(uuid, text, text) is
    'Answer a required step (work, note or next) with "can''t do this, because…". The visit then closes with a gap and the owner gets a task. Definer: writes.';
grant execute on function api.close_out_gap(uuid, text, text) to crm_app, crm_support;
