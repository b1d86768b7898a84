create or replace function api.contact_merge_effect(p_contact_id uuid, p_other_id uuid)
returns table (visits bigint, series bigint, waiting bigint, addresses bigint, facts bigint, messages bigint, cancelled bigint, tasks bigint, invoices bigint, unsubscribes boolean)
language plpgsql stable security definer set search_path = ''
as $$
declare
    v_business uuid := internal.current_business();
    v_kept crm.contact;
    v_other crm.contact;
    v_unsubscribed boolean;
begin
    perform internal.require('contact_merge_effect');
    select * into v_kept from crm.contact c where c.business_id = v_business and c.id = p_contact_id;
    select * into v_other from crm.contact c where c.business_id = v_business and c.id = p_other_id;
    perform internal.contact_merge_check(v_kept, v_other);
    v_unsubscribed := 'unsubscribed' in (v_kept.consent, v_other.consent);
    return query select
        (select count(*) from crm.ticket t where t.business_id = v_business and t.contact_id = v_other.id and t.status in ('scheduled', 'in_progress')),
        (select count(*) from crm.series s where s.business_id = v_business and s.contact_id = v_other.id and s.ended_at is null),
        (select count(*) from crm.waitlist_entry w where w.business_id = v_business and w.contact_id = v_other.id and w.status = 'waiting'),
        (select count(*) from internal.contact_merge_addresses(v_kept.id, v_other.id)),
        (select count(*) from crm.attribute o where o.business_id = v_business and o.contact_id = v_other.id
            and not exists (select from crm.attribute k where k.business_id = v_business and k.contact_id = v_kept.id and k.key = o.key)),
        (select count(*) from crm.message m where m.business_id = v_business and m.contact_id = v_other.id and m.status = 'pending'
            and not (v_unsubscribed and m.kind = 'outreach')),
        (select count(*) from crm.message m where m.business_id = v_business and m.contact_id in (v_kept.id, v_other.id) and m.status = 'pending'
            and v_unsubscribed and m.kind = 'outreach'),
        (select count(*) from crm.task t where t.business_id = v_business and t.contact_id = v_other.id and t.done_at is null),
        (select count(*) from crm.invoice i where i.business_id = v_business and i.contact_id = v_other.id and i.status = 'draft'),
        v_unsubscribed and v_kept.consent <> 'unsubscribed';
end $$;
comment on function api.contact_merge_effect(uuid, uuid) is
    'What a merge of the second contact into the first would do: how many open visits, series, wishes on the waitlist, planned messages, open tasks and draft invoices move, how many addresses and facts are added, how much outreach is cancelled because one of them unsubscribed. Refused as the merge itself would be. Definer: looks with the eyes of the merge.';
grant execute on function api.contact_merge_effect(uuid, uuid) to crm_app, crm_support;
