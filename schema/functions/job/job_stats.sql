create or replace function api.job_stats() returns table (waiting bigint, late_seconds double precision, dead bigint)
language plpgsql stable security definer set search_path = ''
as $$
begin
    perform internal.require('job_stats');
    return query
        select count(*), coalesce(extract(epoch from clock_timestamp() - min(q.run_at) filter (where q.run_at < clock_timestamp()))::double precision, 0),
               (select count(*) from internal.job_buried)
        from internal.job_queue q;
end $$;
comment on function api.job_stats() is
    'How much work waits, how late the oldest is in seconds, how much was buried ever: of all businesses, numbers only. Definer: reads the queue.';
grant execute on function api.job_stats() to crm_app;
