-- :name address_read :one
select id, contact_id, label, street, city, region, postcode, access_note
from crm.address
where business_id = :business_id and id = :address_id

-- :name address_create :one
select * from api.address_create(:contact_id, :label, :street, :city, :region, :postcode, :access_note)

-- :name address_update :one
select * from api.address_update(:address_id, :label, :street, :city, :region, :postcode, :access_note)
