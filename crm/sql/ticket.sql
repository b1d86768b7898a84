-- :name ticket_day :many
-- One technician's visits between two instants, in order.
select t.id, t.status, t.confirmation, t.starts_at, t.ends_at, t.starts_at + make_interval(mins => nullif(t.arrival_minutes, 0)) as arrives_by,
       t.clocked_in_at, c.name, c.phone,
       a.street, a.city, a.region, a.postcode, a.access_note, l.services, l.total_minor, internal.now() as now
from crm.assignment s
join crm.ticket t on t.business_id = s.business_id and t.id = s.ticket_id
join crm.contact c on c.business_id = t.business_id and c.id = t.contact_id
left join crm.address a on a.business_id = t.business_id and a.id = t.address_id
left join lateral (
    select string_agg(i.name, ', ' order by i.position) as services, coalesce(sum(i.total_minor), 0)::bigint as total_minor
    from crm.line_item i where i.business_id = t.business_id and i.ticket_id = t.id
) l on true
where s.business_id = :business_id and s.member_id = :member_id and s.starts_at >= :from_at and s.starts_at < :to_at
order by s.starts_at, t.id
limit 100

-- :name ticket_day_counts :many
-- How many visits a technician has on each day between two instants.
select (s.starts_at at time zone (:zone)::text)::date as day, count(*) as visits
from crm.assignment s
where s.business_id = :business_id and s.member_id = :member_id and s.starts_at >= :from_at and s.starts_at < :to_at
  and s.blocks_time
group by 1
limit 100

-- :name ticket_forgotten :many
-- A technician's visits from before today that were never closed.
select t.id, t.starts_at, t.status, c.name
from crm.ticket t
join crm.assignment s on s.business_id = t.business_id and s.ticket_id = t.id and s.member_id = :member_id
join crm.contact c on c.business_id = t.business_id and c.id = t.contact_id
where t.business_id = :business_id and t.status in ('scheduled', 'in_progress')
  and t.starts_at >= (:before)::timestamptz - interval '30 days' and t.starts_at < :before
order by t.starts_at
limit 20

-- :name ticket_read :one
select t.id, t.contact_id, t.address_id, t.series_id, t.status, t.confirmation, t.starts_at, t.ends_at, t.arrival_minutes,
       t.starts_at + make_interval(mins => nullif(t.arrival_minutes, 0)) as arrives_by, t.instructions, t.note,
       t.clocked_in_at, t.clocked_out_at, t.clock_reason, t.completed_at, d.name as completed_by, t.cancelled_at, t.cancel_reason,
       c.name, c.phone, c.email, a.street, a.city, a.region, a.postcode, a.access_note, internal.now() as now,
       t.series_id is not null and exists (select from crm.ticket n where n.business_id = t.business_id and n.series_id = t.series_id
                                           and n.starts_at > t.starts_at and n.status = 'scheduled') as series_goes_on
from crm.ticket t
join crm.contact c on c.business_id = t.business_id and c.id = t.contact_id
left join crm.address a on a.business_id = t.business_id and a.id = t.address_id
left join crm.member d on d.business_id = t.business_id and d.id = t.completed_by
where t.business_id = :business_id and t.id = :ticket_id

-- :name ticket_lines :many
select id, service_id, name, pricing, unit_label, quantity, unit_price_minor, tax_basis_points, price_confirmed,
       net_minor, tax_minor, total_minor
from crm.line_item
where business_id = :business_id and ticket_id = :ticket_id
order by position, id
limit 100

-- :name ticket_members :many
select m.id, m.name, s.book_anyway_reason, s.clocked_in_at, s.clocked_out_at
from crm.assignment s
join crm.member m on m.business_id = s.business_id and m.id = s.member_id
where s.business_id = :business_id and s.ticket_id = :ticket_id
order by m.name
limit 20

-- :name ticket_search :many
-- Visits whose note has all the words, of the contacts that are found by them.
select t.id, t.starts_at, c.name, t.note
from (select distinct contact_id from api.contact_search(:q, 20)) s
join crm.contact c on c.business_id = :business_id and c.id = s.contact_id
join lateral (
    select v.id, v.starts_at, v.note from crm.ticket v
    where v.business_id = c.business_id and v.contact_id = c.id
      and (select bool_and(strpos(lower(v.note), w) > 0) from unnest((:words)::text[]) w)
    order by v.starts_at desc limit 2
) t on true
order by t.starts_at desc, t.id
limit 6

-- :name ticket_messages :many
-- What is planned and was sent about a visit.
select id, kind, status, send_at, sent_at, reason, cancel_reason, last_error, ticket_starts_at
from crm.message
where business_id = :business_id and ticket_id = :ticket_id and kind <> 'outreach'
order by send_at, id
limit 50

-- :name ticket_history :many
-- Who changed what about a visit, newest first.
select e.at, e.operation, e.table_name, e.old, e.new, e.source, case when e.kind = 'link' then 'customer' else e.role end as role, m.name as member
from crm.audit_entry e
left join crm.member m on m.business_id = e.business_id and m.id = e.member_id
where e.business_id = :business_id and e.table_name = 'ticket' and e.row_id = (:ticket_id)::text
order by e.at desc
limit 30

-- :name technician_list :many
-- Whom a visit can be given to.
select id, name, role
from crm.member
where business_id = :business_id and disabled_at is null and role <> 'office'
order by role = 'technician' desc, name
limit 100

-- :name ticket_create :one
select id from api.ticket_create(
    :contact_id, :address_id, :starts_at, :ends_at, (:member_ids)::uuid[], (:service_ids)::uuid[], :instructions, :book_anyway_reason, :arrival_minutes)

-- :name ticket_update :one
select id from api.ticket_update(
    :ticket_id, :address_id, :starts_at, :ends_at, (:member_ids)::uuid[], :instructions, :book_anyway_reason, :arrival_minutes)

-- :name ticket_move :one
select id, starts_at from api.ticket_move(:ticket_id, :starts_at, :ends_at, :from_member_id, :to_member_id, :book_anyway_reason)

-- :name ticket_move_last :many
-- The move of a visit that its member can undo; none without a visit.
select change_set_id, ticket_id, name from api.ticket_move_last(:ticket_id)

-- :name ticket_move_undo :one
select id from api.ticket_move_undo(:change_set_id)

-- :name ticket_cancel :one
select id, contact_id from api.ticket_cancel(:ticket_id, :reason)

-- :name ticket_confirmation_set :one
select id, confirmation from api.ticket_confirmation_set(:ticket_id, :confirmation)

-- :name ticket_confirmation_ask :one
select id, status, send_at from api.ticket_confirmation_ask(:ticket_id)

-- :name ticket_on_my_way :one
-- repeatable
select id, status from api.ticket_on_my_way(:ticket_id)

-- :name ticket_clock_in :one
-- repeatable
select id, clocked_in_at from api.ticket_clock_in(:ticket_id, :action_id, :happened_at)

-- :name ticket_clock_out :one
-- repeatable
select id, clocked_out_at from api.ticket_clock_out(:ticket_id)

-- :name ticket_complete :one
-- repeatable
select id, status from api.ticket_complete(:ticket_id, (:decisions)::jsonb, :action_id, :happened_at)
