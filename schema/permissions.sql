-- Who may do what: the whole of it, on one screen. An action is an api.* function; a read is a named
-- query of crm/sql. What has no row here is refused. Levels are for models: unrestricted,
-- soft_limit (a stated reasoning), requires_authorization (a person allows it first).
delete from internal.permission;
insert into internal.permission (action, roles, model_level) values
    -- before sign-in, and the worker
    ('sign_in_request',       '{visitor}',                              'requires_authorization'),
    ('sign_up_request',       '{visitor}',                              'requires_authorization'),
    ('sign_in_verify',        '{visitor}',                              'requires_authorization'),
    ('sign_in_verify_code',   '{visitor}',                              'requires_authorization'),
    ('membership_list',       '{visitor}',                              'requires_authorization'),
    ('sign_in_link_issue',    '{worker}',                               'requires_authorization'),
    ('job_claim',             '{worker}',                               'requires_authorization'),
    ('job_open',              '{worker}',                               'requires_authorization'),
    ('job_finish',            '{worker}',                               'requires_authorization'),
    ('job_fail',              '{worker}',                               'requires_authorization'),
    ('invitation_read',       '{worker}',                               'requires_authorization'),
    -- the people
    ('member_arrive',         '{owner,office,technician}',              'requires_authorization'),
    ('member_list',           '{owner,office}',                         'unrestricted'),
    ('member_read',           '{owner}',                                'unrestricted'),
    ('member_invite',         '{owner}',                                'requires_authorization'),
    ('member_update',         '{owner}',                                'requires_authorization'),
    ('member_disable',        '{owner}',                                'requires_authorization'),
    ('session_profile',       '{owner,office,technician}',              'unrestricted'),
    -- contacts
    ('contact_list',          '{owner,office,technician}',              'unrestricted'),
    ('contact_read',          '{owner,office,technician}',              'unrestricted'),
    ('contact_addresses',     '{owner,office,technician}',              'unrestricted'),
    ('contact_attributes',    '{owner,office,technician}',              'unrestricted'),
    ('contact_create',        '{owner,office}',                         'unrestricted'),
    ('contact_update',        '{owner,office}',                         'unrestricted'),
    ('contact_archive',       '{owner,office}',                         'soft_limit'),
    ('address_read',          '{owner,office,technician}',              'unrestricted'),
    ('address_create',        '{owner,office}',                         'unrestricted'),
    ('address_update',        '{owner,office}',                         'unrestricted'),
    ('attribute_set',         '{owner,office,technician}',              'unrestricted'),
    ('attribute_remove',      '{owner,office}',                         'soft_limit');
