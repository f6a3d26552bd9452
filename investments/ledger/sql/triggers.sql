-- What makes the ledger follow every change of a fact, by whatever path: statement triggers over the changed rows.
-- Each function below answers for one table; the triggers that call them stand at the end.
-- Old and new rows are compared by EXCEPT, which stays quick whatever size of change the plan was first made for.

CREATE OR REPLACE FUNCTION ledger_on_announcement() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    counted bigint[];
    worded bigint[];
    bad record;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        counted := ARRAY(SELECT id FROM investments_deal WHERE steps > 0 OR is_public);
        worded := counted;
    ELSIF TG_OP = 'INSERT' THEN
        counted := ARRAY(SELECT DISTINCT deal_id FROM new_rows WHERE deal_id IS NOT NULL);
        worded := counted;
    ELSIF TG_OP = 'DELETE' THEN
        counted := ARRAY(SELECT DISTINCT deal_id FROM old_rows WHERE deal_id IS NOT NULL);
        worded := counted;
        DELETE FROM investments_ledgerentry e USING old_rows o WHERE e.announcement_id = o.id;
    ELSE
        WITH old_facts AS (
            SELECT deal_id, id, key, date, event, amount_low, amount_high, currency, basis, per, mw, review
            FROM old_rows
        ), new_facts AS (
            SELECT deal_id, id, key, date, event, amount_low, amount_high, currency, basis, per, mw, review
            FROM new_rows
        ), changed AS (
            (SELECT * FROM old_facts EXCEPT SELECT * FROM new_facts)
            UNION ALL (SELECT * FROM new_facts EXCEPT SELECT * FROM old_facts)
        )
        SELECT array_agg(DISTINCT deal_id) FILTER (WHERE deal_id IS NOT NULL) INTO counted FROM changed;
        WITH old_words AS (
            SELECT deal_id, id, review, headline, headline_fr, note, note_fr FROM old_rows
        ), new_words AS (
            SELECT deal_id, id, review, headline, headline_fr, note, note_fr FROM new_rows
        ), changed AS (
            (SELECT * FROM old_words EXCEPT SELECT * FROM new_words)
            UNION ALL (SELECT * FROM new_words EXCEPT SELECT * FROM old_words)
        )
        SELECT array_agg(DISTINCT deal_id) FILTER (WHERE deal_id IS NOT NULL) INTO worded FROM changed;
    END IF;
    IF TG_OP IN ('INSERT', 'UPDATE') THEN
        -- Rule 5 also for what the ledger does not read yet: drafts, and statements about a site alone.
        SELECT currency, date INTO bad FROM new_rows
        WHERE currency NOT IN ('', 'USD') AND (amount_low IS NOT NULL OR amount_high IS NOT NULL)
          AND tracker_rate(currency, date) IS NULL
        ORDER BY date LIMIT 1;
        IF FOUND THEN
            PERFORM ledger_refuse_missing_rate(bad.currency, bad.date);
        END IF;
    END IF;
    PERFORM ledger_derive(counted);
    PERFORM deal_documents_derive(worded);
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION ledger_on_exchangerate() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[];
BEGIN
    -- Entries under way elsewhere were made with the old rates: wait for them, then see them.
    PERFORM pg_advisory_xact_lock(hashtext('investments_exchangerate'));
    IF TG_OP = 'TRUNCATE' THEN
        touched := ARRAY(SELECT DISTINCT deal_id FROM investments_announcement
                         WHERE deal_id IS NOT NULL AND currency NOT IN ('', 'USD'));
    END IF;
    IF TG_OP IN ('INSERT', 'UPDATE') THEN
        touched := ARRAY(
            SELECT DISTINCT a.deal_id FROM investments_announcement a
            JOIN new_rows r ON r.currency = a.currency AND r.date <= a.date
             AND (r.origin = 'peg' OR r.date >= a.date - 7)
            WHERE a.deal_id IS NOT NULL
        );
    END IF;
    IF TG_OP IN ('DELETE', 'UPDATE') THEN
        touched := touched || ARRAY(
            SELECT DISTINCT a.deal_id FROM investments_announcement a
            JOIN old_rows r ON r.currency = a.currency AND r.date <= a.date
             AND (r.origin = 'peg' OR r.date >= a.date - 7)
            WHERE a.deal_id IS NOT NULL
        );
    END IF;
    PERFORM ledger_derive(touched);
    RETURN NULL;
