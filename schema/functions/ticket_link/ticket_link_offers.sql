create or replace function internal.ticket_link_offers(p_link crm.ticket_link, p_member_ids uuid[], p_length interval) returns timestamptz[]
language plpgsql volatile set search_path = ''
as $$
declare
    v_starts_at timestamptz;
begin
    -- When people are free depends on visits that are not the customer's: the worker looks, and says only the times.
    perform internal.act_as(p_link.business_id, null, 'worker', null, p_link.id);
    select t.starts_at into v_starts_at from crm.ticket t where t.business_id = p_link.business_id and t.id = p_link.ticket_id;
    return array(
        select f.starts_at
        from internal.free_slots(
            p_link.business_id,
            coalesce(p_member_ids, array(select m.id from crm.member m
                where m.business_id = p_link.business_id and m.role = 'technician' and m.disabled_at is null order by m.id limit 50)),
            greatest(internal.now() + interval '24 hours', v_starts_at - interval '5 days'), 21, greatest(extract(epoch from p_length) / 60, 15)::integer, 60, null, p_member_ids is not null,
            (select d.postcode from crm.ticket t join crm.address d on d.business_id = t.business_id and d.id = t.address_id
             where t.business_id = p_link.business_id and t.id = p_link.ticket_id)) f
        group by f.starts_at order by f.starts_at limit 6);
end $$;
comment on function internal.ticket_link_offers(crm.ticket_link, uuid[], interval) is
    'Up to six times, from tomorrow or a few days before the visit on, when all of these are free for so long, or, of a visit that is nobody''s yet, any technician. The transaction goes on as the worker.';
