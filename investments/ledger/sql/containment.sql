-- Rule 6: which deal lies inside which, at any depth; and what a deal's parties may say together.

-- Recomputes the containers of the given deals and of all that lies inside them. Refuses a deal inside itself.
CREATE OR REPLACE FUNCTION containment_derive(deals bigint[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    below bigint[];
    culprit text;
BEGIN
    IF coalesce(cardinality(deals), 0) = 0 THEN
        RETURN;
    END IF;
    -- Two links made at one moment could close a circle that neither sees.
    PERFORM pg_advisory_xact_lock(hashtext('investments_dealcontainment'));
    WITH RECURSIVE inside(id) AS (
        SELECT unnest(deals)
        UNION
        SELECT d.id FROM investments_deal d JOIN inside i ON d.part_of_id = i.id
    )
    SELECT array_agg(id) INTO below FROM inside;
    WITH RECURSIVE above(deal_id, container_id, depth) AS (
        SELECT d.id, d.part_of_id, 1 FROM investments_deal d
        WHERE d.id = ANY (below) AND d.part_of_id IS NOT NULL
        UNION ALL
        SELECT a.deal_id, d.part_of_id, a.depth + 1
        FROM above a JOIN investments_deal d ON d.id = a.container_id
        WHERE d.part_of_id IS NOT NULL AND a.container_id <> a.deal_id
    ) CYCLE container_id SET looped USING path, gone AS (
        DELETE FROM investments_dealcontainment c
        WHERE c.deal_id = ANY (below)
          AND NOT EXISTS (SELECT FROM above a WHERE a.deal_id = c.deal_id AND a.container_id = c.container_id)
    ), kept AS (
        INSERT INTO investments_dealcontainment AS c (deal_id, container_id, depth)
        SELECT a.deal_id, a.container_id, min(a.depth) FROM above a
        WHERE a.container_id <> a.deal_id GROUP BY a.deal_id, a.container_id
        ON CONFLICT (deal_id, container_id) DO UPDATE SET depth = excluded.depth WHERE c.depth <> excluded.depth
    )
    SELECT d.slug INTO culprit FROM above a JOIN investments_deal d ON d.id = a.deal_id
    WHERE a.container_id = a.deal_id ORDER BY d.slug LIMIT 1;
    IF culprit IS NOT NULL THEN
        RAISE EXCEPTION 'Part of: the deal "%" would lie inside itself.', culprit
            USING ERRCODE = 'check_violation', CONSTRAINT = 'deal_not_inside_itself', DETAIL = culprit;
    END IF;
    PERFORM ledger_cover(below);
END
$$;

-- The shares of a deal's payers, and those of its payees, add up to at most 1.
CREATE OR REPLACE FUNCTION deal_check_shares(deals bigint[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    culprit record;
BEGIN
    PERFORM 1 FROM investments_deal d WHERE d.id = ANY (deals) ORDER BY d.id FOR NO KEY UPDATE;
    WITH sides AS MATERIALIZED (
        SELECT p.deal_id, sum(p.share) AS total FROM investments_dealparty p
        WHERE p.deal_id = ANY (deals) AND p.share IS NOT NULL AND p.role NOT IN ('partner', 'guarantor')
        GROUP BY p.deal_id, p.role IN ('investor', 'customer', 'lender', 'acquirer', 'sponsor', 'developer')
        HAVING sum(p.share) > 1
    )
    SELECT d.slug, s.total INTO culprit
    FROM sides s JOIN investments_deal d ON d.id = s.deal_id ORDER BY d.slug LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'Share: the shares of one side of the deal "%" add up to %, more than 1.',
            culprit.slug, trim_scale(culprit.total)
            USING ERRCODE = 'check_violation', CONSTRAINT = 'deal_shares_at_most_one', DETAIL = culprit.slug;
    END IF;
END
$$;

-- The words by which deals are found: their own, those of their parties and sites, and what was announced.
CREATE OR REPLACE FUNCTION deal_documents_derive(deals bigint[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    INSERT INTO investments_dealdocument AS x (deal_id, search)
    SELECT d.id,
           tracker_document(d.title, d.title_fr, d.note, d.note_fr)
        || setweight(to_tsvector('simple', tracker_fold(concat_ws(' ', replace(d.slug, '-', ' '), p.names))), 'B')
        || setweight(to_tsvector('simple', tracker_fold(coalesce(s.names, ''))), 'C')
        || tracker_document('', '', coalesce(a.words, ''), coalesce(a.words_fr, ''))
    FROM investments_deal d
    LEFT JOIN (
        SELECT p.deal_id, string_agg(concat_ws(' ', c.name, array_to_string(c.aliases, ' ')), ' ' ORDER BY c.id) AS names
        FROM investments_dealparty p JOIN investments_company c ON c.id = p.company_id
        WHERE p.deal_id = ANY (deals) GROUP BY p.deal_id
    ) p ON p.deal_id = d.id
    LEFT JOIN (
        SELECT l.deal_id, string_agg(concat_ws(' ', s.name, s.city, s.region), ' ' ORDER BY s.id) AS names
        FROM investments_deal_projects l JOIN investments_datacenterproject s ON s.id = l.datacenterproject_id
        WHERE l.deal_id = ANY (deals) GROUP BY l.deal_id
    ) s ON s.deal_id = d.id
    LEFT JOIN (
        SELECT a.deal_id, string_agg(concat_ws(' ', a.headline, a.note), ' ' ORDER BY a.id) AS words,
               string_agg(concat_ws(' ', a.headline_fr, a.note_fr), ' ' ORDER BY a.id) AS words_fr
        FROM investments_announcement a
        WHERE a.deal_id = ANY (deals) AND a.review = 'published' GROUP BY a.deal_id
    ) a ON a.deal_id = d.id
    WHERE d.id = ANY (deals)
    ON CONFLICT (deal_id) DO UPDATE SET search = excluded.search WHERE x.search IS DISTINCT FROM excluded.search;
END
$$;

-- The containments that are not what the part_of links say. Writes nothing.
CREATE OR REPLACE FUNCTION containment_differences() RETURNS TABLE (deal_id bigint)
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE above(deal_id, container_id, depth) AS (
        SELECT d.id, d.part_of_id, 1 FROM investments_deal d WHERE d.part_of_id IS NOT NULL
        UNION ALL
        SELECT a.deal_id, d.part_of_id, a.depth + 1
        FROM above a JOIN investments_deal d ON d.id = a.container_id WHERE d.part_of_id IS NOT NULL
    ) CYCLE container_id SET looped USING path, wanted AS (
        SELECT a.deal_id, a.container_id, a.depth FROM above a
    ), stored AS (
        SELECT c.deal_id, c.container_id, c.depth FROM investments_dealcontainment c
    )
    SELECT x.deal_id FROM (
        (SELECT * FROM wanted EXCEPT SELECT * FROM stored) UNION ALL (SELECT * FROM stored EXCEPT SELECT * FROM wanted)
    ) x GROUP BY x.deal_id ORDER BY x.deal_id
$$;
