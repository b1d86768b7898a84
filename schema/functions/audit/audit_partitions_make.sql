create or replace function internal.audit_partitions_make(p_months_ahead integer default 3) returns integer
language plpgsql volatile set search_path = ''
as $$
declare
    v_month date;
    v_name text;
    v_made integer := 0;
begin
    for v_month in
        select generate_series(date_trunc('month', internal.now() at time zone 'UTC'),
            date_trunc('month', internal.now() at time zone 'UTC') + make_interval(months => p_months_ahead), '1 month')::date
    loop
        v_name := 'audit_entry_' || to_char(v_month, 'YYYY_MM');
        if to_regclass('crm.' || v_name) is null then
            execute format('create table crm.%I partition of crm.audit_entry for values from (%L) to (%L)',
                v_name, v_month::timestamp at time zone 'UTC', (v_month + interval '1 month')::timestamp at time zone 'UTC');
            execute format('alter table crm.%I enable row level security', v_name);
            execute format('alter table crm.%I force row level security', v_name);
            execute format('grant select on crm.%I to crm_backup', v_name);
            v_made := v_made + 1;
        end if;
    end loop;
    return v_made;
end $$;
comment on function internal.audit_partitions_make(integer) is
    'Make the audit''s monthly partitions from this month to p_months_ahead months ahead; returns how many were missing. Every apply calls it, and the default partition catches what comes later.';