END
$$;

-- A new deal has no announcement yet, so its derived columns start empty whatever the writer said.
CREATE OR REPLACE FUNCTION ledger_on_deal_arriving() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.status := NEW.stage; NEW.is_public := false; NEW.headline_usd := NULL; NEW.floor_usd := NULL;
    NEW.delivered_high_usd := NULL; NEW.delivered_low_usd := NULL; NEW.has_money := false;
    NEW.currency := ''; NEW.amount_low := NULL; NEW.amount_high := NULL; NEW.basis := ''; NEW.per := '';
    NEW.mw := NULL; NEW.first_announced := NULL; NEW.last_announced := NULL; NEW.steps := 0;
    NEW.has_conflict := false;
    RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION ledger_on_deal() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    counted bigint[];
    moved bigint[];
    worded bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF current_setting('tracker.deriving', true) = 'on' THEN
            RETURN NULL;
        END IF;
        -- A stage changes the status, a kind goes with the entries. A writer who saves a whole row may write back derived columns that have
        -- moved on meanwhile: they are derived again.
        counted := ARRAY(
            SELECT id FROM (
                SELECT id, kind, stage, status, is_public, headline_usd, floor_usd, delivered_high_usd, delivered_low_usd, has_money,
                   currency, amount_low, amount_high, basis, per, mw, first_announced, last_announced, steps, has_conflict FROM new_rows
                EXCEPT
                SELECT id, kind, stage, status, is_public, headline_usd, floor_usd, delivered_high_usd, delivered_low_usd, has_money,
                   currency, amount_low, amount_high, basis, per, mw, first_announced, last_announced, steps, has_conflict FROM old_rows
            ) changed
        );
        moved := ARRAY(
            SELECT id FROM (SELECT id, part_of_id FROM new_rows EXCEPT SELECT id, part_of_id FROM old_rows) changed
        );
        worded := ARRAY(
            SELECT id FROM (
                SELECT id, slug, title, title_fr, note, note_fr FROM new_rows
                EXCEPT
                SELECT id, slug, title, title_fr, note, note_fr FROM old_rows
            ) changed
        );
    ELSIF TG_OP = 'INSERT' THEN
        -- Announcements and parts may have come before their deal within one transaction.
        counted := ARRAY(SELECT n.id FROM new_rows n
                         WHERE EXISTS (SELECT FROM investments_announcement a WHERE a.deal_id = n.id));
        moved := ARRAY(SELECT n.id FROM new_rows n
                       WHERE n.part_of_id IS NOT NULL
                          OR EXISTS (SELECT FROM investments_deal d WHERE d.part_of_id = n.id));
        worded := ARRAY(SELECT id FROM new_rows);
    ELSIF TG_OP = 'DELETE' THEN
        DELETE FROM investments_ledgerentry e USING old_rows o WHERE e.deal_id = o.id;
        DELETE FROM investments_dealdocument x USING old_rows o WHERE x.deal_id = o.id;
        -- What lay inside it stands alone, or in what is left around it.
        WITH gone AS (
            DELETE FROM investments_dealcontainment c USING old_rows o WHERE c.deal_id = o.id OR c.container_id = o.id
            RETURNING c.deal_id
        )
        SELECT array_agg(DISTINCT deal_id) INTO counted FROM gone;
        PERFORM ledger_cover(counted);
        counted := NULL;
    END IF;
    PERFORM ledger_derive(counted);
    PERFORM containment_derive(moved);
    PERFORM deal_documents_derive(worded);
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION ledger_on_dealparty() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[];
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        touched := ARRAY(SELECT id FROM investments_deal);
    ELSIF TG_OP = 'INSERT' THEN
        touched := ARRAY(SELECT DISTINCT deal_id FROM new_rows);
    ELSIF TG_OP = 'DELETE' THEN
        touched := ARRAY(SELECT DISTINCT deal_id FROM old_rows);
    ELSE
        touched := ARRAY(SELECT deal_id FROM new_rows UNION SELECT deal_id FROM old_rows);
    END IF;
    IF TG_OP IN ('INSERT', 'UPDATE') THEN
        PERFORM deal_check_shares(touched);
    END IF;
    PERFORM deal_documents_derive(touched);
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION ledger_on_deal_projects() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        PERFORM deal_documents_derive(ARRAY(SELECT id FROM investments_deal));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM deal_documents_derive(ARRAY(SELECT DISTINCT deal_id FROM old_rows));
    ELSIF TG_OP = 'INSERT' THEN
        PERFORM deal_documents_derive(ARRAY(SELECT DISTINCT deal_id FROM new_rows));
    ELSE
        PERFORM deal_documents_derive(ARRAY(SELECT deal_id FROM new_rows UNION SELECT deal_id FROM old_rows));
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION ledger_on_company() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM deal_documents_derive(ARRAY(
        SELECT DISTINCT p.deal_id FROM investments_dealparty p
        WHERE p.company_id IN (
            SELECT id FROM (SELECT id, name, aliases FROM new_rows EXCEPT SELECT id, name, aliases FROM old_rows) changed
        )
    ));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION ledger_on_project() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM deal_documents_derive(ARRAY(
        SELECT DISTINCT l.deal_id FROM investments_deal_projects l
        WHERE l.datacenterproject_id IN (
            SELECT id FROM (SELECT id, name, city, region FROM new_rows EXCEPT SELECT id, name, city, region FROM old_rows) changed
        )
    ));
    RETURN NULL;
