-- What must never be in the catalogue. Each rule is a query for offenders; a healthy database answers
-- every one with nothing. Run by tests/rls/catalogue.py, as a superuser, against any database.
-- What may deviate is named inside the rule, so that a deviation is a line in a review.

-- prologue
with
room as (select oid, nspname as room from pg_namespace where nspname in ('crm', 'api', 'internal')),
person as (select unnest(array['crm_app', 'crm_support']) as role),
stranger as (select oid, rolname::text as role from pg_roles where rolname in ('crm_app', 'crm_support', 'crm_backup')
             union all select 0, 'public'),
rel as (
    select c.*, r.room, r.room || '.' || c.relname as name, c.relkind in ('r', 'p') as is_table,
           exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'business_id') as is_tenant
    from pg_class c join room r on r.oid = c.relnamespace),
col as (
    select a.*, rel.room, rel.relname, rel.is_table, rel.is_tenant, rel.relispartition, rel.name || '.' || a.attname as name
    from rel join pg_attribute a on a.attrelid = rel.oid and a.attnum > 0 and not a.attisdropped),
con as (select k.*, rel.room, rel.relname, rel.is_tenant, rel.relispartition, rel.name || ' ' || k.conname as name
        from pg_constraint k join rel on rel.oid = k.conrelid),
ind as (select i.*, rel.room, rel.relname, rel.is_tenant, rel.relispartition, i.indexrelid::regclass::text as name
        from pg_index i join rel on rel.oid = i.indrelid),
pol as (select p.*, rel.relname, rel.is_tenant, rel.name || ' ' || p.polname as name,
               pg_get_expr(p.polqual, p.polrelid) as can_see, pg_get_expr(p.polwithcheck, p.polrelid) as can_write,
               p.polroles = array['crm_owner'::regrole::oid] as for_functions
        from pg_policy p join rel on rel.oid = p.polrelid),
trg as (select t.*, rel.relname, rel.name || ' ' || t.tgname as name from pg_trigger t join rel on rel.oid = t.tgrelid
        where not t.tgisinternal),
fn as (select p.*, r.room, p.oid::regprocedure::text as name, regexp_replace(p.prosrc, '--[^\n]*', '', 'g') as body
       from pg_proc p join room r on r.oid = p.pronamespace),
query as (select unnest(string_to_array(current_setting('lint.queries', true), ',')) as name)

-- ==== the business in every row, key and reference

-- rule: table_belongs_to_a_business
select name from rel where room = 'crm' and is_table and relname not in ('account', 'sign_in_link')
    and not exists (select from col where attrelid = rel.oid and attname = 'business_id' and attnotnull and atttypid = 'uuid'::regtype)

-- rule: business_leads_every_key
select con.name from con where room = 'crm' and is_tenant and contype in ('p', 'u', 'x')
    and not exists (select from col where attrelid = conrelid and attnum = conkey[1] and attname = 'business_id')

-- rule: business_leads_every_index
select ind.name from ind where room = 'crm' and is_tenant
    and not exists (select from col where attrelid = indrelid and attnum = indkey[0] and attname = 'business_id')

-- rule: reference_carries_the_business
-- Foreign keys are checked behind the wall: without the business in them they reach through it.
select con.name from con where contype = 'f' and is_tenant
    and exists (select from pg_attribute where attrelid = confrelid and attname = 'business_id')
    and not exists (
        select from unnest(conkey, confkey) as pair(here, there)
        join pg_attribute h on h.attrelid = conrelid and h.attnum = here and h.attname = 'business_id'
        join pg_attribute t on t.attrelid = confrelid and t.attnum = there and t.attname = 'business_id')

-- rule: column_that_names_a_row_is_a_reference
select col.name from col where room = 'crm' and is_table and is_tenant and not relispartition and atttypid = 'uuid'::regtype
    and attname not in ('id', 'business_id')
    and not exists (select from con where contype = 'f' and conrelid = attrelid and attnum = any (conkey))
    -- Records of what happened outlive the rows they name; a grant is a token or a link of several tables.
    and col.name not in ('crm.audit_entry.member_id', 'crm.audit_entry.grant_id', 'crm.audit_entry.change_set_id', 'crm.audit_entry.contact_id', 'crm.data_export.after_id', 'crm.security_event.member_id')

