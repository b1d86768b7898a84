-- :name attribute_set :one
select * from api.attribute_set(:contact_id, :key, :value)

-- :name attribute_remove :one
select * from api.attribute_remove(:attribute_id)

-- :name attribute_keys :many
-- The names of the facts that the business keeps: from one to the next by the index, however many have each.
with recursive known(key) as (
    (select a.key from crm.attribute a where a.business_id = :business_id order by a.key limit 1)
    union all
    select (select a.key from crm.attribute a where a.business_id = :business_id and a.key > k.key order by a.key limit 1)
    from known k where k.key is not null
)
select key from known where key is not null
limit 40
