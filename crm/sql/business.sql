-- :name business_read :one
select name, time_zone, currency, tax_basis_points, prices_include_tax, payment_terms_days, travel_buffer_minutes, phone, email
from crm.business
where business_id = :business_id

-- :name business_update :one
select name from api.business_update(
    :name, :time_zone, :tax_basis_points, :prices_include_tax, :payment_terms_days, :travel_buffer_minutes, :phone, :email)
