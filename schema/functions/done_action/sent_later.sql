create or replace function internal.sent_later(p_happened_at timestamptz) returns text
language sql stable set search_path = ''
return case when p_happened_at < internal.now() - interval '2 minutes' then 'Sent later from the phone.' end;
comment on function internal.sent_later(timestamptz) is 'What a visit says of clock times that came more than two minutes after they happened; null when they came at once.';
