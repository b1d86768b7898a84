-- :name saved_list_names :many
-- What the business saved, by name.
select id, name, query
from crm.saved_list
where business_id = :business_id
order by lower(name), id
limit 50

-- :name saved_list_save :one
select id, name, query from api.saved_list_save(:name, :query)

-- :name saved_list_remove :one
select id, name from api.saved_list_remove(:saved_list_id)
