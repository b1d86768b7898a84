-- :name business_read :one
select name, time_zone, currency, tax_basis_points, prices_include_tax, payment_terms_days, travel_buffer_minutes, phone, email,
       travel_area_minutes, travel_far_minutes, arrival_minutes, language
from crm.business
where business_id = :business_id

-- :name business_arrival :one
-- How long after its start a visit is expected, unless it says otherwise.
select arrival_minutes from crm.business where business_id = :business_id

-- :name business_update :one
select name from api.business_update(
    :name, :time_zone, :tax_basis_points, :prices_include_tax, :payment_terms_days, :travel_buffer_minutes, :phone, :email,
    :travel_area_minutes, :travel_far_minutes, :arrival_minutes, :language)
