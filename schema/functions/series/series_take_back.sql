create or replace function internal.series_take_back(p_ticket_id uuid, p_reason text) returns void
language plpgsql volatile set search_path = ''
as $$
begin
    update crm.ticket t set status = 'cancelled', cancelled_at = internal.now(), cancelled_by = internal.current_member(), cancel_reason = p_reason,
        occurrence_on = null
    where t.business_id = internal.current_business() and t.id = p_ticket_id;
end $$;
comment on function internal.series_take_back(uuid, text) is
    'Cancel a visit because the series has none on that day any more. It gives its day back: should the series have one again, it is made again.';
