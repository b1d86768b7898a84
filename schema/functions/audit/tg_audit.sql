create or replace function internal.tg_audit() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, extensions, pg_temp
as $$
declare
    -- business, member, role, kind, source, grant, request: the third part of the context and those after it
    v_actor text[] := internal.context_parts();
    v_masked text[] := string_to_array(coalesce(tg_argv[1], ''), ',');
    v_kept text[] := string_to_array(coalesce(tg_argv[2], ''), ',');
    v_new hstore := delete(hstore(new) - hstore(old), string_to_array(tg_argv[0], ','));
    v_old hstore;
begin
    if v_new = ''::hstore then
        return null;
    end if;
    v_new := v_new || slice(hstore(new), v_kept);
    v_old := slice(hstore(old), akeys(v_new));
    -- What must not be kept a second time is named, not copied.
    if v_masked <> '{}' then
        v_old := v_old || slice(hstore(v_masked, array_fill('[MASKED]'::text, array[cardinality(v_masked)])), akeys(v_old));
        v_new := v_new || slice(hstore(v_masked, array_fill('[MASKED]'::text, array[cardinality(v_masked)])), akeys(v_new));
    end if;
    insert into crm.audit_entry (business_id, member_id, role, kind, source, grant_id, request_id, reasoning,
                                 table_name, row_id, operation, old, new, change_set_id, contact_id)
    values (new.business_id, nullif(v_actor[4], '')::uuid, v_actor[5], v_actor[6], v_actor[7],
            nullif(v_actor[8], '')::uuid, v_actor[9], left(internal.redact(nullif(current_setting('app.reasoning', true), '')), 2000), tg_table_name,
            coalesce(hstore(new) -> 'id', hstore(new) -> 'ticket_id', hstore(new) -> 'contact_id', hstore(new) -> 'business_id'),
            'update', hstore_to_jsonb(v_old), hstore_to_jsonb(v_new), nullif(current_setting('app.change_set', true), '')::uuid,
            coalesce(hstore(new) -> 'contact_id', case when tg_table_name = 'contact' then hstore(new) -> 'id' end)::uuid);
    return null;
end $$;
comment on function internal.tg_audit() is
    'Write who changed which columns from what to what. Arguments: columns to ignore, columns to mask, columns to say though they stay, comma-separated. Definer: nobody else may write the audit.';
