create or replace function internal.contact_import_remove(p_import crm.contact_import, p_contact_ids uuid[]) returns void
language plpgsql volatile set search_path = '' set enable_seqscan = off set plan_cache_mode = force_custom_plan
as $$
declare
    v_business uuid := p_import.business_id;
begin
    if p_contact_ids is null then return; end if;
    -- One statement: what refers to them is looked for when all of it is gone.
    with fact as (
        delete from crm.attribute a where a.business_id = v_business and a.contact_id = any (p_contact_ids)
    ), address as (
        delete from crm.address a where a.business_id = v_business and a.contact_id = any (p_contact_ids)
    ), known as (
        update crm.contact_import_row r
        set contact_id = null, outcome = case when r.contact_import_id = p_import.id and r.outcome in ('created', 'updated') then 'undone' else r.outcome end
        where r.business_id = v_business and r.contact_id = any (p_contact_ids)
    )
    delete from crm.contact c where c.business_id = v_business and c.id = any (p_contact_ids);
end $$;
comment on function internal.contact_import_remove(crm.contact_import, uuid[]) is
    'Remove contacts that an import added, with their addresses and facts. Refused when anything else refers to one of them.';
