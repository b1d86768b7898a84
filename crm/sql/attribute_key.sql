-- :name attribute_keys :many
-- The names that facts go by in this business.
select key, kind
from crm.attribute_key
where business_id = :business_id
order by key
limit 300

-- :name attribute_key_list :many
-- The same with their headings, and how many contacts have each, counted up to a thousand.
select k.id, k.key, k.kind, k.section, n.facts
from crm.attribute_key k
left join lateral (
    select count(*) as facts from (
        select from crm.attribute a where a.business_id = k.business_id and a.key = k.key limit 1001) each
) n on true
where k.business_id = :business_id
order by array_position('{access,property,people,other}', k.section), k.key
limit 300

-- :name attribute_key_read :one
select k.id, k.key, k.kind, k.section
from crm.attribute_key k
where k.business_id = :business_id and k.id = :attribute_key_id

-- :name attribute_key_update :one
select id, key from api.attribute_key_update(:attribute_key_id, :kind, :section)

-- :name attribute_key_rename :one
select id, key from api.attribute_key_rename(:attribute_key_id, :key)
