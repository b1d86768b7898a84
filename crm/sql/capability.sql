-- :name capability_list :many
select action, kind, roles, allowed, model_level, description, arguments from api.capabilities()
