create or replace function internal.tg_message__moves() returns trigger
language plpgsql volatile set search_path = ''
as $$
declare
    v_allowed text[] := case old.status
        when 'pending' then array['sending', 'cancelled']
        -- Back to pending when the mail server was away; cancelled when the reason for it went away meanwhile.
        when 'sending' then array['sent', 'failed', 'pending', 'cancelled']
        when 'failed' then array['pending', 'cancelled']
        -- What a merge cancelled comes back when the merge is undone.
        when 'cancelled' then case when coalesce(current_setting('app.change_set', true), '') <> '' then array['pending'] else '{}' end
        else array[]::text[] end;
begin
    if new.status <> all (v_allowed) then
        perform internal.refuse('message_moves_step_by_step', format('A mail that is %s cannot become %s.', old.status, new.status),
            case when v_allowed = '{}' then 'It is final.' else format('It can become %s.', array_to_string(v_allowed, ' or ')) end);
    end if;
    return new;
end $$;
comment on function internal.tg_message__moves() is
    'pending → sending → sent or failed; pending → cancelled; failed → pending. What is being sent goes back when it could not be, and ends when it is pointless by then.';
