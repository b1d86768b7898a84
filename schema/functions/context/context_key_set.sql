create or replace function internal.context_key_set(p_key bytea) returns text
language plpgsql volatile set search_path = ''
as $$
declare
    v_key bytea := case when octet_length(p_key) > 64 then sha256(p_key) else p_key end;
    v_inner bytea := decode(repeat('36', 64), 'hex');
    v_outer bytea := decode(repeat('5c', 64), 'hex');
    v_key_id text := left(encode(sha256('key id:'::bytea || p_key), 'hex'), 8);
begin
    if octet_length(p_key) < 32 then
        perform internal.refuse('context_key_is_long_enough', 'The context key must have at least 32 bytes.');
    end if;
    for i in 0 .. octet_length(v_key) - 1 loop
        v_inner := set_byte(v_inner, i, get_byte(v_inner, i) # get_byte(v_key, i));
        v_outer := set_byte(v_outer, i, get_byte(v_outer, i) # get_byte(v_key, i));
    end loop;
    insert into internal.context_key (key_id, inner_pad, outer_pad) values (v_key_id, v_inner, v_outer)
    on conflict (key_id) do update set valid_until = null where context_key.valid_until is not null;
    update internal.context_key set valid_until = clock_timestamp() + interval '10 minutes'
    where key_id <> v_key_id and valid_until is null;
    delete from internal.context_key where valid_until < clock_timestamp();
    return v_key_id;
end $$;
comment on function internal.context_key_set(bytea) is
    'Install the key contexts are signed with. The key before it stays valid for ten minutes, so that running processes can follow.';
