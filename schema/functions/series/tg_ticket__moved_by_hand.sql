create or replace function internal.tg_ticket__moved_by_hand() returns trigger
language plpgsql volatile set search_path = ''
as $$
begin
    if not internal.series_is_writing() then new.moved_by_hand := true; end if;
    return new;
end $$;
comment on function internal.tg_ticket__moved_by_hand() is
    'A visit of a series whose time somebody changes is moved by hand: changes of the series leave it where it is.';
