create or replace function internal.tg_ticket__contact_is_on_the_list() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    -- A visit may go back to whom a merge took it from, wherever they are now: undoing that books nothing.
    if tg_op = 'UPDATE' and (new.contact_id = old.contact_id or exists (
        select from crm.audit_entry e
        where e.business_id = new.business_id and e.table_name = 'ticket' and e.row_id = new.id::text
          and e.old ->> 'contact_id' = new.contact_id::text)) then
        return new;
    end if;
    perform internal.refuse_archived_contact(new.business_id, new.contact_id);
    return new;
end $$;
comment on function internal.tg_ticket__contact_is_on_the_list() is
    'A contact who is archived is not booked; what was booked before goes on. Definer: reads the contact and the audit.';
