create or replace function internal.series_lock(p_series_id uuid, p_member_ids uuid[] default '{}') returns crm.series
language plpgsql volatile set search_path = ''
as $$
declare
    v_series crm.series;
begin
    select * into v_series from crm.series s where s.business_id = internal.current_business() and s.id = p_series_id for update;
    if v_series.id is null then perform internal.not_found('series'); end if;
    if v_series.ended_at is not null then
        perform internal.refuse('series_ended_is_final', 'This series has ended.', case when exists (
            select from crm.series s where s.business_id = v_series.business_id and s.follows_id = v_series.id)
            then 'Another one goes on for it: change that.' else 'Book a new one.' end);
    end if;
    -- Whoever moves many visits holds them and then their technicians, in order, as whoever moves one does.
    perform from crm.ticket t where t.business_id = v_series.business_id and t.series_id = v_series.id and t.status = 'scheduled' order by t.id for no key update;
    perform from crm.member m where m.business_id = v_series.business_id and (m.id = any (p_member_ids) or m.id in (
        select sm.member_id from crm.series_member sm where sm.business_id = v_series.business_id and sm.series_id = v_series.id))
        order by m.id for no key update;
    return v_series;
end $$;
comment on function internal.series_lock(uuid, uuid[]) is
    'The series, locked, with its open visits and its technicians, for an action that changes it. Not found when the member may not see it; refused when it has ended.';
