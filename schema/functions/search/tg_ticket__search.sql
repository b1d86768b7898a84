create or replace function internal.tg_ticket__search() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.contact_search_refresh(array[new.contact_id]);
    return null;
end $$;
comment on function internal.tg_ticket__search() is
    'What was seen at a visit is found under its contact. Definer: writes what is kept for searching.';
