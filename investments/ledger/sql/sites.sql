-- What dated facts say of a site on a day: its standing, its megawatts in service, and how far it is from another.
-- docs/sites.md has the rules; drafts and withdrawn milestones say nothing.

-- Megawatts in service: what the latest milestone that names them states; a closed site has none unless it says so.
CREATE OR REPLACE FUNCTION tracker_site_mw(site bigint, day date) RETURNS numeric
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(m.mw, 0) FROM investments_milestone m
    WHERE m.project_id = site AND m.review = 'published' AND m.date <= day AND (m.mw IS NOT NULL OR m.kind = 'closed')
    ORDER BY m.date DESC, m.mw DESC NULLS LAST LIMIT 1
$$;

-- The status of a site. Without an entered one: what the milestones say, NULL where they say nothing.
-- With one: it stands where it is further along than the milestones, or where they leave open which of two it is.
CREATE OR REPLACE FUNCTION tracker_site_status(site bigint, day date, planned numeric, entered text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    ranks CONSTANT text[] := ARRAY[
        'rumoured', 'announced', 'permitted', 'under_construction', 'partly_operational', 'operational'
    ];
    reached integer;  -- the place in ranks of the furthest step that a milestone tells of
    halt text;
    halted date;
    resumed date;
    went_on date;
    in_service numeric := tracker_site_mw(site, day);
    told text;
BEGIN
    SELECT max(CASE m.kind WHEN 'announced' THEN 2 WHEN 'permit' THEN 3 WHEN 'construction_start' THEN 4
                           WHEN 'first_power' THEN 5 WHEN 'operational' THEN 6 END),
           (array_agg(m.kind ORDER BY m.date DESC, array_position(ARRAY['closed', 'cancelled', 'paused'], m.kind::text))
               FILTER (WHERE m.kind IN ('paused', 'cancelled', 'closed')))[1],
           max(m.date) FILTER (WHERE m.kind IN ('paused', 'cancelled', 'closed')),
           max(m.date) FILTER (WHERE m.kind = 'resumed'),
           max(m.date) FILTER (WHERE m.kind IN ('construction_start', 'first_power', 'operational'))
    INTO reached, halt, halted, resumed, went_on
    FROM investments_milestone m WHERE m.project_id = site AND m.review = 'published' AND m.date <= day;
    -- A halt is over once the site is resumed, or goes a step further at a later date.
    IF halted <= resumed OR halted < went_on THEN
        halt := NULL;
    END IF;

    IF halt = 'closed' THEN
        RETURN 'cancelled';
    ELSIF in_service > 0 OR (reached >= 5 AND in_service IS NULL) THEN
        -- What is in service stays so when building is paused or an extension is given up; where the halt is of the
        -- whole site, the entered status says it.
        IF halt IS NOT NULL AND entered = halt THEN
            RETURN entered;
        ELSIF in_service >= planned THEN
            told := 'operational';
        ELSIF in_service < planned THEN
            told := 'partly_operational';
        ELSIF reached = 6 AND entered IS DISTINCT FROM 'partly_operational' THEN
            told := 'operational';
        ELSE
            told := 'partly_operational';
        END IF;
    ELSIF halt IS NOT NULL THEN
        told := halt;
    ELSIF in_service = 0 AND reached >= 5 THEN
        told := 'paused';
    ELSE
        told := ranks[reached];
    END IF;

    IF entered IS NULL OR told IS NULL THEN
        RETURN coalesce(told, entered);
    ELSIF entered IN ('paused', 'cancelled') THEN
        -- The record may not tell of the halt; where it tells that a halt is over, or of a worse one, it is right.
        IF told IN ('paused', 'cancelled') THEN
            RETURN CASE WHEN told = 'cancelled' THEN told ELSE entered END;
        END IF;
        RETURN CASE WHEN halted IS NOT NULL AND halt IS NULL THEN told ELSE entered END;
    ELSIF told IN ('paused', 'cancelled') OR in_service IS NOT NULL AND planned IS NOT NULL THEN
        RETURN told;
    END IF;
    RETURN CASE WHEN array_position(ranks, entered) > array_position(ranks, told) THEN entered ELSE told END;
END
$$;

-- Kilometres between two places along a great circle of a sphere of the Earth's mean radius (haversine).
CREATE OR REPLACE FUNCTION tracker_km(
    latitude numeric, longitude numeric, other_latitude numeric, other_longitude numeric
) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN 2 * 6371.0088 * asin(sqrt(least(1.0,
        power(sind((other_latitude - latitude)::double precision / 2), 2)
        + cosd(latitude::double precision) * cosd(other_latitude::double precision)
            * power(sind((other_longitude - longitude)::double precision / 2), 2)
    )));
