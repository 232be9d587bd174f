-- The time that contracts cover, in local time: one contract per FU and instant, so that a turn-down is never paid twice. Two windows that
-- overlap as local times overlap as instants, except within the hour that a clock change leaves out, where nothing is contracted.
CREATE TABLE "contract_window" (
	"contract_id" uuid NOT NULL REFERENCES "contract"("contract_id") ON DELETE CASCADE,
	"fu_id" uuid NOT NULL,
	"during" tsrange NOT NULL,
	CONSTRAINT "contract_window_once" EXCLUDE USING gist ("fu_id" WITH =, "during" WITH &&)
);
--> statement-breakpoint
CREATE INDEX "contract_window_contract" ON "contract_window" ("contract_id");
--> statement-breakpoint
ALTER TABLE "contract_window" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY tenant ON "contract_window" USING (
	(SELECT current_tenant()) IS NULL OR EXISTS (SELECT FROM "contract" own WHERE own.contract_id = "contract_window".contract_id)
);
--> statement-breakpoint
-- The local times that a contract covers: its windows on the days of its term, without the released ones. Windows that touch are one range.
CREATE FUNCTION contract_times("windows" jsonb, "valid_from" date, "valid_to" date, "released" jsonb) RETURNS SETOF tsrange
LANGUAGE sql STABLE AS $$
	SELECT unnest(range_agg(tsrange(
		d.day + (w ->> 'from')::time,
		CASE w ->> 'to' WHEN '24:00' THEN d.day + interval '1 day' ELSE d.day + (w ->> 'to')::time END
	)))
	FROM generate_series("valid_from"::timestamp, "valid_to"::timestamp, interval '1 day') AS d (day), jsonb_array_elements("windows") AS w
	WHERE w -> 'weekdays' ? (ARRAY['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'])[extract(isodow FROM d.day)]
		AND NOT "released" ? to_char(d.day, 'YYYY-MM-DD')
$$;
--> statement-breakpoint
CREATE FUNCTION keep_contract_windows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM contract_window WHERE contract_id = NEW.contract_id;
	INSERT INTO contract_window (contract_id, fu_id, during)
	SELECT NEW.contract_id, NEW.fu_id, during
	FROM contract_times(NEW.windows, NEW.valid_from, NEW.valid_to, NEW.released_days) AS during;
	RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER keep_contract_windows AFTER INSERT OR UPDATE OF "fu_id", "windows", "valid_from", "valid_to", "released_days" ON "contract"
FOR EACH ROW EXECUTE FUNCTION keep_contract_windows();
--> statement-breakpoint
-- Contracts from before. Where two overlap, only the one awarded first is guarded in the whole stretch; both stay as they are.
INSERT INTO "contract_window" ("contract_id", "fu_id", "during")
SELECT c.contract_id, c.fu_id, during
FROM "contract" c, contract_times(c.windows, c.valid_from, c.valid_to, c.released_days) AS during
ORDER BY c.awarded_at, c.contract_id
ON CONFLICT DO NOTHING;
