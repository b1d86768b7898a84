create or replace function api.close_out_gap(p_ticket_id uuid, p_step text, p_reason text, p_action_id uuid default null, p_happened_at timestamptz default null)
returns crm.gap
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_ticket crm.ticket;
    v_gap crm.gap;
    v_at timestamptz;
begin
    perform internal.require('close_out_gap');
    v_at := internal.action_begin(p_action_id, 'close_out_gap', p_ticket_id, p_happened_at);
    if v_at is null then
        select * into v_gap from crm.gap g where g.business_id = internal.current_business() and g.ticket_id = p_ticket_id and g.step = p_step;
        return v_gap;
    end if;
    v_ticket := internal.close_out_open(p_ticket_id);
    if coalesce(btrim(p_reason), '') = '' then
        perform internal.refuse('gap_reason_is_given', 'Say why this can''t be done, in at most 300 characters.');
    end if;
    insert into crm.gap (ticket_id, step, reason, created_at)
    values (p_ticket_id, p_step, regexp_replace(btrim(p_reason), '\s+', ' ', 'g'), v_at)
    on conflict on constraint gap_pkey do update set reason = excluded.reason, member_id = excluded.member_id
    returning * into v_gap;
    return v_gap;
end $$;
comment on function api.close_out_gap(uuid, text, text, uuid, timestamptz) is
    'Answer a required step (work, note or next) with "can''t do this, because…". The visit then closes with a gap and the owner gets a task. Definer: writes.';
grant execute on function api.close_out_gap(uuid, text, text, uuid, timestamptz) to crm_app, crm_support;
