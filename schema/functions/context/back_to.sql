create or replace function internal.back_to(p_context text, p_outcome text default null) returns text
language plpgsql volatile set search_path = ''
as $$
begin
    perform set_config('app.context', p_context, true);
    return p_outcome;
end $$;
comment on function internal.back_to(text, text) is
    'Leave what internal.act_as went on as: the transaction is its caller''s again. Gives back the outcome, so that it stands before each return. Whoever has a link has what its functions tell, and never the context that they worked in.';
