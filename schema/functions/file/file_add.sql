create or replace function api.file_add(
    p_file_id uuid, p_contact_id uuid, p_ticket_id uuid, p_kind text, p_name text, p_media_type text, p_bytes integer,
    p_width integer default null, p_height integer default null, p_content bytea default null, p_thumbnail bytea default null,
    p_action_id uuid default null, p_happened_at timestamptz default null)
returns crm.file
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_contact_id uuid;
    v_file crm.file;
    v_at timestamptz;
begin
    perform internal.require('file_add');
    v_contact_id := internal.contact_concerned(p_contact_id, p_ticket_id);
    v_at := internal.action_begin(p_action_id, 'file_add', p_ticket_id, p_happened_at);
    if v_at is null then return null; end if;
    insert into crm.file (id, contact_id, ticket_id, kind, name, media_type, bytes, width, height, kept_in, created_at)
    values (coalesce(p_file_id, uuidv7()), v_contact_id, p_ticket_id, p_kind, p_name, p_media_type, p_bytes, p_width, p_height,
            case when p_content is null then 'folder' else 'database' end, v_at)
    returning * into v_file;
    if coalesce(p_content, p_thumbnail) is not null then
        insert into crm.file_content (file_id, content, thumbnail) values (v_file.id, p_content, p_thumbnail);
    end if;
    return v_file;
end $$;
comment on function api.file_add(uuid, uuid, uuid, text, text, text, integer, integer, integer, bytea, bytea, uuid, timestamptz) is
    'Add a photo (JPEG, already made anew) or a document (PDF) to a contact or one of their visits. Without content it is in the folder, under its id. Added before under this action: null, and nothing is added. Definer: writes.';
grant execute on function api.file_add(uuid, uuid, uuid, text, text, text, integer, integer, integer, bytea, bytea, uuid, timestamptz) to crm_app, crm_support;
