create or replace function api.job_finish(p_job_id uuid, p_lease uuid) returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
    perform internal.require('job_finish');
    delete from internal.job_queue q
    where q.business_id = internal.current_business() and q.job_id = p_job_id and q.lease = p_lease;
    if not found then
        return false;
    end if;
    update crm.job j set state = 'done', finished_at = internal.now(), last_error = null
    where j.business_id = internal.current_business() and j.id = p_job_id;
    return true;
end $$;
comment on function api.job_finish(uuid, uuid) is 'Mark claimed work done. False when the lease was lost: somebody else has it now. Definer: reads the queue.';
grant execute on function api.job_finish(uuid, uuid) to crm_app;
