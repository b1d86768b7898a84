create or replace function api.member_since() returns timestamptz
language plpgsql stable security definer set search_path = ''
as $$
declare
    v_actor record := internal.context();
begin
    perform internal.require('member_since');
    return (select m.since from internal.membership m
            where m.business_id = v_actor.business_id and m.member_id = v_actor.member_id and m.active);
end $$;
comment on function api.member_since() is
    'Since when whoever asks has had this role without a break: a sign-in older than that is over. Definer: the index of memberships stands outside the wall.';
grant execute on function api.member_since() to crm_app, crm_support;
