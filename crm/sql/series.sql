-- :name series_read :one
select (r.series).id, (r.series).contact_id, (r.series).address_id, (r.series).follows_id, (r.series).first_on, (r.series).starts_at_wall,
       (r.series).minutes, (r.series).time_zone, (r.series).every, (r.series).unit, (r.series).weekdays, (r.series).monthly_by, (r.series).nth,
       (r.series).until_on, (r.series).count, (r.series).instructions, (r.series).paused_from, (r.series).paused_until, (r.series).ended_on,
       (r.series).ended_at, r.rrule, r.today, r.count_left, r.followed_by_id, c.name, a.street, a.city
from api.series_read(:series_id, :from_on) r
join crm.contact c on c.business_id = :business_id and c.id = (r.series).contact_id
left join crm.address a on a.business_id = :business_id and a.id = (r.series).address_id

-- :name series_members :many
select m.id, m.name
from crm.series_member s
join crm.member m on m.business_id = s.business_id and m.id = s.member_id
where s.business_id = :business_id and s.series_id = :series_id
order by m.name
limit 20

-- :name series_services :many
select v.id, v.name, v.unit_label, s.quantity, s.unit_price_minor
from crm.series_service s
join crm.service v on v.business_id = s.business_id and v.id = s.service_id
where s.business_id = :business_id and s.series_id = :series_id
order by s.position
limit 60

-- :name series_visits :many
select id, status, starts_at, ends_at, occurrence_on, moved_by_hand, note, technicians from api.series_visits(:series_id)

-- :name series_visit :one
-- One visit of a series, to change it from.
select id, status, occurrence_on
from crm.ticket
where business_id = :business_id and series_id = :series_id and id = :ticket_id and occurrence_on is not null

-- :name series_next :one
-- The next visit of a series that is still open.
select t.id, t.status, t.occurrence_on
from crm.series s
join crm.ticket t on t.business_id = s.business_id and t.series_id = s.id
where s.business_id = :business_id and s.id = :series_id and t.status = 'scheduled'
  and t.occurrence_on >= (internal.now() at time zone s.time_zone)::date
order by t.occurrence_on
limit 1

-- :name series_history :many
-- Who changed a series, and by which act: what can be undone.
select e.at, e.operation, e.old, e.new, e.change_set_id, s.undone_at, e.source, e.role, m.name as member
from crm.audit_entry e
left join crm.change_set s on s.business_id = e.business_id and s.id = e.change_set_id
left join crm.member m on m.business_id = e.business_id and m.id = e.member_id
where e.business_id = :business_id and e.table_name = 'series' and e.row_id = (:series_id)::text
order by e.at desc
limit 20

-- :name series_of_ticket :one
-- The series that a visit belongs to.
select s.id, s.first_on, s.starts_at_wall, s.every, s.unit, s.weekdays, s.monthly_by, s.nth, s.until_on, s.count, s.ended_on, s.ended_at
from crm.ticket t
join crm.series s on s.business_id = t.business_id and s.id = t.series_id
where t.business_id = :business_id and t.id = :ticket_id

-- :name series_change :one
-- One change of a series: by whom, of which series, what became of its visits, and whether it was undone.
select s.id, s.created_at, s.undone_at, m.name as member, u.name as undone_by, e.series_id, e.made_id, e.moved, e.made, e.cancelled, e.tasks
from crm.change_set s
left join crm.member m on m.business_id = s.business_id and m.id = s.member_id
left join crm.member u on u.business_id = s.business_id and u.id = s.undone_by
left join lateral (
    select coalesce(min(e.row_id) filter (where e.table_name = 'series' and e.operation = 'update'),
                    min(e.new ->> 'series_id') filter (where e.table_name = 'series_skip'))::uuid as series_id,
           min(e.row_id) filter (where e.table_name = 'series' and e.operation = 'insert')::uuid as made_id,
           count(*) filter (where e.table_name = 'ticket' and e.operation = 'update' and e.new ? 'starts_at') as moved,
           count(*) filter (where e.table_name = 'ticket' and e.operation = 'insert') as made,
           count(*) filter (where e.table_name = 'ticket' and e.new ->> 'status' = 'cancelled') as cancelled,
           count(*) filter (where e.table_name = 'task' and e.operation = 'insert') as tasks
    from crm.audit_entry e
    where e.business_id = s.business_id and e.change_set_id = s.id and e.at < coalesce(s.undone_at, 'infinity')
) e on true
where s.business_id = :business_id and s.id = :change_set_id and s.kind = 'series'

-- :name series_create :one
select id from api.series_create(
    :contact_id, :address_id, :on, :starts_at, :minutes, :unit, :every, (:weekdays)::smallint[], :monthly_by, :nth, :until_on, :count, :rrule,
    (:member_ids)::uuid[], (:services)::jsonb, :instructions, :arrival_minutes)

-- :name series_preview :many
select ticket_id, occurrence_on, becomes_on, does, by_hand, starts_at, ends_at, new_starts_at, new_ends_at, why, clash
from api.series_preview(
    :series_id, :ticket_id, :scope, :on, :starts_at, :minutes, :unit, :every, (:weekdays)::smallint[], :monthly_by, :nth, :until_on, :count, :rrule,
    :address_id, (:member_ids)::uuid[], (:services)::jsonb, :instructions, (:move_by_hand)::uuid[])

-- :name series_update :one
select series_id, change_set_id, moved, changed, made, cancelled, stayed_by_hand, clashing
from api.series_update(
    :series_id, :ticket_id, :scope, :on, :starts_at, :minutes, :unit, :every, (:weekdays)::smallint[], :monthly_by, :nth, :until_on, :count, :rrule,
    :address_id, (:member_ids)::uuid[], (:services)::jsonb, :instructions, (:move_by_hand)::uuid[])

-- :name series_skip :one
select id from api.series_skip(:ticket_id)

-- :name series_pause :one
select id from api.series_pause(:series_id, :from_on, :until_on)

-- :name series_resume :one
select id from api.series_resume(:series_id)

-- :name series_end :one
select id from api.series_end(:series_id, :from_on)

-- :name series_undo_changes :many
select at, member, source, table_name, row_id, operation, old, new, thing from api.series_undo_changes(:change_set_id)

-- :name series_undo :one
select id from api.series_undo(:change_set_id)

-- :name series_extend :scalar
select api.series_extend(:after_id)
