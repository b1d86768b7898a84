create or replace function internal.series_work(p_series crm.series, p_ticket_id uuid) returns void
language plpgsql volatile set search_path = ''
as $$
begin
    perform internal.line_item_make(p_ticket_id, s.service_id, s.quantity, s.unit_price_minor)
    from (select w.service_id, w.quantity, w.unit_price_minor
          from crm.series_service w join crm.service v on v.business_id = w.business_id and v.id = w.service_id
          where w.business_id = p_series.business_id and w.series_id = p_series.id and v.archived_at is null
          order by w.position) s;
end $$;
comment on function internal.series_work(crm.series, uuid) is
    'Put what is done at each visit of a series on this one: at the agreed price, or at the catalogue''s of today. What is not offered any more is left out.';
