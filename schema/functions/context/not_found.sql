create or replace function internal.not_found(p_noun text) returns void
language plpgsql volatile set search_path = ''
as $$
begin
    raise no_data_found using constraint = p_noun || '_is_not_found',
        message = format('This %s does not exist, or you may not see it.', replace(p_noun, '_', ' '));
end $$;
comment on function internal.not_found(text) is
    'Raise P0002: what does not exist, what belongs to another business and what the member may not see are the same to the caller.';
