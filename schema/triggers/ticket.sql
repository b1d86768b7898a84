create or replace trigger _050_redact before insert or update of note, instructions, cancel_reason, clock_reason on crm.ticket
    for each row execute function internal.tg_redact('note', 'instructions', 'cancel_reason', 'clock_reason');
create or replace trigger _100_closed_is_final before update or delete on crm.ticket
    for each row execute function internal.tg_ticket__closed_is_final();
create or replace trigger _200_moves before insert or update on crm.ticket
    for each row execute function internal.tg_ticket__moves();
create or replace trigger _250_completed_is_answered before update on crm.ticket
    for each row when (new.status = 'completed' and old.status <> 'completed')
    execute function internal.tg_ticket__completed_is_answered();
create or replace trigger _260_clock_is_not_ahead before insert or update of clocked_in_at, clocked_out_at on crm.ticket
    for each row execute function internal.tg_ticket__clock_is_not_ahead();
create or replace trigger _270_moved_by_hand before update of starts_at, ends_at on crm.ticket
    for each row when (new.series_id is not null and (new.starts_at, new.ends_at) is distinct from (old.starts_at, old.ends_at))
    execute function internal.tg_ticket__moved_by_hand();
create or replace trigger _300_buffer before insert or update on crm.ticket
    for each row execute function internal.tg_ticket__buffer();

create or replace trigger _100_closed_is_final before insert or update or delete on crm.assignment
    for each row execute function internal.tg_part__closed_is_final();
create or replace trigger _500_moved_by_hand after insert or delete on crm.assignment
    for each row execute function internal.tg_assignment__moved_by_hand();
create or replace trigger _100_closed_is_final before insert or update or delete on crm.line_item
    for each row execute function internal.tg_part__closed_is_final();
create or replace trigger _100_closed_is_final before insert or update or delete on crm.close_out
    for each row execute function internal.tg_part__closed_is_final();
create or replace trigger _100_closed_is_final before insert or update or delete on crm.gap
    for each row execute function internal.tg_part__closed_is_final();
create or replace trigger _100_closed_is_final before insert or update or delete on crm.proposal
    for each row execute function internal.tg_part__closed_is_final();
create or replace trigger _200_words_are_in_the_note before insert or update of words, starts_at_char, ticket_id on crm.proposal
    for each row execute function internal.tg_proposal__words_are_in_the_note();
