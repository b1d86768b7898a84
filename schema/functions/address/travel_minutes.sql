create or replace function internal.travel_minutes(p_business crm.business, p_here text, p_there text) returns integer
language sql immutable parallel safe set search_path = ''
begin atomic
    -- A postcode's first half or first three signs stand for a town or a quarter of one.
    select case
        when p_here is null or p_there is null or p_here = p_there then p_business.travel_buffer_minutes
        when internal.postcode_area(p_here) = internal.postcode_area(p_there)
            then coalesce(p_business.travel_area_minutes, p_business.travel_buffer_minutes)
        else coalesce(p_business.travel_far_minutes, p_business.travel_area_minutes, p_business.travel_buffer_minutes) end;
end;
comment on function internal.travel_minutes(crm.business, text, text) is
    'How many minutes to leave between two visits at places with these postcodes: the buffer for the same one or one that is not known, more for others of the area, most for other areas.';
