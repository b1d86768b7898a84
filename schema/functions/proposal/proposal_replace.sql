create or replace function api.proposal_replace(p_ticket_id uuid, p_proposals jsonb) returns setof crm.proposal
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_ticket crm.ticket;
begin
    perform internal.require('proposal_replace');
    v_ticket := internal.close_out_open(p_ticket_id);
    delete from crm.proposal p where p.business_id = v_ticket.business_id and p.ticket_id = v_ticket.id and p.decision = 'pending';
    return query
        insert into crm.proposal (ticket_id, key, value, words, starts_at_char, old_value)
        select v_ticket.id, w.key, w.value, w.words, w.starts_at, a.value
        from jsonb_to_recordset(coalesce(p_proposals, '[]')) as w(key text, value text, words text, starts_at integer)
        left join crm.attribute a on a.business_id = v_ticket.business_id and a.contact_id = v_ticket.contact_id and a.key = w.key
        -- Words that are not in the note are dropped, and so is what is known already.
        where w.words <> '' and substr(v_ticket.note, w.starts_at + 1, length(w.words)) = w.words
          and w.value is distinct from a.value
        limit 50
        on conflict do nothing
        returning *;
end $$;
comment on function api.proposal_replace(uuid, jsonb) is
    'Propose facts read out of a visit''s note: [{key, value, words, starts_at}], offsets in characters from 0. Those whose words are not in the note, or that are known already, are dropped. Definer: writes.';
grant execute on function api.proposal_replace(uuid, jsonb) to crm_app, crm_support;
