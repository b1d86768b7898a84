create or replace function api.job_fail(p_job_id uuid, p_lease uuid, p_error text, p_final boolean) returns text
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_queue internal.job_queue;
begin
    perform internal.require('job_fail');
    select * into v_queue from internal.job_queue q
    where q.business_id = internal.current_business() and q.job_id = p_job_id and q.lease = p_lease
    for update;
    if v_queue.job_id is null then
        return 'lost';
    end if;
    if p_final or v_queue.attempt >= v_queue.max_attempts then
        perform internal.job_bury(p_job_id, p_error);
        return 'dead';
    end if;
    -- 2, 4, 8 … seconds up to an hour, ten percent either way, so that a crowd does not come back as one.
    update internal.job_queue q
    set lease = null, run_at = clock_timestamp() + make_interval(
        secs => least(3600, 2 ^ v_queue.attempt) * (0.9 + 0.2 * random()))
    where q.business_id = v_queue.business_id and q.job_id = p_job_id;
    update crm.job j set last_error = left(p_error, 500) where j.business_id = v_queue.business_id and j.id = p_job_id;
    return 'ready';
end $$;
comment on function api.job_fail(uuid, uuid, text, boolean) is
    'Give claimed work back with its error, to be tried again later; buried after the last attempt or at once when final. Returns ready, dead or lost. Definer: reads the queue.';
grant execute on function api.job_fail(uuid, uuid, text, boolean) to crm_app;
