-- :name data_export_list :many
select e.id, e.state, e.noun, e.done_rows, e.total_rows, e.created_at, e.finished_at, m.name as member
from crm.data_export e
left join crm.member m on m.business_id = e.business_id and m.id = e.member_id
where e.business_id = :business_id
order by e.id desc
limit 20

-- :name data_export_read :one
select e.id, e.state, e.noun, e.done_rows, e.total_rows, e.created_at, e.finished_at
from crm.data_export e
where e.business_id = :business_id and e.id = :data_export_id

-- :name data_export_files :many
-- The photos and documents that go along, a page from an id on.
select f.id
from crm.file f
where f.business_id = :business_id and f.id > (:after_id)::uuid
order by f.id
limit 100

-- :name data_export_work :one
-- Where an export stands: which rows come next.
select e.id, e.noun, e.after_id, e.number
from crm.data_export e
where e.business_id = :business_id and e.id = :data_export_id and e.state = 'running'

-- :name data_export_rows :many
select id, content from api.data_export_rows(:noun, :after_id)

-- :name data_export_create :one
select id from api.data_export_create()

-- :name data_export_part_add :one
select id, state from api.data_export_part_add(:data_export_id, :number, :rows, :last_id, :csv, :json, :more)

-- :name data_export_part :one
select noun, number, as_csv, as_json from api.data_export_part(:data_export_id, :number)

-- :name data_export_remove :one
select id from api.data_export_remove(:data_export_id)
