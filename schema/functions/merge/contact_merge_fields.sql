create or replace function internal.contact_merge_fields(p_kept crm.contact, p_other crm.contact, p_take text[]) returns void
language plpgsql volatile set search_path = ''
as $$
declare
    v_new crm.contact := p_kept;
begin
    if 'name' = any (p_take) then v_new.name := p_other.name; end if;
    if 'kind' = any (p_take) then v_new.kind := p_other.kind; end if;
    if 'phone' = any (p_take) then v_new.phone := p_other.phone; v_new.phone_e164 := p_other.phone_e164; end if;
    if 'other_phone' = any (p_take) then v_new.other_phone := p_other.other_phone; v_new.other_e164 := p_other.other_e164; end if;
    if 'email' = any (p_take) then v_new.email := p_other.email; end if;
    if 'preferred_method' = any (p_take) then v_new.preferred_method := p_other.preferred_method; end if;
    if 'preferred_time' = any (p_take) then v_new.preferred_time := p_other.preferred_time; end if;
    if 'language' = any (p_take) then v_new.language := p_other.language; end if;
    if 'referred_by' = any (p_take) then v_new.referred_by := p_other.referred_by; end if;
    if 'note' = any (p_take) then v_new.note := p_other.note; end if;
    if 'unsubscribed' in (p_kept.consent, p_other.consent) then
        -- Before the consent changes: an undo, which goes backwards, then finds them welcome again.
        update crm.message m set status = 'cancelled', cancelled_at = internal.now()
        where m.business_id = p_kept.business_id and m.contact_id in (p_kept.id, p_other.id) and m.kind = 'outreach' and m.status = 'pending';
        if p_kept.consent <> 'unsubscribed' then
            v_new.consent := 'unsubscribed';
            v_new.consent_at := p_other.consent_at;
        end if;
    end if;
    update crm.contact c set name = v_new.name, kind = v_new.kind, phone = v_new.phone, phone_e164 = v_new.phone_e164,
        other_phone = v_new.other_phone, other_e164 = v_new.other_e164, email = v_new.email, preferred_method = v_new.preferred_method,
        preferred_time = v_new.preferred_time, language = v_new.language, referred_by = v_new.referred_by, note = v_new.note, consent = v_new.consent, consent_at = v_new.consent_at
    where c.business_id = v_new.business_id and c.id = v_new.id;
    -- One number typed in two ways has one international form, which the change of the number took away.
    update crm.contact c set phone_e164 = v_new.phone_e164, other_e164 = v_new.other_e164
    where c.business_id = v_new.business_id and c.id = v_new.id
      and (c.phone_e164, c.other_e164) is distinct from (v_new.phone_e164, v_new.other_e164);
end $$;
comment on function internal.contact_merge_fields(crm.contact, crm.contact, text[]) is
    'Take the named fields of the other contact. Whoever unsubscribed as either of them gets no more outreach.';
