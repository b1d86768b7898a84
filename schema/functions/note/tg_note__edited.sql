create or replace function internal.tg_note__edited() returns trigger
language plpgsql volatile set search_path = ''
as $$
begin
    new.edited_at := internal.now();
    return new;
end $$;
comment on function internal.tg_note__edited() is 'A note says when its words were changed last.';
