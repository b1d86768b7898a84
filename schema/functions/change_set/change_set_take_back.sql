create or replace function internal.change_set_take_back(p_set crm.change_set, p_instead text) returns crm.change_set
language plpgsql volatile set search_path = ''
as $$
declare
    v_set crm.change_set;
    v_entries crm.audit_entry[];
    v_entry crm.audit_entry;
    v_rule text;
    v_words text;
begin
    if p_set.undone_at is not null then
        perform internal.refuse('change_set_is_undone_once', 'This change was undone already.');
    end if;
    if exists (select from internal.series_changes(p_set.id)) then
        perform internal.refuse('change_set_was_changed_since', 'Something was changed since, and would be lost.',
            'Look at what it was, and change by hand what should be otherwise.');
    end if;
    v_entries := array(select e from crm.audit_entry e
        where e.business_id = p_set.business_id and e.change_set_id = p_set.id order by e.at desc, e.id desc);
    update crm.change_set s set undone_at = internal.now(), undone_by = internal.current_member()
    where s.business_id = p_set.business_id and s.id = p_set.id returning * into v_set;
    perform set_config('app.change_set', v_set.id::text, true), internal.series_writes(true);
    begin
        perform internal.series_unmake(v_set.id);
        foreach v_entry in array v_entries loop
            perform internal.series_entry_undo(v_entry);
        end loop;
        -- The mails that were planned for it are gone. Whoever was told of it all the same is told again.
        perform internal.reminder_plan(t), internal.moved_visit_plan(t) from crm.ticket t
        where t.business_id = p_set.business_id and t.status = 'scheduled' and internal.told_otherwise(t, p_set.created_at)
          and t.id in (select e.row_id::uuid from unnest(v_entries) e where e.table_name = 'ticket' and e.operation = 'update');
    exception
        when exclusion_violation then
            perform internal.refuse('assignment_is_not_double_booked', 'The time that it had before was given to another visit since.', p_instead);
        -- Time off, or an offer to somebody: what else could be done is not what the rule says to whoever books.
        when check_violation then
            get stacked diagnostics v_rule = constraint_name, v_words = message_text;
            perform internal.refuse(v_rule, v_words, p_instead);
    end;
    perform set_config('app.change_set', '', true), internal.series_writes(false);
    return v_set;
end $$;
comment on function internal.change_set_take_back(crm.change_set, text) is
    'Undo a change of a series or a move of a visit from the audit, the last entry first; p_instead says what to do when a time is taken by now. Whoever calls it has locked the change set, and whom it concerns.';
