create or replace function internal.change_set_begin(p_kind text) returns uuid
language plpgsql volatile set search_path = ''
as $$
declare
    v_id uuid;
begin
    insert into crm.change_set (kind) values (p_kind) returning id into v_id;
    perform set_config('app.change_set', v_id::text, true);
    return v_id;
end $$;
comment on function internal.change_set_begin(text) is
    'Make all that this transaction changes from here on one change set; returns its id. A later transaction goes on with it by set_config(''app.change_set'', id, true).';
