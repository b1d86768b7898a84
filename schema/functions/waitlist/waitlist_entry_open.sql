create or replace function internal.waitlist_entry_open(p_entry_id uuid) returns crm.waitlist_entry
language plpgsql volatile set search_path = ''
as $$
declare
    v_entry crm.waitlist_entry;
begin
    select * into v_entry from crm.waitlist_entry e
    where e.business_id = internal.current_business() and e.id = p_entry_id for no key update;
    if v_entry.id is null then perform internal.not_found('waitlist_entry'); end if;
    if v_entry.status <> 'waiting' then
        perform internal.refuse('waitlist_entry_is_waiting', 'They wait no longer: nothing on this changes any more.', 'Put them on the waitlist again.');
    end if;
    return v_entry;
end $$;
comment on function internal.waitlist_entry_open(uuid) is
    'The entry, locked, for an action that needs it waiting. Not found when the member may not see it; refused when it has ended.';
