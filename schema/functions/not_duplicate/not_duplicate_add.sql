create or replace function api.not_duplicate_add(p_contact_id uuid, p_other_id uuid) returns crm.not_duplicate
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_pair crm.not_duplicate;
begin
    perform internal.require('not_duplicate_add');
    if (select count(*) from crm.contact c where c.business_id = internal.current_business() and c.id in (p_contact_id, p_other_id))
       < (case when p_contact_id = p_other_id then 1 else 2 end) then
        perform internal.not_found('contact');
    end if;
    insert into crm.not_duplicate (contact_id, other_id) values (least(p_contact_id, p_other_id), greatest(p_contact_id, p_other_id))
    on conflict on constraint not_duplicate_pkey do nothing;
    select * into v_pair from crm.not_duplicate n
    where n.business_id = internal.current_business() and n.contact_id = least(p_contact_id, p_other_id) and n.other_id = greatest(p_contact_id, p_other_id);
    return v_pair;
end $$;
comment on function api.not_duplicate_add(uuid, uuid) is
    'Say that two contacts are not the same, so that nobody is asked about them again. Twice is once. Definer: writes.';
grant execute on function api.not_duplicate_add(uuid, uuid) to crm_app, crm_support;
