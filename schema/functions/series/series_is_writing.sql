create or replace function internal.series_is_writing() returns boolean
language sql stable set search_path = ''
begin atomic
    select coalesce(current_setting('app.series', true) = pg_current_xact_id_if_assigned()::text, false);
end;
comment on function internal.series_is_writing() is 'Whether it is a series that moves its visits in this very transaction.';
