create or replace function internal.link_enter(p_token_hash bytea) returns crm.ticket_link
language plpgsql volatile set search_path = ''
as $$
declare
    v_token internal.link_token;
    v_link crm.ticket_link;
begin
    select * into v_token from internal.link_token t where t.token_hash = p_token_hash;
    if v_token.link_id is null then return null; end if;
    -- From here on this transaction is the customer's, in the business of the link, and sees one visit.
    perform internal.act_as(v_token.business_id, null, 'customer', null, v_token.link_id);
    select * into v_link from crm.ticket_link l
    where l.business_id = v_token.business_id and l.id = v_token.link_id and l.revoked_at is null and l.expires_at > internal.now();
    return v_link;
end $$;
comment on function internal.link_enter(bytea) is
    'Go on as the customer whom a link was sent to. Null when it is unknown, withdrawn or too old; of one that was known once, the transaction is in its business all the same, so that its security events are found there.';
