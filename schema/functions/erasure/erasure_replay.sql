create or replace function internal.erasure_replay(p_business_id uuid, p_contact_id uuid) returns integer
language plpgsql volatile set search_path = ''
as $$
begin
    perform internal.act_as(p_business_id, null, 'worker');
    return (select count(*) from internal.contact_erase_all(p_contact_id));
end $$;
comment on function internal.erasure_replay(uuid, uuid) is
    'Erase again what a backup from before brought back: a line of the journal. Returns how many contacts were erased now. For the administrator.';
