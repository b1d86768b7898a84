-- :name sign_in_request :scalar
select api.sign_in_request(:email, :browser_hash)

-- :name sign_up_request :scalar
select api.sign_up_request(:email, :browser_hash, :name, :business_name, :time_zone, :currency)

-- :name sign_in_link_issue :one
select email, purpose, expires_at from api.sign_in_link_issue(:link_id, :token_hash, :code)

-- :name sign_in_verify :one
select outcome, account_id, email from api.sign_in_verify(:token_hash, :browser_hash)

-- :name sign_in_verify_code :one
select outcome, account_id, email from api.sign_in_verify_code(:code, :browser_hash)

-- :name membership_list :many
select business_id, member_id, role from api.membership_list(:account_id)
