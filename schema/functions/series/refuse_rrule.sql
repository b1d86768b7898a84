create or replace function internal.refuse_rrule(p_message text, p_hint text default null) returns void
language plpgsql volatile set search_path = ''
as $$
begin
    perform internal.refuse('series_rrule_is_one_of_ours', 'This rule cannot be taken over. ' || p_message,
        coalesce(p_hint, 'Choose the days by hand.'));
end $$;
comment on function internal.refuse_rrule(text, text) is 'Say why a rule of RFC 5545 is none that we keep.';
