-- How text is folded and found: without case, without accents, in English and French at once.
-- The database has no unaccent and no ICU to lean on, so folding is done here.
-- Bodies are bound when they are made (RETURN, not text), so that stored columns can be restored from a dump, whose
-- search path is empty.

CREATE OR REPLACE FUNCTION tracker_fold(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN replace(replace(replace(
        translate(
            regexp_replace(normalize(lower(words), NFKD), U&'[\0300-\036F]', '', 'g'),
            U&'\00F8\0142\0111\0131\2019\2018', 'oldi'''''
        ), U&'\0153', 'oe'), U&'\00E6', 'ae'), U&'\00DF', 'ss');

-- The words of a fact: its texts as written, and stemmed in each language.
CREATE OR REPLACE FUNCTION tracker_document(title text, title_fr text, note text, note_fr text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN setweight(to_tsvector('simple', tracker_fold(concat_ws(' ', title, title_fr))), 'A')
        || setweight(to_tsvector('simple', tracker_fold(concat_ws(' ', note, note_fr))), 'D')
        || setweight(to_tsvector('english', tracker_fold(concat_ws(' ', title, note))), 'D')
        || setweight(to_tsvector('french', tracker_fold(concat_ws(' ', title_fr, note_fr))), 'D');

CREATE OR REPLACE FUNCTION tracker_company_document(
    name text, aliases text[], ticker text, summary text, summary_fr text
) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN tracker_document(concat_ws(' ', name, array_to_string(aliases, ' '), ticker), '', summary, summary_fr);

CREATE OR REPLACE FUNCTION tracker_project_document(
    name text, city text, region text, note text, note_fr text
) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN tracker_document(concat_ws(' ', name, city, region), '', note, note_fr);

-- A query in which every word must match: as a prefix of what is written, or by its stem in either language.
-- Takes words separated by spaces, without punctuation.
CREATE OR REPLACE FUNCTION tracker_query(words text) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    word text;
    one tsquery;
    every tsquery;
BEGIN
    FOREACH word IN ARRAY regexp_split_to_array(btrim(tracker_fold(words)), '\s+') LOOP
        CONTINUE WHEN word = '';
        one := to_tsquery('simple', quote_literal(word) || ':*')
            || plainto_tsquery('english', word) || plainto_tsquery('french', word);
        every := CASE WHEN every IS NULL THEN one ELSE every && one END;
    END LOOP;
    RETURN coalesce(every, ''::tsquery);
END
$$;
