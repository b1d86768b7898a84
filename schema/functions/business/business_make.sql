create or replace function internal.business_make(p_account_id uuid, p_email text, p_wish jsonb) returns uuid
language plpgsql volatile set search_path = ''
as $$
declare
    v_business_id uuid := uuidv7();
    v_member_id uuid := uuidv7();
begin
    perform internal.act_as(v_business_id, null, 'worker');
    insert into crm.business (business_id, name, time_zone, currency)
    values (v_business_id, p_wish ->> 'business_name', p_wish ->> 'time_zone', p_wish ->> 'currency');
    -- A week to begin with; the owner says better.
    insert into crm.working_hours (weekday, starts_at, ends_at) select d, '08:00', '17:00' from generate_series(1, 5) d;
    insert into crm.counter (business_id, name) values (v_business_id, 'invoice');
    insert into crm.member (business_id, id, account_id, name, email, role, joined_at)
    values (v_business_id, v_member_id, p_account_id, p_wish ->> 'name', p_email, 'owner', internal.now());
    perform internal.act_as(v_business_id, v_member_id, 'owner');
    return v_business_id;
end $$;
comment on function internal.business_make(uuid, text, jsonb) is
    'Make a business with its owner and go on as that owner. The wish has name, business_name, time_zone, currency.';