-- rule: nothing_goes_with_its_reference
select con.name from con where room = 'crm' and contype = 'f' and (confdeltype in ('c', 'n', 'd') or confupdtype in ('n', 'd'))

-- rule: constraint_holds_for_every_row
select con.name from con where not convalidated or not conenforced

-- rule: index_is_valid
select ind.name from ind where not (indisvalid and indisready and indislive)

-- ==== the wall

-- rule: wall_is_up_for_everybody
select name from rel where room = 'crm' and is_table and not (relrowsecurity and relforcerowsecurity)

-- rule: wall_stands
select rel.name from rel where room = 'crm' and is_table and is_tenant and not relispartition and not exists (
    select from pol where polrelid = rel.oid and polname = 'wall' and not polpermissive and polcmd = '*' and polroles = '{0}'
        and can_see = '(business_id = ( SELECT internal.current_business() AS current_business))' and can_write = can_see)

-- rule: policy_lets_people_only_read
select name from pol where polpermissive and polcmd <> 'r' and not for_functions

-- rule: global_table_is_opened_by_functions_only
select name from pol where not is_tenant and not for_functions

-- rule: policy_for_all_rows_is_agreed
-- Whoever is inside the business sees all of these; every other table says who sees what.
select name from pol where polpermissive and polcmd = 'r' and not for_functions and can_see = 'true'
    and relname not in ('business', 'member', 'service', 'assignment', 'counter')

-- rule: policy_believes_the_signed_context_only
select name from pol where concat(can_see, can_write) ~* 'current_setting|session_user|current_user'
    or concat(can_see, can_write) ~ 'current_(business|member|role)\(\)[^=]*IS NULL'

-- rule: policy_is_named_for_its_table
select name from pol where polname <> 'wall' and not starts_with(polname, relname || '_')

-- rule: view_looks_with_the_callers_eyes
select name from rel where relkind = 'v' and not coalesce(reloptions, '{}') @> '{security_invoker=true}'

-- rule: copy_outside_the_wall
-- Row security reaches neither materialized views nor foreign, unlogged or inherited tables.
select name from rel where relkind in ('m', 'f') or relpersistence <> 'p'
    or exists (select from pg_inherits where inhrelid = rel.oid and not relispartition)

-- rule: rule_rewrites_nothing
select rel.name from rel join pg_rewrite on ev_class = rel.oid where relkind <> 'v' or rulename <> '_RETURN'

-- ==== roles

-- rule: role_is_harmless
select rolname from pg_roles where rolname in ('crm_owner', 'crm_app', 'crm_support', 'crm_backup')
    and (rolsuper or rolcreaterole or rolcreatedb or rolreplication or (rolname = 'crm_owner' and rolcanlogin)
         or (rolname <> 'crm_backup' and rolbypassrls))

-- rule: role_is_nobody_else
select m.member::regrole || ' is ' || m.roleid::regrole from pg_auth_members m
where m.member in (select oid from pg_roles where rolname in ('crm_owner', 'crm_app', 'crm_support', 'crm_backup'))
    and (m.member::regrole::text, m.roleid::regrole::text) <> ('crm_backup', 'pg_read_all_data')

-- rule: role_settings_are_the_agreed_ones
-- A role may change its own settings, and every later session of it would live with them.
select setrole::regrole || ' ' || setting from pg_db_role_setting, unnest(setconfig) as setting
where (setrole = 0 or setrole in (select oid from pg_roles where rolname in ('crm_owner', 'crm_app', 'crm_support', 'crm_backup')))
    and setdatabase in (0, (select oid from pg_database where datname = current_database()))
    and setting <> all ('{statement_timeout=5s,lock_timeout=3s,idle_in_transaction_session_timeout=10s,TimeZone=UTC,temp_file_limit=64MB}')

