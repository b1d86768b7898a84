create or replace function internal.link_contact(p_link crm.ticket_link) returns crm.contact
language plpgsql volatile set search_path = ''
as $$
declare
    v_contact crm.contact;
begin
    -- Whoever was written to may have been merged into another contact since: the worker finds them, still by this link.
    perform internal.act_as(p_link.business_id, null, 'worker', null, p_link.id);
    select c.* into v_contact from crm.message m
    join crm.contact o on o.business_id = m.business_id and o.id = m.contact_id
    join crm.contact c on c.business_id = o.business_id and c.id = coalesce(o.merged_into_id, o.id)
    where m.business_id = p_link.business_id and m.id = p_link.message_id;
    return v_contact;
end $$;
comment on function internal.link_contact(crm.ticket_link) is
    'The contact whom a link was sent to, as they are known today. The transaction goes on as the worker, with the link as what let it in.';
