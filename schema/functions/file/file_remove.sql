create or replace function api.file_remove(p_file_id uuid) returns crm.file
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_file crm.file;
begin
    perform internal.require('file_remove');
    select * into v_file from crm.file f where f.business_id = internal.current_business() and f.id = p_file_id for update;
    if v_file.id is null then perform internal.not_found('file'); end if;
    if not internal.may_change(v_file.member_id) then
        perform internal.refuse('file_is_ones_own', 'Somebody else added this.', 'Ask the office to remove it.');
    end if;
    delete from crm.file_content c where c.business_id = v_file.business_id and c.file_id = v_file.id;
    delete from crm.file f where f.business_id = v_file.business_id and f.id = v_file.id;
    return v_file;
end $$;
comment on function api.file_remove(uuid) is
    'Remove a file: one that the caller added, or any for owner and office. Its bytes are gone. Definer: writes.';
grant execute on function api.file_remove(uuid) to crm_app, crm_support;
