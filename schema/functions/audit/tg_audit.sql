create or replace function internal.tg_audit() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, extensions, pg_temp
as $$
declare
    -- business, member, role, kind, source, grant, request: the third part of the context and those after it
    v_actor text[] := internal.context_parts();
    v_ignored text[] := string_to_array(tg_argv[0], ',');
    v_masked text[] := string_to_array(coalesce(tg_argv[1], ''), ',');
    v_old hstore;
    v_new hstore;
    v_row hstore;
    v_reasoning text := nullif(current_setting('app.reasoning', true), '');
begin
    if tg_op <> 'INSERT' then v_old := hstore(old); end if;
    if tg_op <> 'DELETE' then v_new := hstore(new); end if;
    v_row := coalesce(v_new, v_old);
    if tg_op = 'UPDATE' then
        v_new := delete(v_new - v_old, v_ignored);
        if v_new = ''::hstore then
            return null;
        end if;
        v_old := slice(v_old, akeys(v_new));
    else
        v_old := delete(v_old, v_ignored);
        v_new := delete(v_new, v_ignored);
    end if;
    -- What must not be kept a second time is named, not copied.
    if v_masked <> '{}' then
        v_old := v_old || slice(hstore(v_masked, array_fill('[MASKED]'::text, array[cardinality(v_masked)])), akeys(v_old));
        v_new := v_new || slice(hstore(v_masked, array_fill('[MASKED]'::text, array[cardinality(v_masked)])), akeys(v_new));
    end if;
    if v_reasoning is not null then v_reasoning := left(internal.redact(v_reasoning), 2000); end if;
    insert into crm.audit_entry (business_id, member_id, role, kind, source, grant_id, request_id, reasoning,
                                 table_name, row_id, operation, old, new, change_set_id)
    values ((v_row -> 'business_id')::uuid, nullif(v_actor[4], '')::uuid, v_actor[5], v_actor[6], v_actor[7],
            nullif(v_actor[8], '')::uuid, v_actor[9], v_reasoning, tg_table_name,
            coalesce(v_row -> 'id', v_row -> 'ticket_id', v_row -> 'business_id'),
            lower(tg_op), hstore_to_jsonb(v_old), hstore_to_jsonb(v_new), nullif(current_setting('app.change_set', true), '')::uuid);
    return null;
end $$;
comment on function internal.tg_audit() is
    'Write who changed which columns from what to what. Arguments: columns to ignore, columns to mask, comma-separated. Definer: nobody else may write the audit.';
