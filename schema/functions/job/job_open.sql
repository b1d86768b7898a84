create or replace function api.job_open(p_job_id uuid, p_lease uuid) returns table (kind text, payload jsonb, attempt smallint)
language plpgsql volatile security definer set search_path = ''
as $$
declare
    v_queue internal.job_queue;
begin
    perform internal.require('job_open');
    select * into v_queue from internal.job_queue q
    where q.business_id = internal.current_business() and q.job_id = p_job_id and q.lease = p_lease;
    if v_queue.job_id is null then
        return;
    end if;
    -- It took its worker down with it every time, so nobody ever reported a failure: bury it.
    if v_queue.attempt > v_queue.max_attempts then
        perform internal.job_bury(p_job_id, coalesce((select j.last_error from crm.job j
            where j.business_id = v_queue.business_id and j.id = p_job_id), 'The worker died every time.'));
        return;
    end if;
    return query select j.kind, j.payload, v_queue.attempt from crm.job j
        where j.business_id = v_queue.business_id and j.id = p_job_id;
end $$;
comment on function api.job_open(uuid, uuid) is
    'Read claimed work inside its own business. No row when the lease was lost, or when the work is buried because it killed every worker. Definer: reads the queue.';
grant execute on function api.job_open(uuid, uuid) to crm_app;
