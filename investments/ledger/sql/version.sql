-- The version of the data: one row for each transaction that changed facts. Rows are only ever added, so writers do
-- not wait for each other, and a reader that finds the same rows knows that nothing has changed.

-- Notes that the running transaction changes facts; once a transaction.
CREATE OR REPLACE FUNCTION tracker_note_change() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    here text := pg_current_xact_id()::text;
    noted bigint;
BEGIN
    IF current_setting('tracker.changed', true) IS DISTINCT FROM here THEN
        INSERT INTO investments_datachange DEFAULT VALUES RETURNING id INTO noted;
        PERFORM set_config('tracker.changed', here, true);
        -- The oldest rows say nothing more; whoever adds a thousandth takes them away.
        IF noted % 1000 = 0 THEN
            DELETE FROM investments_datachange WHERE id < noted - 1000;
        END IF;
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION tracker_data_version() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT concat_ws('.', max(id), count(*), sum(id)) FROM investments_datachange
$$;

CREATE OR REPLACE FUNCTION tracker_install_version_triggers() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    tab text;
BEGIN
    FOREACH tab IN ARRAY ARRAY[
        'announcement', 'announcementsource', 'company', 'datacenterproject', 'deal', 'deal_projects', 'dealparty',
        'exchangerate', 'forecast', 'forecast_disputes', 'impact', 'milestone', 'projectenergy', 'projectparty',
        'source', 'ledgerentry', 'dealcontainment'
    ] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS tracker_note_change ON investments_%s', tab);
        EXECUTE format(
            'CREATE TRIGGER tracker_note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON investments_%s
             FOR EACH STATEMENT EXECUTE FUNCTION tracker_note_change()', tab);
    END LOOP;
END
$$;
SELECT tracker_install_version_triggers();
