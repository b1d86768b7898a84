-- :name calendar_day :many
-- Everybody's visits between two instants, technician by technician; first those that have none. A visit of two is there twice.
select t.id, t.status, t.confirmation, t.starts_at, t.ends_at, c.name, a.street, a.city, s.member_id, m.name as technician,
       s.book_anyway_reason is not null as double_booked, s.out_of_hours_reason is not null as out_of_hours,
       t.status = 'scheduled' and t.starts_at < internal.now() - interval '15 minutes' as late, l.services, l.total_minor
from crm.ticket t
join crm.contact c on c.business_id = t.business_id and c.id = t.contact_id
left join crm.address a on a.business_id = t.business_id and a.id = t.address_id
left join crm.assignment s on s.business_id = t.business_id and s.ticket_id = t.id
left join crm.member m on m.business_id = s.business_id and m.id = s.member_id
left join lateral (
    select string_agg(i.name, ', ' order by i.position) as services, coalesce(sum(i.total_minor), 0)::bigint as total_minor
    from crm.line_item i where i.business_id = t.business_id and i.ticket_id = t.id
) l on true
where t.business_id = :business_id and t.starts_at >= :from_at and t.starts_at < :to_at
  and ((:technician_id)::uuid is null or s.member_id = :technician_id)
  and ((:status)::text is null or t.status = :status)
  and ((:city)::text is null or lower(a.city) = lower(:city))
  and ((:service_id)::uuid is null or exists (
      select from crm.line_item i where i.business_id = t.business_id and i.ticket_id = t.id and i.service_id = :service_id))
order by m.name nulls first, s.member_id, t.starts_at, t.id
limit 1000

-- :name calendar_sheet :many
-- What goes along on paper on a day: each visit of everybody who goes, or of one, with all that is needed at the door. A visit of two is on both sheets.
select t.id, s.member_id, m.name as technician, t.starts_at, t.ends_at, c.name, c.phone, a.street, a.city, a.postcode, a.access_note, t.instructions,
       l.services, w.others
from crm.ticket t
join crm.contact c on c.business_id = t.business_id and c.id = t.contact_id
left join crm.address a on a.business_id = t.business_id and a.id = t.address_id
left join crm.assignment s on s.business_id = t.business_id and s.ticket_id = t.id
left join crm.member m on m.business_id = s.business_id and m.id = s.member_id
left join lateral (
    select string_agg(case when i.quantity = 1 then i.name else trim_scale(i.quantity) || ' × ' || i.name end, ', ' order by i.position, i.id) as services
    from crm.line_item i where i.business_id = t.business_id and i.ticket_id = t.id
) l on true
left join lateral (
    select string_agg(p.name, ', ' order by p.name) as others
    from crm.assignment o join crm.member p on p.business_id = o.business_id and p.id = o.member_id
    where o.business_id = t.business_id and o.ticket_id = t.id and o.member_id <> s.member_id
) w on true
where t.business_id = :business_id and t.starts_at >= :from_at and t.starts_at < :to_at and t.status <> 'cancelled'
  and ((:technician_id)::uuid is null or s.member_id = :technician_id)
order by m.name nulls last, s.member_id, t.starts_at, t.id
limit 400

-- :name calendar_week :many
-- The same by technician and day of a week. A busy week, of more than 150 visits, says of each cell only its first visit
-- and how many there are, from when until when: the page stays light.
with visit as materialized (
    select t.id, t.status, t.confirmation, t.starts_at, t.ends_at, c.name, s.member_id, m.name as technician,
           s.book_anyway_reason is not null as double_booked, s.out_of_hours_reason is not null as out_of_hours,
           t.status = 'scheduled' and t.starts_at < internal.now() - interval '15 minutes' as late,
           (t.starts_at at time zone (:zone)::text)::date as day
    from crm.ticket t
    join crm.contact c on c.business_id = t.business_id and c.id = t.contact_id
    left join crm.address a on a.business_id = t.business_id and a.id = t.address_id
    -- Of each visit in turn: joined as a whole, the assignments of all businesses would be read.
    left join lateral (
        select g.member_id, g.book_anyway_reason, g.out_of_hours_reason from crm.assignment g
        where g.business_id = t.business_id and g.ticket_id = t.id limit 20
    ) s on true
    left join crm.member m on m.business_id = t.business_id and m.id = s.member_id
    where t.business_id = :business_id and t.starts_at >= :from_at and t.starts_at < :to_at
      and ((:technician_id)::uuid is null or s.member_id = :technician_id)
      and ((:status)::text is null or t.status = :status)
      and ((:city)::text is null or lower(a.city) = lower(:city))
      and ((:service_id)::uuid is null or exists (
          select from crm.line_item i where i.business_id = t.business_id and i.ticket_id = t.id and i.service_id = :service_id))
), placed as (
    select v.*, row_number() over (partition by v.member_id, v.day order by v.starts_at, v.id) as place,
           count(*) over (partition by v.member_id, v.day) as visits, max(v.ends_at) over (partition by v.member_id, v.day) as last_at
    from visit v
)
select p.id, p.status, p.confirmation, p.starts_at, p.ends_at, p.name, p.member_id, p.technician, p.double_booked, p.out_of_hours, p.late,
       p.day, p.place, p.visits, p.last_at
