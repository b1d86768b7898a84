create or replace function internal.phones_with(
    p_phone text, p_phone_e164 text, p_other text, p_other_e164 text, p_new text, p_new_e164 text, p_new_other text, p_new_other_e164 text,
    out phone text, out phone_e164 text, out other_phone text, out other_e164 text)
language plpgsql immutable parallel safe set search_path = ''
as $$
declare
    v_a text := coalesce(p_phone_e164, regexp_replace(p_phone, '\D', '', 'g'));
    v_b text := coalesce(p_other_e164, regexp_replace(p_other, '\D', '', 'g'));
    v_x text := coalesce(p_new_e164, regexp_replace(p_new, '\D', '', 'g'));
    v_y text := coalesce(p_new_other_e164, regexp_replace(p_new_other, '\D', '', 'g'));
    v_a_stays boolean := v_a in (v_x, v_y);
    v_b_stays boolean := v_b in (v_x, v_y);
    v_x_is_new boolean := v_x is not null and v_x is distinct from v_a and v_x is distinct from v_b;
    v_y_is_new boolean := v_y is not null and v_y is distinct from v_a and v_y is distinct from v_b and v_y is distinct from v_x;
begin
    phone := p_phone;
    phone_e164 := p_phone_e164;
    other_phone := p_other;
    other_e164 := p_other_e164;
    if v_x_is_new and not coalesce(v_a_stays, false) then
        phone := p_new;
        phone_e164 := p_new_e164;
    elsif v_x_is_new then
        other_phone := p_new;
        other_e164 := p_new_e164;
    end if;
    if v_y_is_new and not coalesce(v_b_stays, false) then
        other_phone := p_new_other;
        other_e164 := p_new_other_e164;
    elsif v_y_is_new then
        phone := p_new_other;
        phone_e164 := p_new_other_e164;
    end if;
end $$;
comment on function internal.phones_with(text, text, text, text, text, text, text, text) is
    'The two phone numbers of a contact once a file''s are taken in: a number that is there stays as it was typed and where it is, a new one takes the place of one that the file does not have.';
