create or replace function internal.contact_merge_check(p_kept crm.contact, p_other crm.contact) returns void
language plpgsql stable set search_path = ''
as $$
declare
    v_merged crm.contact;
begin
    if p_kept.id is null or p_other.id is null then perform internal.not_found('contact'); end if;
    if p_kept.id = p_other.id then
        perform internal.refuse('contact_merge_needs_two', 'This is one contact already.', 'Choose the other one.');
    end if;
    if num_nonnulls(p_kept.erased_at, p_other.erased_at) > 0 then
        perform internal.refuse('contact_erased_stays_erased', 'The data of one of them was erased.', 'Nothing is known of them any more.');
    end if;
    if num_nonnulls(p_kept.merged_into_id, p_other.merged_into_id) > 0 then
        v_merged := case when p_kept.merged_into_id is not null then p_kept else p_other end;
        perform internal.refuse('contact_merged_is_closed', format('“%s” was merged into “%s”.', v_merged.name, (
            select c.name from crm.contact c where c.business_id = v_merged.business_id and c.id = v_merged.merged_into_id)),
            'Go on there, or undo that merge first.');
    end if;
    if p_kept.archived_at is not null then
        perform internal.refuse('contact_merge_keeps_one_on_the_list', format('“%s” is archived.', p_kept.name),
            'Keep the other one, or put this one back on the list first.');
    end if;
end $$;
comment on function internal.contact_merge_check(crm.contact, crm.contact) is
    'Whether the second contact can be merged into the first: two contacts, neither merged yet nor erased, the one that stays on the list. Raises otherwise.';
