create or replace function internal.tg_line_item__not_too_many() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    if (select count(*) from crm.line_item l where l.business_id = new.business_id and l.ticket_id = new.ticket_id) >= 60 then
        perform internal.refuse('line_item_is_one_of_60', 'A visit has at most 60 lines of work.', 'Book another visit for the rest.');
    end if;
    return new;
end $$;
comment on function internal.tg_line_item__not_too_many() is
    'What is done at one visit fits on a page, so that every page shows all of it. Definer: counts every line.';
