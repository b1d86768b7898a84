create or replace function api.note_update(p_note_id uuid, p_body text) returns crm.note
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_note crm.note;
begin
    perform internal.require('note_update');
    v_note := internal.note_own(p_note_id);
    update crm.note n set body = coalesce(p_body, '') where n.business_id = v_note.business_id and n.id = v_note.id returning * into v_note;
    return v_note;
end $$;
comment on function api.note_update(uuid, text) is
    'Change the words of a note: one''s own, or any for owner and office. Earlier words stay in its history. Definer: writes.';
grant execute on function api.note_update(uuid, text) to crm_app, crm_support;
