create or replace function internal.job_bury(p_job_id uuid, p_error text) returns void
language plpgsql volatile set search_path = ''
as $$
begin
    delete from internal.job_queue q where q.business_id = internal.current_business() and q.job_id = p_job_id;
    insert into internal.job_buried (business_id, job_id) values (internal.current_business(), p_job_id);
    update crm.job j set state = 'dead', finished_at = internal.now(), last_error = left(p_error, 500)
    where j.business_id = internal.current_business() and j.id = p_job_id;
end $$;
comment on function internal.job_bury(uuid, text) is 'Give up on work, visibly: out of the queue, dead in its business, counted by the alarm.';
