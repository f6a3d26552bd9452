-- The ledger: entries and the derived columns of deals, made from facts (docs/counting.md; rule numbers are its).
-- Every function takes the deals to look at, works on them as a set, and writes only what differs.
-- One call may bring one deal and the next a million: plans are made for each (force_custom_plan), never kept.

-- Rule 5: units of a currency per US dollar on a day; NULL where no rate serves it.
CREATE OR REPLACE FUNCTION tracker_rate(wanted text, on_day date) RETURNS numeric
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN wanted = 'USD' THEN 1 ELSE (
        SELECT r.rate FROM investments_exchangerate r
        WHERE r.currency = wanted AND r.date <= on_day AND (r.origin = 'peg' OR r.date >= on_day - 7)
        ORDER BY r.date DESC LIMIT 1
    ) END
$$;

CREATE OR REPLACE FUNCTION ledger_refuse_missing_rate(missing text, on_day date) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'No exchange rate for % on % or in the 7 days before.', missing, on_day
        USING ERRCODE = 'check_violation', CONSTRAINT = 'exchange_rate_known',
              DETAIL = format('currency=%s date=%s', missing, on_day),
              HINT = 'Add a manual exchange rate for that day.';
END
$$;

-- amount * part / whole to the cent, half away from zero. The long one carries the quotient to 30 decimals, so that
-- it is not rounded twice.
CREATE OR REPLACE FUNCTION ledger_fraction(amount numeric, part numeric, whole numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT round(amount * part * 1.000000000000000000000000000000 / whole, 2)
$$;

-- Rule 4 for one bound: what a new total adds to the entries so far.
--   before, after: totals in the deal's currency; so_far: the sum of the entries (USD);
--   per_usd: the day's rate; moved: the currency is another one than before.
CREATE OR REPLACE FUNCTION ledger_increment(
    before numeric, after numeric, so_far numeric, per_usd numeric, moved boolean
) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN after = 0 THEN -so_far
        WHEN moved THEN round(after / per_usd, 2) - so_far
        WHEN after >= before THEN round((after - before) / per_usd, 2)
        ELSE -ledger_fraction(so_far, before - after, before)
    END
$$;

-- Rules 1 to 4 and 10: walks the published announcements of the deals in order and returns what each one added,
-- and beside it the state of its deal so far. The row with last_of_deal holds the deal's derived columns.
DROP FUNCTION IF EXISTS ledger_compute(bigint[]);
CREATE FUNCTION ledger_compute(deals bigint[]) RETURNS TABLE (
    announcement_id bigint, deal_id bigint, date date,
    low_usd numeric, high_usd numeric, delivered_low_usd numeric, delivered_high_usd numeric,
    last_of_deal boolean,
    status text, sum_low_usd numeric, sum_high_usd numeric, got_low_usd numeric, got_high_usd numeric,
    has_money boolean, currency text, amount_low numeric, amount_high numeric, basis text, per text, mw numeric,
    first_announced date, last_announced date, steps integer, has_conflict boolean,
    opens boolean, opens_low boolean, opens_high boolean
)
LANGUAGE plpgsql STABLE ROWS 10000 SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    a record;
    here bigint;
    low numeric; high numeric;                -- bounds of this announcement (rule 1)
    got_low numeric; got_high numeric;        -- delivered so far, in got_currency
    got_currency text;
    rumoured boolean; cancelled boolean;
    moved_low boolean; moved_high boolean;    -- an earlier entry of the deal is not zero
BEGIN
    FOR a IN
        SELECT s.id, s.deal_id, s.date, s.event, s.amount_low, s.amount_high, s.currency, s.basis, s.per, s.mw,
               d.stage,
               s.amount_low IS NOT NULL OR s.amount_high IS NOT NULL AS has_amount,
               -- Rule 2: whether any announcement of the deal moves its total by itself.
               bool_or(s.event = 'cancelled'
                       OR s.event IN ('announced', 'increased', 'reduced', 'confirmed', 'completed')
                          AND (s.amount_low IS NOT NULL OR s.amount_high IS NOT NULL)) OVER of_deal AS firm,
               bool_or(s.event = 'reported') OVER of_deal AS told,
               count(*) OVER of_deal AS of_deal,
               CASE WHEN s.currency = 'USD' THEN 1
                    WHEN s.amount_low IS NULL AND s.amount_high IS NULL THEN NULL
                    ELSE tracker_rate(s.currency, s.date) END AS rate
        FROM investments_announcement s
        JOIN investments_deal d ON d.id = s.deal_id
        WHERE s.deal_id = ANY (deals) AND s.review = 'published'
        WINDOW of_deal AS (PARTITION BY s.deal_id)
        ORDER BY s.deal_id, s.date, s.key COLLATE "C"   -- rule 3
    LOOP
        IF here IS DISTINCT FROM a.deal_id THEN
            here := a.deal_id;
            deal_id := a.deal_id;
            rumoured := a.told AND NOT a.firm;
            cancelled := false;
            sum_low_usd := 0; sum_high_usd := 0; has_money := false;
            got_low_usd := NULL; got_high_usd := NULL; got_low := 0; got_high := 0; got_currency := '';
            currency := ''; amount_low := NULL; amount_high := NULL; basis := ''; per := ''; mw := NULL;
            first_announced := a.date; steps := 0; has_conflict := false;
            moved_low := false; moved_high := false;
        END IF;
        announcement_id := a.id; date := a.date;
        low_usd := 0; high_usd := 0; delivered_low_usd := 0; delivered_high_usd := 0;
        steps := steps + 1;
        last_of_deal := steps = a.of_deal;
        last_announced := a.date;
        mw := coalesce(a.mw, mw);
        has_conflict := has_conflict OR a.event = 'disputed';
        IF a.has_amount THEN
            IF a.rate IS NULL THEN
                PERFORM ledger_refuse_missing_rate(a.currency, a.date);
            END IF;
            high := coalesce(a.amount_high, a.amount_low);
            low := CASE WHEN a.amount_low IS NOT NULL AND a.amount_high IS NOT NULL THEN a.amount_low
                        WHEN a.basis = 'up_to' THEN 0
                        ELSE high END;
        END IF;
        IF a.event = 'cancelled' THEN
            low_usd := -sum_low_usd; high_usd := -sum_high_usd;
            amount_low := 0; amount_high := 0;
            cancelled := true;
        ELSIF a.has_amount AND (
            a.event IN ('announced', 'increased', 'reduced', 'confirmed', 'completed')
            OR rumoured AND a.event = 'reported'
        ) THEN
            low_usd := ledger_increment(coalesce(amount_low, 0), low, sum_low_usd, a.rate, currency <> a.currency);
            high_usd := ledger_increment(coalesce(amount_high, 0), high, sum_high_usd, a.rate, currency <> a.currency);
            amount_low := low; amount_high := high;
            currency := a.currency; basis := a.basis; per := coalesce(nullif(a.per, ''), 'total');
            cancelled := false;
        ELSIF a.has_amount AND a.event = 'delivered' THEN
            got_low_usd := coalesce(got_low_usd, 0); got_high_usd := coalesce(got_high_usd, 0);
            delivered_low_usd := ledger_increment(got_low, low, got_low_usd, a.rate, got_currency <> a.currency);
            delivered_high_usd := ledger_increment(got_high, high, got_high_usd, a.rate, got_currency <> a.currency);
            got_low := low; got_high := high; got_currency := a.currency;
            got_low_usd := got_low_usd + delivered_low_usd; got_high_usd := got_high_usd + delivered_high_usd;
        END IF;
        sum_low_usd := sum_low_usd + low_usd; sum_high_usd := sum_high_usd + high_usd;
        opens := steps = 1;
        opens_low := low_usd <> 0 AND NOT moved_low; opens_high := high_usd <> 0 AND NOT moved_high;
        moved_low := moved_low OR low_usd <> 0; moved_high := moved_high OR high_usd <> 0;
        has_money := moved_low OR moved_high;
        status := CASE WHEN rumoured THEN 'rumoured' WHEN cancelled THEN 'cancelled' ELSE a.stage END;
        RETURN NEXT;
    END LOOP;
END
$$;

-- Rule 6 over all that is public: those of the given deals that another deal contains which holds money.
CREATE OR REPLACE FUNCTION ledger_covered(deals bigint[]) RETURNS SETOF bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT c.deal_id FROM investments_dealcontainment c JOIN investments_deal d ON d.id = c.container_id
    WHERE c.deal_id = ANY (deals) AND d.is_public AND d.status <> 'rumoured' AND d.has_money
$$;

-- Notes on the entries of the given deals, and of all that lies inside them, whether another deal covers them.
CREATE OR REPLACE FUNCTION ledger_cover(deals bigint[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    below bigint[];
BEGIN
    SELECT array_agg(x.id) INTO below FROM (
        SELECT unnest(deals) AS id
        UNION SELECT c.deal_id FROM investments_dealcontainment c WHERE c.container_id = ANY (deals)
    ) x;
    -- Two containers of one deal that change at one moment: the second waits, then sees the first.
    PERFORM 1 FROM investments_deal d WHERE d.id = ANY (below) ORDER BY d.id FOR NO KEY UPDATE;
    WITH places AS MATERIALIZED (
        SELECT x.id, x.id IN (SELECT ledger_covered(below)) AS is_covered FROM unnest(below) AS x (id)
    )
    UPDATE investments_ledgerentry e SET is_covered = p.is_covered
    FROM places p WHERE p.id = e.deal_id AND e.is_covered <> p.is_covered;
END
$$;

-- Derives the entries and the derived columns of the given deals anew, and writes what differs.
CREATE OR REPLACE FUNCTION ledger_derive(deals bigint[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    IF coalesce(cardinality(deals), 0) = 0 THEN
        RETURN;
    END IF;
    -- Whoever changes a rate waits for those who read one, and the other way round (triggers.sql).
    PERFORM pg_advisory_xact_lock_shared(hashtext('investments_exchangerate'));
    -- Writers of one deal queue here; what the earlier one committed is seen by the statement that follows.
    PERFORM 1 FROM investments_deal d WHERE d.id = ANY (deals) ORDER BY d.id FOR NO KEY UPDATE;
    PERFORM set_config('tracker.deriving', 'on', true);
    WITH computed AS MATERIALIZED (
        SELECT * FROM ledger_compute(deals)
    ), gone AS (
        DELETE FROM investments_ledgerentry e
        WHERE e.deal_id = ANY (deals)
          AND NOT EXISTS (SELECT FROM computed c WHERE c.announcement_id = e.announcement_id)
    ), kept AS (
        INSERT INTO investments_ledgerentry AS e
            (announcement_id, deal_id, date, low_usd, high_usd, delivered_low_usd, delivered_high_usd,
             kind, status, is_priced, opens, opens_low, opens_high, is_covered)
        SELECT c.announcement_id, c.deal_id, c.date, c.low_usd, c.high_usd, c.delivered_low_usd, c.delivered_high_usd,
               d.kind, l.status, l.amount_high IS NOT NULL, c.opens, c.opens_low, c.opens_high, false
        FROM computed c
        JOIN computed l ON l.deal_id = c.deal_id AND l.last_of_deal
        JOIN investments_deal d ON d.id = c.deal_id
        ON CONFLICT (announcement_id) DO UPDATE
        SET deal_id = excluded.deal_id, date = excluded.date, low_usd = excluded.low_usd,
            high_usd = excluded.high_usd, delivered_low_usd = excluded.delivered_low_usd,
            delivered_high_usd = excluded.delivered_high_usd, kind = excluded.kind, status = excluded.status,
            is_priced = excluded.is_priced, opens = excluded.opens, opens_low = excluded.opens_low,
            opens_high = excluded.opens_high
        WHERE (e.deal_id, e.date, e.low_usd, e.high_usd, e.delivered_low_usd, e.delivered_high_usd,
               e.kind, e.status, e.is_priced, e.opens, e.opens_low, e.opens_high)
            IS DISTINCT FROM (excluded.deal_id, excluded.date, excluded.low_usd, excluded.high_usd,
                              excluded.delivered_low_usd, excluded.delivered_high_usd, excluded.kind, excluded.status,
                              excluded.is_priced, excluded.opens, excluded.opens_low, excluded.opens_high)
    ), states AS (
        SELECT d.id,
           coalesce(c.status, d.stage) AS status,
           c.deal_id IS NOT NULL AS is_public,
           CASE WHEN c.amount_high IS NOT NULL THEN c.sum_high_usd END AS headline_usd,
           CASE WHEN c.amount_high IS NOT NULL THEN c.sum_low_usd END AS floor_usd,
           c.got_high_usd AS delivered_high_usd,
           c.got_low_usd AS delivered_low_usd,
           coalesce(c.has_money, false) AS has_money,
           coalesce(c.currency, '') AS currency,
           c.amount_low AS amount_low,
           c.amount_high AS amount_high,
           coalesce(c.basis, '') AS basis,
           coalesce(c.per, '') AS per,
           c.mw AS mw,
           c.first_announced AS first_announced,
           c.last_announced AS last_announced,
           coalesce(c.steps, 0) AS steps,
           coalesce(c.has_conflict, false) AS has_conflict
        FROM investments_deal d
        LEFT JOIN computed c ON c.deal_id = d.id AND c.last_of_deal
        WHERE d.id = ANY (deals)
    )
    UPDATE investments_deal d
    SET (status, is_public, headline_usd, floor_usd, delivered_high_usd, delivered_low_usd, has_money, currency,
         amount_low, amount_high, basis, per, mw, first_announced, last_announced, steps, has_conflict)
      = (s.status, s.is_public, s.headline_usd, s.floor_usd, s.delivered_high_usd, s.delivered_low_usd, s.has_money,
         s.currency, s.amount_low, s.amount_high, s.basis, s.per, s.mw, s.first_announced, s.last_announced,
         s.steps, s.has_conflict)
    FROM states s
    WHERE s.id = d.id
      AND (d.status, d.is_public, d.headline_usd, d.floor_usd, d.delivered_high_usd, d.delivered_low_usd,
           d.has_money, d.currency, d.amount_low, d.amount_high, d.basis, d.per, d.mw, d.first_announced,
           d.last_announced, d.steps, d.has_conflict)
        IS DISTINCT FROM
          (s.status, s.is_public, s.headline_usd, s.floor_usd, s.delivered_high_usd, s.delivered_low_usd,
           s.has_money, s.currency, s.amount_low, s.amount_high, s.basis, s.per, s.mw, s.first_announced,
           s.last_announced, s.steps, s.has_conflict);
    PERFORM set_config('tracker.deriving', '', true);
    PERFORM ledger_cover(deals);
END
$$;

-- The deals among the given ones whose entries or derived columns are not what the facts say. Writes nothing.
CREATE OR REPLACE FUNCTION ledger_differences(deals bigint[]) RETURNS TABLE (
    deal_id bigint, stored_high_usd numeric, derived_high_usd numeric, stored_entries bigint, derived_entries bigint
)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH computed AS MATERIALIZED (
        SELECT * FROM ledger_compute(deals)
    ), wanted AS (
        SELECT c.deal_id, c.announcement_id, c.date, c.low_usd, c.high_usd, c.delivered_low_usd, c.delivered_high_usd,
               d.kind, l.status, l.amount_high IS NOT NULL, c.opens, c.opens_low, c.opens_high,
               d.id IN (SELECT ledger_covered(deals))
        FROM computed c
        JOIN computed l ON l.deal_id = c.deal_id AND l.last_of_deal
        JOIN investments_deal d ON d.id = c.deal_id
    ), stored AS (
        SELECT e.deal_id, e.announcement_id, e.date, e.low_usd, e.high_usd, e.delivered_low_usd, e.delivered_high_usd,
               e.kind::text, e.status::text, e.is_priced, e.opens, e.opens_low, e.opens_high, e.is_covered
        FROM investments_ledgerentry e WHERE e.deal_id = ANY (deals)
    ), entries AS (
        (SELECT * FROM wanted EXCEPT ALL SELECT * FROM stored)
        UNION ALL (SELECT * FROM stored EXCEPT ALL SELECT * FROM wanted)
    ), states AS (
        SELECT d.id,
           coalesce(c.status, d.stage) AS status,
           c.deal_id IS NOT NULL AS is_public,
           CASE WHEN c.amount_high IS NOT NULL THEN c.sum_high_usd END AS headline_usd,
           CASE WHEN c.amount_high IS NOT NULL THEN c.sum_low_usd END AS floor_usd,
           c.got_high_usd AS delivered_high_usd,
           c.got_low_usd AS delivered_low_usd,
           coalesce(c.has_money, false) AS has_money,
           coalesce(c.currency, '') AS currency,
           c.amount_low AS amount_low,
           c.amount_high AS amount_high,
           coalesce(c.basis, '') AS basis,
           coalesce(c.per, '') AS per,
           c.mw AS mw,
           c.first_announced AS first_announced,
           c.last_announced AS last_announced,
           coalesce(c.steps, 0) AS steps,
           coalesce(c.has_conflict, false) AS has_conflict
        FROM investments_deal d
        LEFT JOIN computed c ON c.deal_id = d.id AND c.last_of_deal
        WHERE d.id = ANY (deals)
    ), wrong AS (
        SELECT e.deal_id AS id FROM entries e
        UNION
        SELECT d.id FROM investments_deal d JOIN states s ON s.id = d.id
        WHERE (d.status, d.is_public, d.headline_usd, d.floor_usd, d.delivered_high_usd, d.delivered_low_usd,
               d.has_money, d.currency, d.amount_low, d.amount_high, d.basis, d.per, d.mw, d.first_announced,
               d.last_announced, d.steps, d.has_conflict)
            IS DISTINCT FROM
              (s.status, s.is_public, s.headline_usd, s.floor_usd, s.delivered_high_usd, s.delivered_low_usd,
               s.has_money, s.currency, s.amount_low, s.amount_high, s.basis, s.per, s.mw, s.first_announced,
               s.last_announced, s.steps, s.has_conflict)
    )
    SELECT w.id, d.headline_usd, s.headline_usd,
           (SELECT count(*) FROM stored e WHERE e.deal_id = w.id), (SELECT count(*) FROM wanted e WHERE e.deal_id = w.id)
    FROM wrong w
    LEFT JOIN investments_deal d ON d.id = w.id
    LEFT JOIN states s ON s.id = w.id
    ORDER BY w.id;
END
$$;