-- rule: role_has_limits
select role || ' ' || limited from person, unnest('{statement_timeout,lock_timeout,idle_in_transaction_session_timeout}'::text[]) as limited
where not exists (select from pg_db_role_setting, unnest(setconfig) as setting
                  where setrole = person.role::regrole and setting ~ ('^' || limited || '=[1-9]'))

-- rule: role_cannot_fill_the_disk
select role from person where not exists (
    select from pg_db_role_setting, unnest(setconfig) as setting
    where setrole = person.role::regrole and setting ~ '^temp_file_limit=[1-9]')

-- rule: role_owns_nothing
select pg_describe_object(classid, objid, objsubid) from pg_shdepend
where deptype = 'o' and refobjid in (select oid from stranger where oid <> 0)
    and dbid in (0, (select oid from pg_database where datname = current_database()))

-- rule: object_belongs_to_the_owner
select name from rel where relowner <> 'crm_owner'::regrole
union all select name from fn where proowner <> 'crm_owner'::regrole
union all select nspname from pg_namespace where nspname in ('crm', 'api', 'internal') and nspowner <> 'crm_owner'::regrole

-- ==== what people may touch

-- rule: nobody_writes_a_table
select role || ' ' || name from stranger, rel where relkind in ('r', 'p', 'v', 'm', 'f')
    and (has_any_column_privilege(role, rel.oid, 'INSERT,UPDATE,REFERENCES')
         or has_table_privilege(role, rel.oid, 'INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER,MAINTAIN'))

-- rule: nobody_reads_what_has_no_wall
select role || ' ' || name from person, rel where relkind in ('r', 'p', 'v', 'm', 'f')
    and (room = 'internal' or relispartition or (is_table and not is_tenant) or relname = 'counter')
    and has_any_column_privilege(role, rel.oid, 'SELECT')

-- rule: nobody_reads_a_secret_column
select role || ' ' || name from person, col
where name in ('crm.job.payload') and has_column_privilege(role, attrelid, attnum, 'SELECT')

-- rule: account_id_stays_inside
-- Its time and its sameness tell one business that another has known a person, and since when.
select role || ' ' || name from person, col
where room = 'crm' and attname = 'account_id' and has_column_privilege(role, attrelid, attnum, 'SELECT')

-- rule: backup_holds_no_key
-- A key in a backup is a key to every business.
select 'crm_backup ' || name from rel where relname = 'context_key' and has_any_column_privilege('crm_backup', rel.oid, 'SELECT')

-- rule: nobody_makes_anything
select role || ' schema ' || nspname from stranger, pg_namespace where has_schema_privilege(role, pg_namespace.oid, 'CREATE') and nspname !~ '^pg_temp'
union all select role || ' database ' || privilege from stranger, unnest('{CREATE,TEMP}'::text[]) as privilege
    where has_database_privilege(role, current_database(), privilege)
union all select role || ' language ' || lanname from stranger, pg_language where lanname <> 'sql' and has_language_privilege(role, pg_language.oid, 'USAGE')
    and lanname not in ('c', 'internal')

-- rule: public_holds_nothing
select 'database ' || datname from pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) a
    where datname = current_database() and a.grantee = 0
union all select 'schema ' || nspname from pg_namespace, aclexplode(nspacl) a
    where nspname in ('crm', 'api', 'internal', 'extensions', 'public') and a.grantee = 0
union all select name from rel, aclexplode(relacl) a where a.grantee = 0
union all select name from col, aclexplode(attacl) a where a.grantee = 0

-- rule: nobody_passes_rights_on
select a.grantee::regrole || ' ' || name from rel, aclexplode(relacl) a where is_grantable and grantee <> relowner
union all select a.grantee::regrole || ' ' || name from fn, aclexplode(proacl) a where is_grantable and grantee <> proowner
union all select a.grantee::regrole || ' ' || nspname from pg_namespace, aclexplode(nspacl) a where is_grantable and grantee <> nspowner

