-- :name task_list :many
select t.id, t.title, t.detail, t.ticket_id, t.contact_id, t.created_at, c.name
from crm.task t
left join crm.contact c on c.business_id = t.business_id and c.id = t.contact_id
where t.business_id = :business_id and t.done_at is null
order by t.id
limit 50

-- :name task_done :one
select id, title from api.task_done(:task_id)
