create or replace function api.contact_import_rows_add(p_contact_import_id uuid, p_first integer, p_rows jsonb) returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_business uuid := internal.current_business();
    v_import crm.contact_import;
    v_rows integer;
begin
    perform internal.require('contact_import_rows_add');
    select * into v_import from crm.contact_import i where i.business_id = v_business and i.id = p_contact_import_id for update;
    if v_import.id is null then perform internal.not_found('contact_import'); end if;
    if v_import.state <> 'mapping' then
        perform internal.refuse('contact_import_rows_come_first', 'This import has begun: it takes no more rows.');
    elsif p_first is distinct from v_import.total_rows + 1 then
        perform internal.refuse('contact_import_rows_are_in_order', format('The next row is number %s.', v_import.total_rows + 1));
    end if;
    insert into crm.contact_import_row (business_id, contact_import_id, number, cells)
    select v_business, v_import.id, p_first + r.place::integer - 1, array(select left(c, 10000) from jsonb_array_elements_text(r.cells) c)
    from jsonb_array_elements(p_rows) with ordinality r(cells, place);
    get diagnostics v_rows = row_count;
    update crm.contact_import i set total_rows = i.total_rows + v_rows where i.business_id = v_business and i.id = v_import.id;
    return v_import.total_rows + v_rows;
end $$;
comment on function api.contact_import_rows_add(uuid, integer, jsonb) is
    'Add rows of a file to an import that has not begun, thousands in a call: an array of arrays of texts. p_first is the number of the first of them, one more than there are. Returns how many there are now. Definer: writes.';
grant execute on function api.contact_import_rows_add(uuid, integer, jsonb) to crm_app, crm_support;
