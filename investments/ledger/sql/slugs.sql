-- Former slugs: whoever renames a fact, by whatever path, leaves its old address behind.

CREATE OR REPLACE FUNCTION tracker_keep_slug() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM investments_formerslug WHERE noun = TG_ARGV[0] AND target = OLD.id;
        RETURN NULL;
    END IF;
    -- A name in use again leads to who uses it.
    DELETE FROM investments_formerslug WHERE noun = TG_ARGV[0] AND slug = NEW.slug;
    INSERT INTO investments_formerslug (noun, slug, target) VALUES (TG_ARGV[0], OLD.slug, NEW.id)
    ON CONFLICT (noun, slug) DO UPDATE SET target = excluded.target, since = now();
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION tracker_install_slug_triggers() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    t record;
BEGIN
    FOR t IN
        SELECT * FROM (VALUES ('company', 'company'), ('deal', 'deal'), ('datacenterproject', 'project'),
                              ('forecast', 'forecast')) AS x(tab, noun)
    LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS tracker_keep_slug ON investments_%s', t.tab);
        EXECUTE format('DROP TRIGGER IF EXISTS tracker_drop_slugs ON investments_%s', t.tab);
        EXECUTE format(
            'CREATE TRIGGER tracker_keep_slug AFTER UPDATE OF slug ON investments_%s
             FOR EACH ROW WHEN (OLD.slug <> NEW.slug) EXECUTE FUNCTION tracker_keep_slug(%L)', t.tab, t.noun);
        EXECUTE format(
            'CREATE TRIGGER tracker_drop_slugs AFTER DELETE ON investments_%s
             FOR EACH ROW EXECUTE FUNCTION tracker_keep_slug(%L)', t.tab, t.noun);
    END LOOP;
END
$$;
SELECT tracker_install_slug_triggers();
