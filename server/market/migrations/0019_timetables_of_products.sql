CREATE TABLE "product_timetable" (
	"product" text NOT NULL,
	"reach" text NOT NULL,
	"version" integer NOT NULL,
	"settings" jsonb,
	"in_force_from" timestamp with time zone NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"changed_by" text NOT NULL,
	CONSTRAINT "product_timetable_product_reach_version_pk" PRIMARY KEY("product","reach","version")
);
--> statement-breakpoint
ALTER TABLE "product_timetable" ADD CONSTRAINT "product_timetable_product_product_product_fk" FOREIGN KEY ("product") REFERENCES "public"."product"("product") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
-- Every change of a product's timetable or of one of its gates becomes a version, with the others as they were then. Dispatch, whose
-- migrations run later, had the timetables; a new database has none.
DO $$
BEGIN
	IF to_regclass('public.dispatch_timetable') IS NULL THEN
		CREATE TABLE "old_timetable" ("product" text, "version" integer, "settings" jsonb, "changed_at" timestamptz, "changed_by" text);
	ELSE
		CREATE TABLE "old_timetable" AS SELECT "product", "version", "settings", "changed_at", "changed_by" FROM "dispatch_timetable";
	END IF;
END $$;--> statement-breakpoint
WITH "usual" AS (
	SELECT p."product", k."settings", g."gates"
	FROM "product" p
	JOIN (VALUES
		('forward-option', '{"rhythm": {"kind": "single-window", "periodMinutes": 15, "aheadMinutes": 30}, "graceSeconds": 120, "leaseSeconds": 60, "unselected": null, "isOptimised": false, "optimiserSeconds": 30}'::jsonb),
		('day-ahead', '{"rhythm": {"kind": "daily", "at": "20:00", "window": {"daysAhead": 1, "from": "00:00", "to": "24:00"}}, "graceSeconds": 1800, "leaseSeconds": 60, "unselected": "optimised", "isOptimised": true, "optimiserSeconds": 30}'::jsonb),
		('intraday', '{"rhythm": {"kind": "daily", "at": "12:00", "window": {"daysAhead": 0, "from": "14:00", "to": "15:00"}}, "graceSeconds": 1800, "leaseSeconds": 60, "unselected": "optimised", "isOptimised": true, "optimiserSeconds": 30}'::jsonb)
	) AS k ("kind", "settings") ON k."kind" = p."kind"
	JOIN (VALUES
		('forward-option', '{"baseline": {"daysBefore": 1, "at": "18:00"}, "cost": {"daysBefore": 1, "at": "18:00"}, "deviation": {"daysBefore": 0, "at": "12:00"}, "availability": {"daysBefore": 0, "at": "12:00"}}'::jsonb),
		('day-ahead', '{"baseline": {"daysBefore": 1, "at": "18:00"}, "cost": {"daysBefore": 1, "at": "18:00"}, "deviation": {"daysBefore": 1, "at": "18:00"}, "availability": {"daysBefore": 1, "at": "18:00"}}'::jsonb),
		('intraday', '{"baseline": {"daysBefore": 1, "at": "18:00"}, "cost": {"daysBefore": 1, "at": "18:00"}, "deviation": {"daysBefore": 0, "at": "12:00"}, "availability": {"daysBefore": 0, "at": "12:00"}}'::jsonb)
	) AS g ("kind", "gates") ON g."kind" = p."kind"
), "change" AS (
	SELECT DISTINCT ON ("product", "changed_at") "product", "changed_at", "changed_by"
	FROM (
		SELECT "product", "changed_at", "changed_by" FROM "old_timetable"
		UNION ALL SELECT "product", "changed_at", "changed_by" FROM "submission_gate"
	) each
	ORDER BY "product", "changed_at"
)
INSERT INTO "product_timetable" ("product", "reach", "version", "settings", "in_force_from", "changed_at", "changed_by")
SELECT c."product", 'product', row_number() OVER (PARTITION BY c."product" ORDER BY c."changed_at"),
	coalesce(t."settings", u."settings") || jsonb_build_object('gates', u."gates" || coalesce(g."gates", '{}'::jsonb)),
	c."changed_at", c."changed_at", c."changed_by"
FROM "change" c
JOIN "usual" u ON u."product" = c."product"
LEFT JOIN LATERAL (
	SELECT o."settings" FROM "old_timetable" o
	WHERE o."product" = c."product" AND o."changed_at" <= c."changed_at" ORDER BY o."version" DESC LIMIT 1
) t ON true
LEFT JOIN LATERAL (
	SELECT jsonb_object_agg(l."kind", l."settings") AS "gates" FROM (
		SELECT DISTINCT ON (s."kind") s."kind", s."settings" FROM "submission_gate" s
		WHERE s."product" = c."product" AND s."changed_at" <= c."changed_at" ORDER BY s."kind", s."version" DESC
	) l
) g ON true;--> statement-breakpoint
DROP TABLE "old_timetable";
