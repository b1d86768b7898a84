create or replace function internal.tg_line_item__service_is_on_the_list() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    if tg_op = 'UPDATE' and (new.ticket_id, new.service_id) is not distinct from (old.ticket_id, old.service_id) then return new; end if;
    if exists (select from crm.service s where s.business_id = new.business_id and s.id = new.service_id and s.archived_at is not null) then
        perform internal.refuse('line_item_service_is_on_the_list', 'This service is archived.', 'Choose another, or put it back in the catalogue first.');
    end if;
    return new;
end $$;
comment on function internal.tg_line_item__service_is_on_the_list() is
    'A service that is archived is not put on a visit; where it was before it stays, and so it does on the invoice. Definer: reads the service.';
