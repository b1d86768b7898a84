create or replace function internal.contact_import_restore(p_import crm.contact_import, p_contact_ids uuid[]) returns void
language plpgsql volatile set search_path = '' set enable_seqscan = off
as $$
declare
    v_business uuid := p_import.business_id;
    v_ids uuid[];
    v_part integer;
    v_changed uuid[];
    v_made uuid[];
    v_table text;
begin
    if cardinality(p_contact_ids) = 0 then return; end if;
    select array_agg(c.contact_id) filter (where c.changed), array_agg(c.contact_id) filter (where not c.changed),
        array_agg(c.contact_id) filter (where c.made and not c.changed)
    into v_changed, v_ids, v_made
    from internal.contact_import_changed_since(p_import, p_contact_ids) c;
    update crm.contact_import_row r set outcome = 'kept', reason = 'Somebody has changed them since.'
    where r.business_id = v_business and r.contact_import_id = p_import.id and r.contact_id = any (v_changed) and r.outcome in ('created', 'updated');
    if v_ids is null then return; end if;
    begin
        perform internal.contact_import_remove(p_import, v_made);
        perform internal.contact_import_rewrite(p_import, array(select c from unnest(v_ids) c where c <> all (coalesce(v_made, '{}'))));
        return;
    exception when integrity_constraint_violation then
        get stacked diagnostics v_table = table_name;
    end;
    if cardinality(v_ids) > 1 then
        v_part := (cardinality(v_ids) + 7) / 8;
        for n in 0 .. 7 loop
            perform internal.contact_import_restore(p_import, v_ids[n * v_part + 1 : (n + 1) * v_part]);
        end loop;
        return;
    end if;
    update crm.contact_import_row r set outcome = 'kept', reason = case v_table
        when 'ticket' then 'They have a visit.' when 'contact' then 'Somebody was merged into them.' when 'not_duplicate' then 'Somebody said that they are not the same as another.' when '' then 'What was there before is not possible any more.'
        else format('They have a %s.', replace(v_table, '_', ' ')) end
    where r.business_id = v_business and r.contact_import_id = p_import.id and r.contact_id = v_ids[1] and r.outcome in ('created', 'updated');
end $$;
comment on function internal.contact_import_restore(crm.contact_import, uuid[]) is
    'Take back what an import did to these contacts. Whom somebody has changed since, and on whom something hangs, is kept as they are, and their rows say why.';
