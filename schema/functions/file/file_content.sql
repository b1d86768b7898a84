create or replace function api.file_content(p_file_id uuid, p_thumbnail boolean default false)
returns table (id uuid, kind text, name text, media_type text, kept_in text, content bytea)
language plpgsql stable security definer set search_path = ''
as $$
begin
    perform internal.require('file_content');
    return query
        select f.id, f.kind, f.name, case when p_thumbnail then 'image/jpeg' else f.media_type end, f.kept_in,
               case when p_thumbnail then c.thumbnail else c.content end
        from crm.file f left join crm.file_content c on c.business_id = f.business_id and c.file_id = f.id
        where f.business_id = internal.current_business() and f.id = p_file_id and (f.kind = 'photo' or not p_thumbnail);
end $$;
comment on function api.file_content(uuid, boolean) is
    'The bytes of a file that the caller may see, or of its small picture. Null content of a file that is kept in the folder. Definer: nobody reads the bytes but through here.';
grant execute on function api.file_content(uuid, boolean) to crm_app, crm_support;
