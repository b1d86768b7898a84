create or replace function api.series_undo(p_change_set_id uuid) returns crm.change_set
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_set crm.change_set;
begin
    perform internal.require('series_undo');
    select * into v_set from crm.change_set s where s.business_id = internal.current_business() and s.id = p_change_set_id and s.kind = 'series' for update;
    if v_set.id is null then perform internal.not_found('series_change'); end if;
    perform internal.series_hold(v_set.id);
    return internal.change_set_take_back(v_set, 'Move that one first, or change the series by hand.');
end $$;
comment on function api.series_undo(uuid) is
    'Undo a change of a series: its visits are again as they were before it, from the audit. Refused when somebody changed one of them since (see series_undo_changes), or gave its time to another. Definer: writes.';
grant execute on function api.series_undo(uuid) to crm_app, crm_support;
