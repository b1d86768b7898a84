create or replace function internal.proposal_decide(p_ticket crm.ticket, p_decisions jsonb) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_decision record;
    v_proposal crm.proposal;
begin
    for v_decision in select * from jsonb_to_recordset(coalesce(p_decisions, '[]')) as d(id uuid, decision text, value text) loop
        update crm.proposal p set decision = v_decision.decision,
            value = case when v_decision.decision = 'accepted' then coalesce(v_decision.value, p.value) else p.value end
        where p.business_id = p_ticket.business_id and p.ticket_id = p_ticket.id and p.id = v_decision.id
        returning * into v_proposal;
        if v_proposal.id is null then perform internal.not_found('proposal'); end if;
        continue when v_proposal.decision <> 'accepted';
        insert into crm.attribute (contact_id, key, value, source, words, ticket_id)
        values (p_ticket.contact_id, v_proposal.key, v_proposal.value, 'note', v_proposal.words, p_ticket.id)
        on conflict on constraint attribute_is_set_once do update
        set value = excluded.value, source = 'note', words = excluded.words, ticket_id = excluded.ticket_id;
    end loop;
end $$;
comment on function internal.proposal_decide(crm.ticket, jsonb) is
    'Take the decisions on a visit''s proposals: [{id, decision: accepted or rejected, value}]. Accepted ones become facts of the contact, with their words.';
