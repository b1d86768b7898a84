create or replace function internal.tg_ticket_link__token() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    insert into internal.link_token (token_hash, business_id, link_id) values (new.token_hash, new.business_id, new.id);
    return null;
end $$;
comment on function internal.tg_ticket_link__token() is
    'Remember outside the wall whose link it is. Definer: no role reaches that table.';
