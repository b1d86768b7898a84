create or replace function api.series_undo(p_change_set_id uuid) returns crm.change_set
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_business uuid := internal.current_business();
    v_set crm.change_set;
    v_entries crm.audit_entry[];
    v_entry crm.audit_entry;
begin
    perform internal.require('series_undo');
    select * into v_set from crm.change_set s where s.business_id = v_business and s.id = p_change_set_id and s.kind = 'series' for update;
    if v_set.id is null then perform internal.not_found('series_change'); end if;
    if v_set.undone_at is not null then
        perform internal.refuse('change_set_is_undone_once', 'This change was undone already.');
    end if;
    perform internal.series_hold(v_set.id);
    if exists (select from internal.series_changes(v_set.id)) then
        perform internal.refuse('change_set_was_changed_since', 'Something was changed since, and would be lost.',
            'Look at what it was, and change by hand what should be otherwise.');
    end if;
    v_entries := array(select e from crm.audit_entry e
        where e.business_id = v_business and e.change_set_id = v_set.id order by e.at desc, e.id desc);
    update crm.change_set s set undone_at = internal.now(), undone_by = internal.current_member()
    where s.business_id = v_business and s.id = v_set.id returning * into v_set;
    perform set_config('app.change_set', v_set.id::text, true), internal.series_writes(true);
    begin
        perform internal.series_unmake(v_set.id);
        foreach v_entry in array v_entries loop
            perform internal.series_entry_undo(v_entry);
        end loop;
    exception when exclusion_violation then
        perform internal.refuse('assignment_is_not_double_booked', 'The time that one of these visits had was given to another visit since.',
            'Move that one first, or change the series by hand.');
    end;
    perform set_config('app.change_set', '', true), internal.series_writes(false);
    return v_set;
end $$;
comment on function api.series_undo(uuid) is
    'Undo a change of a series: its visits are again as they were before it, from the audit. Refused when somebody changed one of them since (see series_undo_changes), or gave its time to another. Definer: writes.';
grant execute on function api.series_undo(uuid) to crm_app, crm_support;
