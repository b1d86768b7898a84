create or replace function internal.note_own(p_note_id uuid) returns crm.note
language plpgsql volatile set search_path = ''
as $$
declare
    v_note crm.note;
begin
    select * into v_note from crm.note n where n.business_id = internal.current_business() and n.id = p_note_id for update;
    if v_note.id is null then perform internal.not_found('note'); end if;
    if not internal.may_change(v_note.member_id) then
        perform internal.refuse('note_is_ones_own', 'This is somebody else''s note.', 'Write one of your own.');
    end if;
    return v_note;
end $$;
comment on function internal.note_own(uuid) is 'A note that the caller may change: their own, or any for owner and office. Locked; raises otherwise.';
