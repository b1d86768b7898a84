create or replace function internal.tg_ticket__revision() returns trigger
language plpgsql volatile set search_path = ''
as $$
begin
    new.revision := old.revision + 1;
    return new;
end $$;
comment on function internal.tg_ticket__revision() is
    'Count the changes of a visit that a calendar has to hear of. The number never goes back.';
