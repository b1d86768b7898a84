create or replace function internal.sign_in_link_make(p_email text, p_browser_hash bytea, p_sign_up jsonb) returns uuid
language plpgsql volatile set search_path = ''
as $$
declare
    v_link_id uuid;
begin
    if octet_length(p_browser_hash) is distinct from 32 then
        perform internal.refuse('sign_in_link_is_for_a_browser', 'This browser keeps no cookies, so it cannot sign in.');
    end if;
    -- The newest link is the only one.
    update crm.sign_in_link set expires_at = internal.now()
    where email = p_email and used_at is null and expires_at > internal.now();
    insert into crm.sign_in_link (email, purpose, sign_up, browser_hash)
    values (p_email, case when p_sign_up is null then 'sign_in' else 'sign_up' end, p_sign_up, p_browser_hash)
    returning id into v_link_id;
    perform internal.enqueue('sign_in_mail', v_link_id::text, jsonb_build_object('link_id', v_link_id));
    return v_link_id;
end $$;
comment on function internal.sign_in_link_make(text, bytea, jsonb) is
    'Make the row of a link without its words: the worker makes those when it sends the mail, so they are stored nowhere.';
