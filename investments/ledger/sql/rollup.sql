-- The rollup: the entries of everything public added up by month, kind, status and whether another deal covers them,
-- so that what is asked most is read and not added up. It follows every change of an entry, within the transaction of
-- the change. Rows are only ever added, as differences, so that writers do not wait for each other: readers add up.

-- The query for what the entries in ``source`` come to, ``times`` over (-1: taken away). The entry that opens a deal
-- stands for the deal; the first that is not zero, for a deal with money.
CREATE OR REPLACE FUNCTION rollup_sums(source text, times integer) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT format('
        SELECT date_trunc(''month'', e.date)::date AS month, e.kind, e.status, e.is_covered,
               %2$s * sum(e.low_usd) AS low_usd, %2$s * sum(e.high_usd) AS high_usd,
               %2$s * count(*) FILTER (WHERE e.low_usd <> 0) AS low_statements,
               %2$s * count(*) FILTER (WHERE e.high_usd <> 0) AS high_statements,
               %2$s * count(*) FILTER (WHERE e.opens_low) AS low_deals,
               %2$s * count(*) FILTER (WHERE e.opens_high) AS high_deals,
               %2$s * count(*) FILTER (WHERE e.opens) AS deals,
               %2$s * count(*) FILTER (WHERE e.opens AND NOT e.is_priced) AS unpriced_deals
        FROM %1$I e GROUP BY 1, 2, 3, 4', source, times)
$$;

-- The statement that adds these sums to the rollup.
CREATE OR REPLACE FUNCTION rollup_statement(source text, times integer) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT 'INSERT INTO investments_spendingrollup
        (month, kind, status, is_covered, low_usd, high_usd, low_statements, high_statements,
         low_deals, high_deals, deals, unpriced_deals)' || rollup_sums(source, times)
$$;

-- Adds up the rows of the rollup that stand for the same entries.
CREATE OR REPLACE FUNCTION rollup_compact() RETURNS void
LANGUAGE sql AS $$
    WITH gone AS (
        DELETE FROM investments_spendingrollup RETURNING *
    )
    INSERT INTO investments_spendingrollup
        (month, kind, status, is_covered, low_usd, high_usd, low_statements, high_statements,
         low_deals, high_deals, deals, unpriced_deals)
    SELECT month, kind, status, is_covered, sum(low_usd), sum(high_usd), sum(low_statements), sum(high_statements),
           sum(low_deals), sum(high_deals), sum(deals), sum(unpriced_deals)
    FROM gone GROUP BY month, kind, status, is_covered
    HAVING (sum(low_usd), sum(high_usd), sum(low_statements), sum(high_statements), sum(low_deals), sum(high_deals),
            sum(deals), sum(unpriced_deals)) <> (0, 0, 0, 0, 0, 0, 0, 0)
$$;

CREATE OR REPLACE FUNCTION rollup_rebuild() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM investments_spendingrollup;
    EXECUTE rollup_statement('investments_ledgerentry', 1);
END
$$;

CREATE OR REPLACE FUNCTION rollup_on_ledgerentry() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM investments_spendingrollup;
        RETURN NULL;
    END IF;
    IF TG_OP IN ('UPDATE', 'DELETE') THEN
        EXECUTE rollup_statement('old_rows', -1);
    END IF;
    IF TG_OP IN ('UPDATE', 'INSERT') THEN
        EXECUTE rollup_statement('new_rows', 1);
    END IF;
    -- Now and then a writer adds up what has gathered. In a stricter isolation another's work could stop it.
    IF random() < 0.002 AND current_setting('transaction_isolation') = 'read committed'
       AND pg_try_advisory_xact_lock(hashtext('investments_spendingrollup')) THEN
        PERFORM rollup_compact();
    END IF;
    RETURN NULL;
END
$$;

-- Whether the rollup is what the entries come to. Writes nothing.
CREATE OR REPLACE FUNCTION rollup_holds() RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
    wrong boolean;
BEGIN
    -- What the entries come to and what is stored, taken away from each other, leave rows of nothing.
    EXECUTE format('
        SELECT EXISTS (
            SELECT FROM (
                %s UNION ALL
                SELECT month, kind, status, is_covered, -low_usd, -high_usd, -low_statements, -high_statements,
                       -low_deals, -high_deals, -deals, -unpriced_deals FROM investments_spendingrollup
            ) x GROUP BY month, kind, status, is_covered
            HAVING (sum(low_usd), sum(high_usd), sum(low_statements), sum(high_statements), sum(low_deals),
                    sum(high_deals), sum(deals), sum(unpriced_deals)) <> (0, 0, 0, 0, 0, 0, 0, 0)
        )', rollup_sums('investments_ledgerentry', 1)) INTO wrong;
    RETURN NOT wrong;
END
$$;

CREATE OR REPLACE FUNCTION rollup_install_triggers() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    CREATE OR REPLACE TRIGGER rollup_on_insert AFTER INSERT ON investments_ledgerentry
        REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION rollup_on_ledgerentry();
    CREATE OR REPLACE TRIGGER rollup_on_update AFTER UPDATE ON investments_ledgerentry
        REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
        FOR EACH STATEMENT EXECUTE FUNCTION rollup_on_ledgerentry();
    CREATE OR REPLACE TRIGGER rollup_on_delete AFTER DELETE ON investments_ledgerentry
        REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION rollup_on_ledgerentry();
    CREATE OR REPLACE TRIGGER rollup_on_truncate AFTER TRUNCATE ON investments_ledgerentry
        FOR EACH STATEMENT EXECUTE FUNCTION rollup_on_ledgerentry();
END
$$;
SELECT rollup_install_triggers();