END
$$;

-- The triggers themselves: one per table and kind of statement.
CREATE OR REPLACE FUNCTION tracker_install_triggers() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    t record;
BEGIN
    FOR t IN
        SELECT * FROM (VALUES
            ('investments_announcement', 'ledger_on_announcement', 'INSERT UPDATE DELETE TRUNCATE'),
            ('investments_exchangerate', 'ledger_on_exchangerate', 'INSERT UPDATE DELETE TRUNCATE'),
            ('investments_deal', 'ledger_on_deal', 'INSERT UPDATE DELETE'),
            ('investments_dealparty', 'ledger_on_dealparty', 'INSERT UPDATE DELETE TRUNCATE'),
            ('investments_deal_projects', 'ledger_on_deal_projects', 'INSERT UPDATE DELETE TRUNCATE'),
            ('investments_company', 'ledger_on_company', 'UPDATE'),
            ('investments_datacenterproject', 'ledger_on_project', 'UPDATE')
        ) AS x(tab, func, ops), LATERAL unnest(string_to_array(ops, ' ')) AS op
    LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS %I ON %I', t.func || '_' || lower(t.op), t.tab);
        EXECUTE format('CREATE TRIGGER %I AFTER %s ON %I %s FOR EACH STATEMENT EXECUTE FUNCTION %I()',
            t.func || '_' || lower(t.op), t.op, t.tab,
            CASE t.op
                WHEN 'INSERT' THEN 'REFERENCING NEW TABLE AS new_rows'
                WHEN 'UPDATE' THEN 'REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows'
                WHEN 'DELETE' THEN 'REFERENCING OLD TABLE AS old_rows'
                ELSE ''
            END, t.func);
    END LOOP;
    DROP TRIGGER IF EXISTS ledger_on_deal_arriving ON investments_deal;
    CREATE TRIGGER ledger_on_deal_arriving BEFORE INSERT ON investments_deal
        FOR EACH ROW EXECUTE FUNCTION ledger_on_deal_arriving();
END
$$;
SELECT tracker_install_triggers();
