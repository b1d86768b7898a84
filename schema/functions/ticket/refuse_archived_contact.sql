create or replace function internal.refuse_archived_contact(p_business_id uuid, p_contact_id uuid) returns void
language plpgsql volatile set search_path = ''
as $$
begin
    if exists (select from crm.contact c where c.business_id = p_business_id and c.id = p_contact_id and c.archived_at is not null
               and c.merged_into_id is null) then
        perform internal.refuse('ticket_contact_is_on_the_list', 'This contact is archived.', 'Put them back on the list first.');
    end if;
end $$;
comment on function internal.refuse_archived_contact(uuid, uuid) is
    'Who is archived is not visited any more: said when the next visit is chosen, and held to when it is booked.';
