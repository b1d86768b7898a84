create or replace function internal.data_export_count() returns bigint
language sql stable set search_path = ''
begin atomic
    select (select count(*) from crm.contact t where t.business_id = b.id) + (select count(*) from crm.address t where t.business_id = b.id)
        + (select count(*) from crm.attribute t where t.business_id = b.id) + (select count(*) from crm.note t where t.business_id = b.id)
        + (select count(*) from crm.ticket t where t.business_id = b.id) + (select count(*) from crm.line_item t where t.business_id = b.id)
        + (select count(*) from crm.invoice t where t.business_id = b.id) + (select count(*) from crm.payment t where t.business_id = b.id)
        + (select count(*) from crm.message t where t.business_id = b.id) + (select count(*) from crm.audit_entry t where t.business_id = b.id)
    from (select internal.current_business() as id) b;
end;
comment on function internal.data_export_count() is 'About how many rows an export will have: for its progress bar, so the few members and services are not counted.';