from placed p
where p.place <= case when (select count(*) from visit) > 150 then 1 else 40 end
order by p.technician nulls first, p.member_id, p.day, p.place
limit 1000

-- :name calendar_month :many
-- Of each day of a month how many visits there are, how many of them have nobody, and the first three.
with visit as (
    select t.id, t.starts_at, t.status, c.name, (t.starts_at at time zone (:zone)::text)::date as day,
           not exists (select from crm.assignment s where s.business_id = t.business_id and s.ticket_id = t.id) as unassigned
    from crm.ticket t
    join crm.contact c on c.business_id = t.business_id and c.id = t.contact_id
    left join crm.address a on a.business_id = t.business_id and a.id = t.address_id
    where t.business_id = :business_id and t.starts_at >= :from_at and t.starts_at < :to_at and t.blocks_time
      and ((:technician_id)::uuid is null or exists (
          select from crm.assignment s where s.business_id = t.business_id and s.ticket_id = t.id and s.member_id = :technician_id))
      and ((:status)::text is null or t.status = :status)
      and ((:city)::text is null or lower(a.city) = lower(:city))
      and ((:service_id)::uuid is null or exists (
          select from crm.line_item i where i.business_id = t.business_id and i.ticket_id = t.id and i.service_id = :service_id))
), placed as (
    select v.id, v.starts_at, v.status, v.name, v.day, row_number() over (partition by v.day order by v.starts_at, v.id) as place,
           count(*) over (partition by v.day) as visits, count(*) filter (where v.unassigned) over (partition by v.day) as unassigned
    from visit v
)
select p.id, p.starts_at, p.status, p.name, p.day, p.place, p.visits, p.unassigned
from placed p where p.place <= 3
order by p.day, p.place
limit 200

-- :name calendar_counts :many
-- How many visits everybody has on each day between two instants.
select (t.starts_at at time zone (:zone)::text)::date as day, count(*) as visits
from crm.ticket t
where t.business_id = :business_id and t.starts_at >= :from_at and t.starts_at < :to_at and t.blocks_time
group by 1
limit 100

-- :name calendar_version :scalar
-- A number that is another one as soon as a visit between two instants is, or who goes there.
select coalesce(sum(hashtextextended(concat(t.id, t.updated_at, s.member_id, s.book_anyway_reason is null), 0)), 0)::text
from crm.ticket t
left join lateral (
    select g.member_id, g.book_anyway_reason from crm.assignment g where g.business_id = t.business_id and g.ticket_id = t.id limit 20
) s on true
where t.business_id = :business_id and t.starts_at >= :from_at and t.starts_at < :to_at

-- :name calendar_moved :one
-- Where a visit that was moved is now, who goes, whether a mail is on its way that asks whether that suits, whether somebody was told a time
-- before, and whether the last that they were told, and have not answered since, is another one than this.
select t.id, t.confirmation, t.starts_at, t.ends_at, c.name, w.technicians, q.asking, q.told, t.confirmation = 'pending' and q.last_told_at <> t.starts_at as misled
from crm.ticket t
join crm.contact c on c.business_id = t.business_id and c.id = t.contact_id
left join lateral (
    select string_agg(m.name, ', ' order by m.name) as technicians
    from crm.assignment s join crm.member m on m.business_id = s.business_id and m.id = s.member_id
    where s.business_id = t.business_id and s.ticket_id = t.id
) w on true
left join lateral (
    select bool_or(o.kind = 'confirmation' and o.status in ('pending', 'sending')) as asking, bool_or(o.status = 'sent') as told,
           (array_agg(o.ticket_starts_at order by o.sent_at desc) filter (where o.status = 'sent'))[1] as last_told_at
    from crm.message o
    where o.business_id = t.business_id and o.ticket_id = t.id and o.kind in ('confirmation', 'confirmation_follow_up', 'reminder')
) q on true
where t.business_id = :business_id and t.id = :ticket_id
