create or replace function internal.contact_filter_few(
    p_tokens tsquery, p_due date, p_service_id uuid, p_from timestamptz, p_to timestamptz, p_most integer)
returns uuid[]
language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan set enable_seqscan = off
as $$
declare
    v_business uuid := internal.current_business();
    v_ids uuid[];
begin
    if not internal.sees_everything() then
        return array(select m.id from internal.contact_search_mine() m(id));
    end if;
    if p_tokens is not null then
        -- Not "=": the planner would read the whole business by its key rather than believe the token.
        v_ids := array(select s.contact_id from internal.contact_search s
            where s.tokens @@ p_tokens and s.business_id is not distinct from v_business limit p_most + 1);
        if cardinality(v_ids) <= p_most then return v_ids; end if;
    end if;
    if p_due is not null then
        v_ids := array(select i.contact_id from crm.invoice i
            where i.business_id = v_business and i.status in ('sent', 'partial') and i.due_on < p_due limit p_most + 1);
        if cardinality(v_ids) <= p_most then return v_ids; end if;
    end if;
    if p_service_id is not null then
        v_ids := array(select t.contact_id from (select l.ticket_id from crm.line_item l
            where l.business_id = v_business and l.service_id = p_service_id and l.ticket_id is not null limit p_most + 1) l
            join crm.ticket t on t.business_id = v_business and t.id = l.ticket_id);
        if cardinality(v_ids) <= p_most then return v_ids; end if;
    end if;
    if p_from is not null then
        v_ids := array(select t.contact_id from crm.ticket t
            where t.business_id = v_business and t.starts_at >= p_from and t.starts_at < p_to and t.status = 'completed' limit p_most + 1);
        if cardinality(v_ids) <= p_most then return v_ids; end if;
    end if;
    return null;
end $$;
comment on function internal.contact_filter_few(tsquery, date, uuid, timestamptz, timestamptz, integer) is
    'The few contacts, p_most of them, that can answer the filters at all, when one of the filters leaves so few; else null. Of a technician, whom they visit.';
