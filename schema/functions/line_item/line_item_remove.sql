create or replace function api.line_item_remove(p_line_item_id uuid) returns crm.line_item
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_line crm.line_item;
begin
    perform internal.require('line_item_remove');
    select * into v_line from crm.line_item l
    where l.business_id = internal.current_business() and l.id = p_line_item_id and l.ticket_id is not null;
    if v_line.id is null then perform internal.not_found('line_item'); end if;
    perform internal.ticket_open(v_line.ticket_id);
    delete from crm.line_item l where l.business_id = v_line.business_id and l.id = v_line.id;
    return v_line;
end $$;
comment on function api.line_item_remove(uuid) is 'Take a service off an open visit. Definer: writes.';
grant execute on function api.line_item_remove(uuid) to crm_app, crm_support;
