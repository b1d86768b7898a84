-- :name working_hours_list :many
-- The hours of everybody together (no member) and of each who has their own, day by day.
select w.member_id, w.weekday, w.starts_at, w.ends_at
from crm.working_hours w
where w.business_id = :business_id
order by w.member_id nulls first, w.weekday
limit 800

-- :name working_hours_set :many
select weekday from api.working_hours_set(:for_member_id, (:weekdays)::smallint[], (:starts)::time[], (:ends)::time[])
