-- :name free_slot_list :many
-- When these members, or without any the technicians, have so many minutes free at a place, or as many as the services take, soonest
-- first. Of a contact it is their first address, as in the form.
select member_id, name, starts_at, ends_at
from api.free_slot_list((:member_ids)::uuid[], :from_at, :minutes, (:service_ids)::uuid[], p_address_id => coalesce((:address_id)::uuid, (
    select a.id from crm.address a
    where a.business_id = :business_id and a.contact_id = (:contact_id)::uuid and a.archived_at is null
    order by a.id limit 1)))
