create or replace function api.data_export_rows(p_noun text, p_after_id uuid default null) returns table (id uuid, content json)
language plpgsql stable security definer set search_path = ''
as $$
declare
    v_business uuid := internal.current_business();
    v_after uuid := coalesce(p_after_id, internal.house());
begin
    perform internal.require('data_export_rows');
    case p_noun
        when 'business' then return query
            select t.business_id, row_to_json(t) from crm.business t where t.business_id = v_business and t.business_id > v_after;
        when 'member' then return query
            select m.id, row_to_json(m) from (
                select t.id, t.name, t.email, t.role, t.joined_at, t.disabled_at, t.created_at
                from crm.member t where t.business_id = v_business and t.id > v_after order by t.id limit 1000) m;
        when 'service' then return query
            select t.id, row_to_json(t) from crm.service t where t.business_id = v_business and t.id > v_after order by t.id limit 1000;
        when 'contact' then return query
            select t.id, row_to_json(t) from crm.contact t where t.business_id = v_business and t.id > v_after order by t.id limit 1000;
        when 'address' then return query
            select t.id, row_to_json(t) from crm.address t where t.business_id = v_business and t.id > v_after order by t.id limit 1000;
        when 'attribute_key' then return query
            select t.id, row_to_json(t) from crm.attribute_key t where t.business_id = v_business and t.id > v_after order by t.id limit 1000;
        when 'attribute' then return query
            select t.id, row_to_json(t) from crm.attribute t where t.business_id = v_business and t.id > v_after order by t.id limit 1000;
        when 'note' then return query
            select t.id, row_to_json(t) from crm.note t where t.business_id = v_business and t.id > v_after order by t.id limit 1000;
        when 'line_item' then return query
            select t.id, row_to_json(t) from crm.line_item t where t.business_id = v_business and t.id > v_after order by t.id limit 1000;
        when 'invoice' then return query
            select t.id, row_to_json(t) from crm.invoice t where t.business_id = v_business and t.id > v_after order by t.id limit 1000;
        when 'payment' then return query
            select t.id, row_to_json(t) from crm.payment t where t.business_id = v_business and t.id > v_after order by t.id limit 1000;
        when 'message' then return query
            select t.id, row_to_json(t) from crm.message t where t.business_id = v_business and t.id > v_after order by t.id limit 1000;
        when 'task' then return query
            select t.id, row_to_json(t) from crm.task t where t.business_id = v_business and t.id > v_after order by t.id limit 1000;
        when 'file' then return query
            select t.id, row_to_json(t) from crm.file t where t.business_id = v_business and t.id > v_after order by t.id limit 1000;
        when 'series' then return query
            select v.id, row_to_json(v) from (
                select t.*, internal.series_rrule(t) as rrule,
                    (select array_agg(m.member_id) from crm.series_member m where m.business_id = t.business_id and m.series_id = t.id) as technicians,
                    (select jsonb_agg(to_jsonb(s) - '{business_id,series_id}'::text[] order by s.position) from crm.series_service s
                     where s.business_id = t.business_id and s.series_id = t.id) as services,
                    (select array_agg(k.occurrence_on order by k.occurrence_on) from crm.series_skip k where k.business_id = t.business_id and k.series_id = t.id) as skipped
                from crm.series t where t.business_id = v_business and t.id > v_after order by t.id limit 1000) v;
        when 'waitlist_entry' then return query
            select v.id, row_to_json(v) from (
                select t.*, (select array_agg(s.service_id order by s.position) from crm.waitlist_entry_service s
                    where s.business_id = t.business_id and s.waitlist_entry_id = t.id) as services
                from crm.waitlist_entry t where t.business_id = v_business and t.id > v_after order by t.id limit 1000) v;
        when 'freed_slot' then return query
            select t.id, row_to_json(t) from crm.freed_slot t where t.business_id = v_business and t.id > v_after order by t.id limit 1000;
        when 'waitlist_offer' then return query
            select t.id, row_to_json(t) from crm.waitlist_offer t where t.business_id = v_business and t.id > v_after order by t.id limit 1000;
        when 'ticket' then return query
            select v.id, row_to_json(v) from (
                select t.*, (select array_agg(a.member_id) from crm.assignment a where a.business_id = t.business_id and a.ticket_id = t.id) as technicians,
                    (select array_agg(g.step || ': ' || g.reason) from crm.gap g where g.business_id = t.business_id and g.ticket_id = t.id) as gaps
                from crm.ticket t where t.business_id = v_business and t.id > v_after order by t.id limit 1000) v;
        when 'erasure' then return query
            select e.id, row_to_json(e) from (
                select t.id, t.contact_id, t.member_id, t.created_at
                from crm.erasure t where t.business_id = v_business and t.id > v_after order by t.id limit 1000) e;
        else  -- the audit: its ids are of their times, and it is read in that order
            return query
                select t.id, row_to_json(t) from crm.audit_entry t where t.business_id = v_business and t.id > v_after order by t.id limit 1000;
    end case;
end $$;
comment on function api.data_export_rows(text, uuid) is
    'Up to a thousand rows of a noun after an id, as they are. Definer: the worker reads them for an export.';
grant execute on function api.data_export_rows(text, uuid) to crm_app;
