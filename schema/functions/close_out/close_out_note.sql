create or replace function api.close_out_note(p_ticket_id uuid, p_note text) returns crm.ticket
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_ticket crm.ticket;
begin
    perform internal.require('close_out_note');
    v_ticket := internal.close_out_open(p_ticket_id);
    if coalesce(btrim(p_note), '') = '' then
        perform internal.refuse('ticket_note_is_given', 'Write what you saw, even if it is only “as usual”.');
    end if;
    update crm.ticket t set note = p_note where t.business_id = v_ticket.business_id and t.id = v_ticket.id
    returning * into v_ticket;
    -- Proposals quote the note: another note has other proposals.
    delete from crm.proposal p where p.business_id = v_ticket.business_id and p.ticket_id = v_ticket.id
        and substr(v_ticket.note, p.starts_at_char + 1, length(p.words)) <> p.words;
    update crm.close_out c set note_answered_at = internal.now() where c.business_id = v_ticket.business_id and c.ticket_id = v_ticket.id;
    delete from crm.gap g where g.business_id = v_ticket.business_id and g.ticket_id = v_ticket.id and g.step = 'note';
    return v_ticket;
end $$;
comment on function api.close_out_note(uuid, text) is
    'Close-out step 2: what was seen. Card and social security numbers in it are redacted; the note comes back as it was kept. Definer: writes.';
grant execute on function api.close_out_note(uuid, text) to crm_app, crm_support;
