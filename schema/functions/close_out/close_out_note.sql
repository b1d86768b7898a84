create or replace function api.close_out_note(p_ticket_id uuid, p_note text, p_action_id uuid default null, p_happened_at timestamptz default null) returns crm.ticket
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_ticket crm.ticket;
    v_at timestamptz;
begin
    perform internal.require('close_out_note');
    v_at := internal.action_begin(p_action_id, 'close_out_note', p_ticket_id, p_happened_at);
    if v_at is null then return internal.ticket_seen(p_ticket_id); end if;
    v_ticket := internal.close_out_open(p_ticket_id);
    if coalesce(btrim(p_note), '') = '' then
        perform internal.refuse('ticket_note_is_given', 'Write what you saw, even if it is only “as usual”.');
    end if;
    update crm.ticket t set note = p_note where t.business_id = v_ticket.business_id and t.id = v_ticket.id
    returning * into v_ticket;
    -- Proposals quote the note: another note has other proposals.
    delete from crm.proposal p where p.business_id = v_ticket.business_id and p.ticket_id = v_ticket.id
        and substr(v_ticket.note, p.starts_at_char + 1, length(p.words)) <> p.words;
    update crm.close_out c set note_answered_at = v_at where c.business_id = v_ticket.business_id and c.ticket_id = v_ticket.id;
    delete from crm.gap g where g.business_id = v_ticket.business_id and g.ticket_id = v_ticket.id and g.step = 'note';
    return v_ticket;
end $$;
comment on function api.close_out_note(uuid, text, uuid, timestamptz) is
    'Close-out step 2: what was seen. Card and social security numbers in it are redacted; the note comes back as it was kept. Definer: writes.';
grant execute on function api.close_out_note(uuid, text, uuid, timestamptz) to crm_app, crm_support;
