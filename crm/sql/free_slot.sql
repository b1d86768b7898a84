-- :name free_slot_list :many
-- When these members, or without any the technicians, have so many minutes free, or as many as the services take, soonest first.
select member_id, name, starts_at, ends_at
from api.free_slot_list((:member_ids)::uuid[], :from_at, :minutes, (:service_ids)::uuid[])
