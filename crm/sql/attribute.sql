-- :name attribute_set :one
select * from api.attribute_set(:contact_id, :key, :value)

-- :name attribute_remove :one
select * from api.attribute_remove(:attribute_id)