-- rule: new_objects_are_closed
select pg_describe_object('pg_default_acl'::regclass, d.oid, 0) from pg_default_acl d, aclexplode(defaclacl) a
    where a.grantee = 0 or a.grantee in (select oid from stranger)
union all select 'functions of crm_owner are born executable by public' where not exists (
    select from pg_default_acl where defaclrole = 'crm_owner'::regrole and defaclobjtype = 'f' and defaclnamespace = 0)

-- rule: numbers_come_from_a_row
-- A sequence leaves gaps, and its gaps tell one business how busy the others are.
select name from rel where relkind = 'S' union all select name from col where attidentity <> ''

-- rule: extension_is_closed
select extname || ' is not in extensions' from pg_extension where extname <> 'plpgsql' and extnamespace <> 'extensions'::regnamespace
union all select p.oid::regprocedure || ' ' || role from pg_proc p, stranger
    where p.pronamespace = 'extensions'::regnamespace and has_function_privilege(role, p.oid, 'EXECUTE')

-- rule: server_side_door_is_closed
-- Built-ins that need no table privilege and know no business.
select role || ' ' || p.oid::regprocedure from pg_proc p, person
where p.pronamespace = 'pg_catalog'::regnamespace and has_function_privilege(role, p.oid, 'EXECUTE')
    and (p.proname ~ '^(lo_|pg_read_|pg_ls_|pg_file_|pg_stat_reset|pg_backup_|pg_wal_replay_)'
         or p.proname in ('loread', 'lowrite', 'pg_terminate_backend', 'pg_cancel_backend', 'pg_export_snapshot', 'pg_logical_emit_message',
                          'pg_reload_conf', 'pg_rotate_logfile', 'pg_switch_wal', 'pg_promote', 'pg_create_restore_point'))

-- rule: locks_are_the_houses_own
-- One space of numbers for everybody: whoever holds the schema machine's lock stops every upgrade.
select role || ' ' || p.oid::regprocedure from pg_proc p, person
where p.pronamespace = 'pg_catalog'::regnamespace and p.proname ~ '^pg_(try_)?advisory_' and has_function_privilege(role, p.oid, 'EXECUTE')

-- ==== functions

-- rule: function_is_closed_to_public
select name from fn, aclexplode(coalesce(proacl, acldefault('f', proowner))) a where a.grantee = 0

-- rule: function_is_readable_source
select name from fn join pg_language l on l.oid = prolang where lanname not in ('sql', 'plpgsql')

-- rule: function_pins_its_search_path
-- A body in the standard's form (return …, begin atomic) is resolved when it is made and needs none.
select name from fn where prosqlbody is null and not exists (
    select from unnest(proconfig) as setting where setting in ('search_path=""', 'search_path=pg_catalog, extensions, pg_temp'))

-- rule: function_exists_once
select room || '.' || proname from fn group by room, proname having count(*) > 1

-- rule: function_says_what_it_does
select name from fn where coalesce(obj_description(oid, 'pg_proc'), '') !~ '^[^\n]{10,}'

-- rule: definer_says_why
select name from fn where prosecdef and obj_description(oid, 'pg_proc') !~* 'definer'

-- rule: definer_is_no_superuser
select name from fn join pg_roles r on r.oid = proowner where prosecdef and (rolsuper or rolbypassrls)

-- rule: function_builds_no_sql
select name from fn where body ~* '\mexecute\M'
    -- Names of months, quoted by format().
    and name not in ('internal.audit_partitions_make(integer)')

-- rule: function_swallows_no_error
select name from fn where body ~* 'when\s+others'

-- rule: immutable_reads_nothing
select name from fn where provolatile = 'i' and coalesce(pg_get_function_sqlbody(oid), prosrc) ~* 'current_setting|internal\.(context|current_|now)|\mnow\(\)|\mfrom\s+(crm|internal)\.|clock_timestamp'

