create or replace function api.note_remove(p_note_id uuid) returns crm.note
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_note crm.note;
begin
    perform internal.require('note_remove');
    v_note := internal.note_own(p_note_id);
    delete from crm.note n where n.business_id = v_note.business_id and n.id = v_note.id;
    return v_note;
end $$;
comment on function api.note_remove(uuid) is
    'Remove a note: one''s own, or any for owner and office; the audit keeps its words. Definer: writes.';
grant execute on function api.note_remove(uuid) to crm_app, crm_support;
