create or replace function internal.series_writes(p_on boolean) returns void
language plpgsql volatile set search_path = ''
as $$
begin
    perform set_config('app.series', case when p_on then pg_current_xact_id()::text else '' end, true);
end $$;
comment on function internal.series_writes(boolean) is 'From here on it is a series that moves its visits, and not somebody''s hand; or no more.';