-- rule: notify_says_nothing
select name from fn where body ~* 'pg_notify|\mnotify\M' and body !~* 'pg_notify\([^,()]+,\s*''''\s*\)'

-- rule: internal_function_stays_inside
-- Policies run as the caller, so what they call is granted, and so are the context and what pages ask before they
-- offer a button; nothing that acts but enter().
select role || ' ' || name from person, fn where room = 'internal' and has_function_privilege(role, fn.oid, 'EXECUTE')
    and proname not in ('enter', 'context', 'current_business', 'current_member', 'current_role', 'may_change', 'house', 'now')
    and (provolatile = 'v' or proname in ('sign_context', 'context_mac', 'act_as') or not exists (
        select from pg_depend where classid = 'pg_policy'::regclass and refclassid = 'pg_proc'::regclass and refobjid = fn.oid))

-- rule: api_function_can_be_called
select name from fn where room = 'api' and not has_function_privilege('crm_app', fn.oid, 'EXECUTE')

-- rule: action_writes_as_the_owner
select name from fn where room = 'api' and provolatile = 'v' and not prosecdef

-- rule: action_asks_first
-- The first statement, after declarations that read no table and call no action.
select name from fn where room = 'api' and provolatile = 'v' and (
    body !~ ('^\s*(declare\s.*?\s)?begin\s+perform internal\.require\(''' || proname || '''\);')
    or body ~ '^\s*declare\s.*?(\mselect\M|\mapi\.|:=\s*\(?crm\.).*?\mbegin\M.*?internal\.require')

-- rule: definer_read_asks_first
-- A stable definer function answers whoever may call it, unless it asks too.
select name from fn where room = 'api' and provolatile <> 'v' and prosecdef
    -- It says the same of permissions.sql to everybody with a context.
    and proname <> 'capabilities'
    and body !~ ('^\s*(declare\s.*?\s)?begin\s+perform internal\.require\(''' || proname || '''\);')

-- rule: action_has_a_permission
select name from fn where room = 'api' and (provolatile = 'v' or prosecdef) and proname <> 'capabilities'
    and not exists (select from internal.permission where action = proname)

-- rule: query_has_a_permission
select name from query where not exists (select from internal.permission where action = query.name)

-- rule: permission_is_for_something
select action from internal.permission
where not exists (select from fn where room = 'api' and proname = action) and action not in (select name from query)

-- rule: permission_names_known_roles
select action from internal.permission where roles = '{}'
    or not roles <@ '{owner,office,technician,visitor,customer,worker}'

-- rule: permission_of_a_house_action_is_no_model_s
-- Sign-in and the queue are nothing that a model is ever asked to do.
select action from internal.permission where roles <@ '{visitor,worker}' and model_level <> 'requires_authorization'

-- ==== triggers

-- rule: table_is_audited
select rel.name from rel where room = 'crm' and is_table and is_tenant and not relispartition
    -- Records of what happened audit themselves.
    and relname not in ('audit_entry', 'security_event', 'data_export_part', 'contact_import_row', 'done_action')
    -- Changes row by row, what is added and removed by statement.
    and (select count(*) from trg where tgrelid = rel.oid and tgenabled in ('O', 'A') and tgqual is null and (tgname, tgtype, tgfoid) in (
        ('_900_audit', 17, 'internal.tg_audit'::regproc), ('_900_audit_insert', 4, 'internal.tg_audit_rows'::regproc),
        ('_900_audit_delete', 8, 'internal.tg_audit_rows'::regproc))) < 3

-- rule: audit_masks_secrets
select name from trg where tgname ~ '^_900_audit' and relname = 'job' and pg_get_triggerdef(trg.oid) !~ '\mpayload\M'

-- rule: record_is_append_only
select rel.name from rel where room = 'crm' and relname in ('audit_entry', 'security_event', 'payment', 'erasure')
    and not exists (select from trg where tgrelid = rel.oid and tgname = '_100_append_only' and tgenabled in ('O', 'A')
                    and tgtype = 27 and tgfoid = 'internal.tg_append_only'::regproc and tgqual is null)

-- rule: trigger_is_awake
select name from trg where tgenabled not in ('O', 'A')
union all select evtname from pg_event_trigger where evtenabled = 'D'

-- rule: trigger_is_named_for_its_rule
select trg.name from trg where tgname !~ '^_[0-9]{3}_[a-z_]+$'
    or not exists (select from fn where fn.oid = tgfoid and room = 'internal' and proname ~ '^tg_')

-- rule: audit_has_a_partition_for_the_coming_months
select month from generate_series(date_trunc('month', now() at time zone 'UTC'), date_trunc('month', now() at time zone 'UTC') + interval '2 months', interval '1 month') as month
where not exists (
    select from pg_inherits join rel on rel.oid = inhrelid where inhparent = 'crm.audit_entry'::regclass
        and pg_get_expr(relpartbound, rel.oid) like format('FOR VALUES FROM (''%s %%', month::date))

-- ==== words and types

-- rule: column_type_is_exact
-- No binary fractions, no local times without a zone, no lengths that a constraint should explain.
select name || ' ' || format_type(atttypid, atttypmod) from col where is_table and atttypid in (
    'float4'::regtype, 'float8'::regtype, 'money'::regtype, 'timestamp'::regtype, 'timetz'::regtype,
    'varchar'::regtype, 'bpchar'::regtype, 'json'::regtype, 'oid'::regtype)

-- rule: table_says_what_it_is
select name from rel where is_table and not relispartition and obj_description(oid, 'pg_class') is null

-- rule: constraint_is_named_in_words
-- Not-null constraints are named by PostgreSQL; people see the column's own sentence.
select con.name from con where contype <> 'n' and not relispartition and (
    not starts_with(conname, relname || '_') or conname ~ '_(check|key|fkey|excl)[0-9]*$')

-- rule: rule_has_a_sentence_for_people
-- What a person can hit is explained by its comment. Functions alone fill these tables and keep these rules.
select con.name from con where room = 'crm' and contype in ('c', 'u', 'x') and not relispartition
    and relname not in ('counter', 'account', 'sign_in_link', 'security_event', 'job', 'audit_entry', 'task', 'message', 'ticket_link')
    and conname !~ '_(status|source)_is_known$|_says_(when|why|who|when_and_who)$|_total_is_net_and_tax$'
    and conname not in ('address_belongs_to_one_contact', 'attribute_from_a_note_has_its_words',
        'attribute_words_are_not_too_long', 'ticket_times_are_one', 'ticket_belongs_to_one_contact', 'ticket_confirmation_is_known',
        'ticket_buffer_follows_the_visit', 'ticket_clock_out_needs_clock_in', 'ticket_under_way_is_clocked_in',
        'line_item_has_one_parent', 'line_item_pricing_is_known', 'line_item_unit_label_is_short', 'line_item_tax_is_a_share',
        'invoice_currency_is_iso_4217', 'invoice_number_is_taken_at_issue', 'invoice_due_after_issue',
        'invoice_status_follows_payment', 'invoice_number_is_unique', 'close_out_next_is_a_choice', 'proposal_is_made_once')
    and coalesce(obj_description(con.oid, 'pg_constraint'), '') !~ '^[A-Z].*[.!?]$'
union all
select ind.name from ind where room = 'crm' and indisunique and not relispartition
    and not exists (select from pg_constraint where conindid = indexrelid)
    and coalesce(obj_description(indexrelid, 'pg_class'), '') !~ '^[A-Z].*[.!?]$'

-- rule: time_that_people_type_is_finite
-- `infinity` cannot be shown: one such row breaks every list it is in.
select col.name from col where room = 'crm' and is_table and is_tenant and not relispartition
    and atttypid in ('timestamptz'::regtype, 'date'::regtype)
    and attname ~ '^(starts|ends|send|clocked_in|clocked_out)_at$|_starts_at$|_until$|_on$|_date$'
    and not exists (select from con where conrelid = attrelid and attnum = any (conkey)
                    and (contype = 'f' or pg_get_constraintdef(con.oid) ~ 'is_sane_|isfinite|interval'))
