create or replace function internal.tg_proposal__words_are_in_the_note() returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
    if not exists (select from crm.ticket t where t.business_id = new.business_id and t.id = new.ticket_id
                   and substr(t.note, new.starts_at_char + 1, length(new.words)) = new.words) then
        perform internal.refuse('proposal_words_are_in_the_note', 'A proposal quotes words that are not in the note.');
    end if;
    return new;
end $$;
comment on function internal.tg_proposal__words_are_in_the_note() is
    'A proposal is kept only with the exact words of the note it came from. Definer: reads the note.';
