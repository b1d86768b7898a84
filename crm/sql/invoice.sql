-- :name invoice_list :many
-- A page of invoices, newest first; `status` is one of them, 'overdue', or empty for all.
select i.id, i.number, i.status, i.total_minor, i.paid_minor, i.currency, i.issued_on, i.due_on, coalesce(i.bill_to_name, c.name) as name,
       i.status in ('sent', 'partial') and i.due_on < (:today)::date as overdue
from crm.invoice i
join crm.contact c on c.business_id = i.business_id and c.id = i.contact_id
where i.business_id = :business_id and i.id < (:before)::uuid
  and ((:status)::text = '' or i.status = :status
       or ((:status)::text = 'open' and i.status in ('sent', 'partial'))
       or ((:status)::text = 'overdue' and i.status in ('sent', 'partial') and i.due_on < (:today)::date))
order by i.id desc
limit 51

-- :name invoice_search :many
-- The invoice of a number.
select i.id, i.number, i.status, i.total_minor, i.currency, i.issued_on, coalesce(i.bill_to_name, c.name) as name
from crm.invoice i
join crm.contact c on c.business_id = i.business_id and c.id = i.contact_id
where i.business_id = :business_id and i.number = (:number)::bigint
limit 1

-- :name invoice_read :one
select i.id, i.number, i.status, i.currency, i.prices_include_tax, i.net_minor, i.tax_minor, i.total_minor, i.paid_minor,
       i.issued_on, i.due_on, i.note, i.voided_at, i.void_reason, i.contact_id, i.ticket_id, coalesce(i.bill_to_name, c.name) as name, i.bill_to_address, c.email, t.starts_at
from crm.invoice i
join crm.contact c on c.business_id = i.business_id and c.id = i.contact_id
left join crm.ticket t on t.business_id = i.business_id and t.id = i.ticket_id
where i.business_id = :business_id and i.id = :invoice_id

-- :name invoice_lines :many
select id, name, unit_label, quantity, unit_price_minor, tax_basis_points, net_minor, tax_minor, total_minor
from crm.line_item
where business_id = :business_id and invoice_id = :invoice_id
order by position, id
limit 100

-- :name invoice_payments :many
select p.amount_minor, p.method, p.paid_on, p.reference, m.name as member
from crm.payment p
left join crm.member m on m.business_id = p.business_id and m.id = p.member_id
where p.business_id = :business_id and p.invoice_id = :invoice_id
order by p.id
limit 100

-- :name ticket_invoice :one
select id, number, status, total_minor
from crm.invoice
where business_id = :business_id and ticket_id = :ticket_id and status <> 'void'

-- :name invoice_create :one
-- repeatable
select id, status from api.invoice_create(:ticket_id)

-- :name invoice_issue :one
-- repeatable
select id, number from api.invoice_issue(:invoice_id)

-- :name invoice_void :one
select id, number from api.invoice_void(:invoice_id, :reason)

-- :name payment_record :one
select id, amount_minor from api.payment_record(:invoice_id, :amount_minor, :method, :paid_on, :reference)
