create or replace function internal.tg_touch() returns trigger
language plpgsql volatile set search_path = ''
as $$
begin
    new.updated_at := internal.now();
    return new;
end $$;
comment on function internal.tg_touch() is 'Keep updated_at.';
