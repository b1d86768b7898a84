create or replace function internal.change_is_undone(p_change_set_id uuid) returns boolean
language sql stable set search_path = ''
begin atomic
    select exists (
        select from crm.change_set s
        where s.business_id = (select internal.current_business()) and s.id = p_change_set_id and s.kind <> 'import' and s.undone_at is not null);
end;
comment on function internal.change_is_undone(uuid) is 'Whether a merge, a change of a series or a move of a visit was undone as a whole: then it is as if it had never been. Of an import that was undone something may have stayed.';
