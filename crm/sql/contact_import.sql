-- :name contact_import_list :many
-- The imports, the latest first.
select i.id, i.file_name, i.state, i.total_rows, i.done_rows, i.created, i.updated, i.skipped, i.failed, i.undone, i.kept, i.created_at, m.name as member
from crm.contact_import i
left join crm.member m on m.business_id = i.business_id and m.id = i.member_id
where i.business_id = :business_id
order by i.id desc
limit 50

-- :name contact_import_read :one
select i.id, i.file_name, i.file_kind, i.preset, i.columns, i.mapping, i.duplicates, i.state, i.total_rows, i.done_rows, i.created, i.updated,
       i.skipped, i.failed, i.undone, i.kept, i.started_at, i.finished_at, i.created_at, m.name as member
from crm.contact_import i
left join crm.member m on m.business_id = i.business_id and m.id = i.member_id
where i.business_id = :business_id and i.id = :contact_import_id

-- :name contact_import_sample :many
-- The first rows of the file.
select r.number, r.cells
from crm.contact_import_row r
where r.business_id = :business_id and r.contact_import_id = :contact_import_id and r.number <= 100
order by r.number
limit 100

-- :name contact_import_left :many
-- Rows that were not taken in, or not taken back, with why: what has to be mended first.
select r.number, r.outcome, r.reason, r.contact_id, c.name
from crm.contact_import_row r
left join crm.contact c on c.business_id = r.business_id and c.id = r.contact_id
where r.business_id = :business_id and r.contact_import_id = :contact_import_id and r.outcome in ('failed', 'kept', 'skipped')
order by array_position('{failed,kept,skipped}', r.outcome), r.number
limit 20

-- :name contact_import_failures :many
-- Every row that failed, as it stands in the file.
select r.cells, r.reason
from crm.contact_import_row r
where r.business_id = :business_id and r.contact_import_id = :contact_import_id and r.outcome = 'failed'
order by r.number
limit 100000

-- :name contact_import_work :one
-- How the rows are read.
select i.mapping, i.state, b.time_zone
from crm.contact_import i
join crm.business b on b.business_id = i.business_id
where i.business_id = :business_id and i.id = :contact_import_id

-- :name contact_import_waiting :many
-- The next rows to take in, from a number on.
select r.number, r.cells
from crm.contact_import_row r
where r.business_id = :business_id and r.contact_import_id = :contact_import_id and r.outcome = 'waiting' and r.number > :after
order by r.number
limit 250

-- :name contact_import_create :one
select id from api.contact_import_create(:file_name, :file_kind, :preset, :columns, :mapping)

-- :name contact_import_rows_add :scalar
select api.contact_import_rows_add(:contact_import_id, :first, :rows)

-- :name contact_import_map :one
select id, state, total_rows from api.contact_import_map(:contact_import_id, :mapping, :duplicates)

-- :name contact_import_start :one
select id, state, total_rows from api.contact_import_start(:contact_import_id)

-- :name contact_import_cancel :one
select id, file_name, state, started_at from api.contact_import_cancel(:contact_import_id)

-- :name contact_import_undo :one
select id, state from api.contact_import_undo(:contact_import_id)

-- :name contact_import_apply :one
select id, state, done_rows from api.contact_import_apply(:contact_import_id, :people, :asks)

-- :name contact_import_take_back :one
select id, state, undone, kept from api.contact_import_take_back(:contact_import_id)
