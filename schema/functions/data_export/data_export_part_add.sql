create or replace function api.data_export_part_add(
    p_data_export_id uuid, p_number integer, p_rows integer, p_last_id uuid, p_csv bytea, p_json bytea, p_more boolean)
returns crm.data_export
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_nouns constant text[] := internal.data_export_nouns();
    v_export crm.data_export;
    v_noun text;
begin
    perform internal.require('data_export_part_add');
    select * into v_export from crm.data_export e
    where e.business_id = internal.current_business() and e.id = p_data_export_id and e.state = 'running' and e.number = p_number for update;
    if v_export.id is null then
        return null;  -- removed meanwhile, or another worker wrote this part
    end if;
    if p_rows > 0 then
        insert into crm.data_export_part (data_export_id, noun, number, as_csv, as_json)
        values (v_export.id, v_export.noun, v_export.number, p_csv, p_json);
    end if;
    v_noun := case when p_more then v_export.noun else v_nouns[array_position(v_nouns, v_export.noun) + 1] end;
    update crm.data_export e set number = e.number + 1, done_rows = e.done_rows + p_rows, noun = v_noun,
        after_id = case when p_more then p_last_id end,
        state = case when v_noun is null then 'done' else 'running' end, finished_at = case when v_noun is null then internal.now() end
    where e.business_id = v_export.business_id and e.id = v_export.id
    returning * into v_export;
    if v_noun is null then
        perform internal.enqueue('data_export_removal', v_export.id::text, jsonb_build_object('data_export_id', v_export.id), internal.now() + interval '7 days');
    else
        perform internal.enqueue('data_export', format('%s %s', v_export.id, v_export.number), jsonb_build_object('data_export_id', v_export.id));
    end if;
    return v_export;
end $$;
comment on function api.data_export_part_add(uuid, integer, integer, uuid, bytea, bytea, boolean) is
    'Keep the next part of an export and go on to the next rows or the next noun; after the last it is done. A part that was written already is nothing. Definer: writes.';
grant execute on function api.data_export_part_add(uuid, integer, integer, uuid, bytea, bytea, boolean) to crm_app;
