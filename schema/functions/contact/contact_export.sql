create or replace function api.contact_export(p_contact_id uuid) returns table (noun text, row_id text, content jsonb)
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_business uuid := internal.current_business();
    v_ids uuid[];
begin
    perform internal.require('contact_export');
    v_ids := array(select c.id from crm.contact c where c.business_id = v_business and (c.id = p_contact_id or c.merged_into_id = p_contact_id));
    if v_ids = '{}' then perform internal.not_found('contact'); end if;
    perform internal.audit_read('contact', p_contact_id);
    return query
        select n.noun, n.content ->> 'id', n.content - array['business_id', 'name_key', 'phone_digits', 'other_digits', 'blocks_time', 'busy_until'] from (
            select 'contact' as noun, 1 as place, to_jsonb(c) as content from crm.contact c where c.business_id = v_business and c.id = any (v_ids)
            union all select 'address', 2, to_jsonb(a) from crm.address a where a.business_id = v_business and a.contact_id = any (v_ids)
            union all select 'attribute', 3, to_jsonb(a) from crm.attribute a where a.business_id = v_business and a.contact_id = any (v_ids)
            union all select 'note', 4, to_jsonb(o) from crm.note o where o.business_id = v_business and o.contact_id = any (v_ids)
            union all select 'ticket', 5, to_jsonb(t) from crm.ticket t where t.business_id = v_business and t.contact_id = any (v_ids)
            union all select 'line_item', 6, to_jsonb(l) from crm.line_item l join crm.ticket t on t.business_id = l.business_id and t.id = l.ticket_id
                where l.business_id = v_business and t.contact_id = any (v_ids)
            union all select 'invoice', 7, to_jsonb(i) from crm.invoice i where i.business_id = v_business and i.contact_id = any (v_ids)
            union all select 'line_item', 8, to_jsonb(l) from crm.line_item l join crm.invoice i on i.business_id = l.business_id and i.id = l.invoice_id
                where l.business_id = v_business and i.contact_id = any (v_ids)
            union all select 'payment', 9, to_jsonb(p) from crm.payment p join crm.invoice i on i.business_id = p.business_id and i.id = p.invoice_id
                where p.business_id = v_business and i.contact_id = any (v_ids)
            union all select 'message', 10, to_jsonb(m) from crm.message m where m.business_id = v_business and m.contact_id = any (v_ids)
            union all select 'file', 11, to_jsonb(f) from crm.file f where f.business_id = v_business and f.contact_id = any (v_ids)
            union all select 'waitlist_entry', 12, to_jsonb(w) from crm.waitlist_entry w where w.business_id = v_business and w.contact_id = any (v_ids)
        ) n order by n.place, n.content ->> 'created_at';
end $$;
comment on function api.contact_export(uuid) is
    'Everything that is known of a contact and of those merged into it, a row each with its noun: what they may ask for by law. That it was handed out is in the audit. Definer: writes the audit.';
grant execute on function api.contact_export(uuid) to crm_app, crm_support;
